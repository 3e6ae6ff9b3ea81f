// 360 CSS pixels are enough: nothing sticks out sideways, and every control can be hit.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useStage } from './support/stage.js';
import { tour } from './support/tour.js';

const stage = useStage();

/** Smallest side of a target that a finger hits, in CSS pixels (LOOK, "Hands and ears"). */
const TARGET_PX = 44;

/** What does not fit, in words. */
async function misfits(page: Page): Promise<string[]> {
  return page.evaluate((target) => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
    for (const control of document.querySelectorAll('button, select, input, textarea, a.button')) {
      const { width, height, left, right } = control.getBoundingClientRect();
      if (width === 0 || height === 0 || getComputedStyle(control).visibility === 'hidden') continue;
      const name = control.getAttribute('aria-label') ?? control.textContent ?? control.tagName;
      if (left < -1 || right > clientWidth + 1) found.push(`${name} sticks out: ${left} to ${right}`);
      if (Math.min(width, height) < target - 0.5) found.push(`${name} is only ${width} by ${height}`);
    }
    return found;
  }, TARGET_PX);
}

for (const [width, height] of [
  [360, 640],
  [740, 360],
] as const) {
  for (const language of ['en', 'ko'] as const) {
    test(`every screen fits ${width} by ${height} (${language})`, async () => {
      const context = { viewport: { width, height }, locale: language === 'en' ? 'en-US' : 'ko-KR' };
      const ann = await stage.nowhere('Ann', { context: { ...context, reducedMotion: 'reduce' } });
      const found: Record<string, string[]> = {};
      await tour(stage, ann, language, async (screen, page) => {
        const here = await misfits(page);
        if (here.length > 0) found[screen] = here;
      });
      expect(found).toEqual({});
    });
  }
}
