// After a room: left by will, continued elsewhere, put out; and home, which remembers.

import type { WebSocket } from 'playwright-core';
import { parseServerMessage } from '../../../../packages/protocol/src/parse.js';
import { TestClient } from '../../../../packages/server/test/support/client.js';
import type { Tour } from './tour.js';

export async function afterwards(tour: Tour): Promise<void> {
  await Promise.all([byWill(tour), elsewhere(tour), shutOut(tour)]);
}

async function byWill({ visit, button, walker }: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;
  await ann.openRoom('&join');
  await button(page, 'call', 'leave').click();
  await button(page, 'screens', 'rejoin').waitFor();
  await visit('left by will', page);
  await page.getByRole('main').getByRole('link').click();
  await page.locator('.recent').waitFor();
  await visit('home, with a recent room', page);
}

async function elsewhere({ stage, room, visit, button, walker }: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;
  const token = tokenOf(page.waitForEvent('websocket'));
  await ann.openRoom('&join', `${room}-elsewhere`);
  await button(page, 'call', 'leave').waitFor();
  const other = await TestClient.greet(stage.server.url);
  await other.resume(await token, { name: 'Ann' });
  await button(page, 'screens', 'joinHere').waitFor();
  await visit('continued elsewhere', page);
  await other.close();
}

/** The place is given up and the door locked while the person is out of reach. */
async function shutOut({ stage, room, visit, button, walker, seat }: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;
  const shut = `${room}-shut`;
  const token = tokenOf(page.waitForEvent('websocket'));
  await ann.openRoom('&join', shut);
  await button(page, 'call', 'leave').waitFor();
  const inside = await seat('Bob', shut);
  ann.way.cut();
  const place = await TestClient.greet(stage.server.url);
  await place.resume(await token, { name: 'Ann' });
  await place.expect('ok', { type: 'leave' });
  await place.close();
  await inside.expect('ok', { type: 'lock', locked: true });
  ann.way.mend();
  await button(page, 'screens', 'rejoin').waitFor();
  await visit('shut out', page);
}

/** The resume token that a page was given, read off the wire. */
async function tokenOf(socket: Promise<WebSocket>): Promise<string> {
  const opened = await socket;
  return new Promise((resolve) => {
    opened.on('framereceived', ({ payload }) => {
      const parsed = parseServerMessage(String(payload));
      if (parsed.ok && parsed.message.type === 'joined') resolve(parsed.message.token);
    });
  });
}
