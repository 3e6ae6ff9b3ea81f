// Runs in a measured page: the time from a press to the first frame presented in a video that appears afterwards.

import type { Locator, Page } from 'playwright-core';

declare global {
  interface Window {
    firstFrameAt: number | null;
  }
}

/** Waits for any video that this selector comes to match. Self-contained: it is sent to the page as text. */
export function watchFirstFrame(selector: string): void {
  window.firstFrameAt = null;
  const watched = new WeakSet<HTMLVideoElement>();
  const look = (): void => {
    for (const video of document.querySelectorAll<HTMLVideoElement>(selector)) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback(() => {
        window.firstFrameAt ??= performance.now();
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}

/**
 * Presses the button and resolves with the milliseconds until the first frame. What the page still loads ahead is
 * waited for first: nobody presses a button in the instant in which it appears.
 */
export async function pressAndWait(page: Page, button: Locator): Promise<number> {
  await page.waitForLoadState('networkidle');
  const pressedAt = await button.evaluate((element) => {
    const now = performance.now();
    if (element instanceof HTMLElement) element.click();
    return now;
  });
  const frame = await page.waitForFunction(() => window.firstFrameAt, undefined, { timeout: 30_000 });
  const firstFrameAt = await frame.jsonValue();
  if (firstFrameAt === null) throw new Error('No frame came.');
  return firstFrameAt - pressedAt;
}
