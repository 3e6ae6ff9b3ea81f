// The call while others cannot be reached: connecting, reconnecting, a frozen picture, and no path at all.

import type { Tour, Walker } from './tour.js';

export async function inTrouble({ visit, button, walker, seat }: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;
  const condition = (wanted: string) => page.locator(`[data-peer-id][data-condition="${wanted}"]`);
  // The seats never take up a link: to the page they are people whom no path leads to.
  await seat('Nam');
  await ann.openRoom('&join');
  await button(page, 'call', 'leave').waitFor();
  await condition('connecting').waitFor();
  await visit('call, connecting', page);

  const bob = await walker('Bob', { context: { viewport: { width: 640, height: 360 } } });
  await bob.openRoom('&join');
  await page.locator('[data-peer-id][data-picture="live"]').waitFor();
  const away = await seat('Away');
  await page.locator('[data-peer-id]').nth(2).waitFor();
  away.socket.terminate();
  await crash(bob);
  await condition('reconnecting').nth(1).waitFor();
  await page.locator('[data-peer-id][data-picture="stale"]').waitFor();
  await visit('call, reconnecting', page);

  await condition('failed').waitFor();
  await visit('call, no path', page);
  await page.locator('.tool-people').click();
  await page.locator('.person-words').first().waitFor();
  await visit('people, some out of reach', page);
}

/** The page of a person is gone from one moment to the next, with all that it held. */
async function crash({ page }: Walker): Promise<void> {
  const crashed = page.waitForEvent('crash');
  // The address never answers: the renderer ends while it is opened.
  page.goto('chrome://crash').catch((error: unknown) => {
    if (!/crash/i.test(String(error))) throw error;
  });
  await crashed;
}
