// The lab: the classic call of a page with itself.

import { expect, test } from 'vitest';
import { button, type Person, press, soundOf } from './support/person.js';
import { liveConnections, untilGreen, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

const LOCAL = '.lab-pictures > :nth-child(1) video';
const REMOTE = '.lab-pictures > :nth-child(2) video';

async function inLab(): Promise<Person> {
  const ann = await stage.nowhere('Ann');
  await ann.page.goto(`${stage.server.url}/lab`);
  await button(ann, 'Start').waitFor();
  return ann;
}

test('Start, Call, Hang up: both pictures, elapsed times, and the trace as it grows', async () => {
  const ann = await inLab();
  expect(await button(ann, 'Call').isDisabled()).toBe(true);
  expect(await button(ann, 'Hang up').isDisabled()).toBe(true);
  await press(ann, 'Start');
  await untilMoves(ann, LOCAL);
  await press(ann, 'Call');
  await untilMoves(ann, REMOTE);
  await untilGreen(ann, REMOTE);
  // The lab plays it muted, against howling, and what is not played is not decoded: that it arrives must do.
  const heard = await soundOf(ann, REMOTE);
  await until(
    'sound arrives',
    async () => ((await soundOf(ann, REMOTE))?.packets ?? 0) > (heard?.packets ?? 0),
  );
  expect(await liveConnections(ann)).toHaveLength(2);

  for (const milestone of [
    'Offer made',
    'Answer arrived',
    'ICE connected',
    'DTLS connected',
    'First frame shown',
  ]) {
    const time = ann.page.locator('dl > div', { hasText: milestone }).locator('dd');
    await until(`${milestone} has a time`, async () => /^\d+ ms$/.test((await time.textContent()) ?? ''));
  }
  const rows = ann.page.getByRole('row');
  expect(await rows.count()).toBeGreaterThan(20);
  for (const step of ['An offer was made', 'Agreeing on keys: connected', 'the first frame was decoded']) {
    expect(await rows.filter({ hasText: step }).count()).toBeGreaterThan(0);
  }
  await rows.filter({ hasText: 'An offer was made' }).getByText('Session description').click();
  await rows.getByText('m=audio').first().waitFor();

  await press(ann, 'Hang up');
  await until('no connection is left', async () => (await liveConnections(ann)).length === 0);
  await press(ann, 'Call');
  await untilMoves(ann, REMOTE);
  expect(ann.complaints).toEqual([]);
});

test('leaving the lab releases camera and connections', async () => {
  const ann = await inLab();
  await press(ann, 'Start');
  await press(ann, 'Call');
  await untilMoves(ann, REMOTE);
  await ann.page.getByRole('link', { name: 'Maru' }).first().click();
  await ann.page.getByRole('textbox', { name: 'Room name' }).waitFor();
  await until('everything is released', async () => {
    const { audio, video } = await ann.page.evaluate(() => window.watch.runningDevices());
    return audio + video === 0 && (await liveConnections(ann)).length === 0;
  });
});
