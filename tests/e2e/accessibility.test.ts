// axe finds nothing on any screen, in both languages and both colour schemes.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useStage } from './support/stage.js';
import { settled } from './support/tour/settled.js';
import { takeWalk } from './support/tour/tour.js';
import { TOUR_FLAGS, WALKS } from './support/tour/walks.js';
import { TOUR_LANGUAGES } from './support/tour/words.js';

const stage = useStage({ flags: TOUR_FLAGS });
const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe holds against the page, one line each, however little it thinks it matters. */
async function findings(page: Page): Promise<string[]> {
  // The devtools protocol is not bound by the page's own policy, so axe needs no hole in it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await axeSource);
  const results = await page.evaluate(async () => {
    const axe: { run(context: Document, options: RunOptions): Promise<AxeResults> } = Reflect.get(
      window,
      'axe',
    );
    return axe.run(document, { resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${impact}) ${target}: ${failureSummary}`),
  );
}

for (const [theme, walk] of WALKS) {
  test(`axe finds nothing ${theme}`, { timeout: 240_000 }, async () => {
    const found: Record<string, string[]> = {};
    const tours = TOUR_LANGUAGES.map((language) => ({
      language,
      // Motion reduced: colours are measured when they have arrived, not on their way.
      context: { reducedMotion: 'reduce' } as const,
      async visit(screen: string, page: Page) {
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
        expect(await page.title()).not.toBe('');
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await settled(page, `${screen} ${language} ${colorScheme}`);
          const here = await findings(page);
          if (here.length > 0) found[`${screen} (${language}, ${colorScheme})`] = here;
        }
      },
    }));
    await takeWalk(stage, walk, tours);
    expect(found).toEqual({});
  });
}
