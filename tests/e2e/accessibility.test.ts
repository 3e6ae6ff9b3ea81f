// axe finds nothing serious on any screen, in both languages and both colour schemes.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useStage } from './support/stage.js';
import { tour } from './support/tour.js';

const stage = useStage();
const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe holds against the page, one line each; moderate findings count as well. */
async function findings(page: Page): Promise<string[]> {
  // The devtools protocol is not bound by the page's own policy, so axe needs no hole in it.
  const source = await axeSource;
  await page.evaluate(source);
  const results = await page.evaluate(async () => {
    const axe: { run(context: Document, options: RunOptions): Promise<AxeResults> } = Reflect.get(
      window,
      'axe',
    );
    return axe.run(document, { resultTypes: ['violations'] });
  });
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
    );
}

for (const language of ['en', 'ko'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing serious on any screen (${language}, ${colorScheme})`, async () => {
      const locale = language === 'en' ? 'en-US' : 'ko-KR';
      // Motion reduced: colours are measured when they have arrived, not on their way.
      const context = { locale, colorScheme, reducedMotion: 'reduce' } as const;
      const ann = await stage.nowhere('Ann', { context });
      const found: Record<string, string[]> = {};
      await tour(stage, ann, language, async (screen, page) => {
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
        expect(await page.title()).not.toBe('');
        const here = await findings(page);
        if (here.length > 0) found[screen] = here;
      });
      expect(found).toEqual({});
    });
  }
}
