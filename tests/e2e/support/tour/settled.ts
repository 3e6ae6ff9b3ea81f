// A screen after a change of its size or colours: drawn anew, and kept as a picture where pictures are wanted.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const PICTURES = fileURLToPath(new URL('../../../.artifacts/tour/', import.meta.url));

/** Waits until what has changed is laid out and drawn. With MARU_TOUR_PICTURES set it leaves a picture of this name. */
export async function settled(page: Page, name: string): Promise<void> {
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  if (!process.env['MARU_TOUR_PICTURES']) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}${name.replace(/[^\w]+/g, '-')}.png` });
}
