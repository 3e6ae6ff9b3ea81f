// The lobby: ready, with others inside, on a phone, and before a door that is shut for one reason or another.

import type { Tour } from './tour.js';

/** As long as a name may be (ROOM-2), and with nowhere to break it. */
const LONGEST_NAME = 'Nebukadnezar'.repeat(6).slice(0, 64);

const PHONE = { width: 360, height: 640 };

/** So many fill a room of the tour's stage. */
export const ROOM_LIMIT = 4;

export async function atTheDoor({
  room,
  visit,
  visitPassing,
  word,
  button,
  walker,
  seat,
}: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;
  const unreachable = page.getByText(word('lobby', 'unreachable'));

  await ann.openRoom();
  await page.locator('.readiness-good').waitFor();
  await visit('lobby', page);
  await visitPassing('lobby, link copied', page.locator('.toast'), () =>
    button(page, 'common', 'copyLink').click(),
  );
  await button(page, 'lobby', 'turnCameraOff').click();
  await page.getByRole('textbox').fill('');
  await button(page, 'lobby', 'join').click();
  await page.getByRole('alert').waitFor();
  await visit('lobby, no name, no camera', page);

  const window = page.viewportSize();
  await page.setViewportSize(PHONE);
  await button(page, 'lobby', 'devices').click();
  await page.getByRole('dialog').waitFor();
  await visit('devices on a phone', page);
  await button(page, 'common', 'close').click();
  if (window) await page.setViewportSize(window);

  ann.way.cut();
  await unreachable.waitFor();
  await visit('lobby, the server out of reach', page);
  ann.way.mend();
  await unreachable.waitFor({ state: 'detached' });

  const first = await seat(LONGEST_NAME);
  await page.getByText(LONGEST_NAME).waitFor();
  await visit('lobby, someone inside', page);
  await first.expect('ok', { type: 'lock', locked: true });
  await page.getByText(word('errors', 'error.roomLocked')).waitFor();
  await visit('lobby, locked', page);
  await first.expect('ok', { type: 'lock', locked: false });

  for (let others = 1; others < ROOM_LIMIT; others += 1) await seat(`Guest ${others}`);
  const bad = page.locator('.readiness-bad');
  await bad.waitFor();
  await visit('lobby, full', page);
  await page.getByRole('textbox').fill('Ann');
  await button(page, 'lobby', 'join').click();
  await button(page, 'lobby', 'stopWaiting').waitFor();
  await visit('lobby, waiting for a place', page);

  await ann.openRoom('&join', room);
  await bad.waitFor();
  await visit('past the lobby, waiting for a place', page);
  ann.way.cut();
  await button(page, 'lobby', 'tryNow').waitFor();
  await visit('past the lobby, the server out of reach', page);
}
