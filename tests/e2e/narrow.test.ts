// 360 CSS pixels are enough, upright or on the side: nothing sticks out or is cut off, and every control can be hit.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useStage } from './support/stage.js';
import { settled } from './support/tour/settled.js';
import { takeWalk } from './support/tour/tour.js';
import { TOUR_FLAGS, WALKS } from './support/tour/walks.js';
import { TOUR_LANGUAGES } from './support/tour/words.js';

const stage = useStage({ flags: TOUR_FLAGS });

const SIZES = [
  { width: 360, height: 640 },
  { width: 740, height: 360 },
] as const;

/** Smallest side of a target that a finger hits, in CSS pixels (LOOK, "Hands and ears"). */
const TARGET_PX = 44;

/** What does not fit, in words. */
async function misfits(page: Page): Promise<string[]> {
  return page.evaluate((target) => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
    for (const control of document.querySelectorAll('button, select, input, textarea, a.button')) {
      const { width, height, left, right, top, bottom } = control.getBoundingClientRect();
      if (width === 0 || height === 0 || getComputedStyle(control).visibility === 'hidden') continue;
      const name = control.getAttribute('aria-label') ?? control.textContent ?? control.tagName;
      if (left < -1 || right > clientWidth + 1) found.push(`${name} sticks out: ${left} to ${right}`);
      if ((top < -1 || bottom > innerHeight + 1) && !canBeScrolledTo(control)) {
        found.push(`${name} is out of reach: ${top} to ${bottom}`);
      }
      if (Math.min(width, height) < target - 0.5) found.push(`${name} is only ${width} by ${height}`);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
      const cut = cutOff(text);
      if (cut > 2) found.push(`${Math.round(cut)} px of "${text.textContent}" are cut off`);
    }

    function canBeScrolledTo(control: Element): boolean {
      for (let around: Element | null = control; around !== null; around = around.parentElement) {
        const { overflowY, position } = getComputedStyle(around);
        const scrolls = around === document.documentElement || overflowY === 'auto' || overflowY === 'scroll';
        if (scrolls && around.scrollHeight > around.clientHeight) return true;
        if (position === 'fixed') return false;
      }
      return false;
    }

    /** How far words reach, in CSS pixels, beyond what hides them; 0 where they can be scrolled to. */
    function cutOff(text: Node): number {
      const parent = text.parentElement;
      if (
        parent === null ||
        text.textContent?.trim() === '' ||
        !parent.checkVisibility({ visibilityProperty: true })
      )
        return 0;
      const range = document.createRange();
      range.selectNodeContents(text);
      const words = range.getBoundingClientRect();
      for (let around: Element | null = parent; around !== null; around = around.parentElement) {
        const { overflowX, overflowY, textOverflow, clipPath } = getComputedStyle(around);
        // What is for the ears alone is clipped on purpose; what ends in an ellipsis says so itself.
        if (clipPath !== 'none' || textOverflow === 'ellipsis') return 0;
        if ([overflowX, overflowY].some((overflow) => overflow === 'auto' || overflow === 'scroll')) return 0;
        if (overflowX !== 'hidden') continue;
        const { left, right, top, bottom } = around.getBoundingClientRect();
        const beyond = [left - words.left, words.right - right, top - words.top, words.bottom - bottom];
        if (Math.max(...beyond) > 0) return Math.max(...beyond);
      }
      return 0;
    }
    return found;
  }, TARGET_PX);
}

for (const [theme, walk] of WALKS) {
  test(`every screen fits a phone ${theme}`, { timeout: 240_000 }, async () => {
    const found: Record<string, string[]> = {};
    const tours = TOUR_LANGUAGES.map((language) => ({
      language,
      context: { viewport: SIZES[0], reducedMotion: 'reduce' } as const,
      async visit(screen: string, page: Page) {
        const former = page.viewportSize() ?? SIZES[0];
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await settled(page, `${screen} ${language} ${size.width}`);
          const here = await misfits(page);
          if (here.length > 0) found[`${screen} (${language}, ${size.width} by ${size.height})`] = here;
        }
        await page.setViewportSize(former);
      },
    }));
    await takeWalk(stage, walk, tours);
    expect(found).toEqual({});
  });
}
