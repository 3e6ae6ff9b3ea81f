// Mute: no sound leaves the browser, the others see it, and nothing is negotiated.

import { expect, test } from 'vitest';
import { button, type Person, press, tile, videoSelector } from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
  untilSilent,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

/** The microphone is the first m-line of every link (NEG-1). */
const microphoneBytes = (person: Person): Promise<number> =>
  person.page.evaluate(() => window.watch.bytesSent(0));

test('[NEG-9] a muted microphone sends nothing but silence, without an offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await press(ann, 'Mute', 'Unmute');
  await tile(bob, 'Ann').getByText('Muted').waitFor({ state: 'attached' });
  await untilSilent(bob, 'Ann');
  const sent = await microphoneBytes(ann);
  await untilMoves(bob, videoSelector('Ann'), 40);
  expect(await microphoneBytes(ann)).toBe(sent);

  await press(ann, 'Unmute', 'Mute');
  await untilHears(bob, videoSelector('Ann'));
  await tile(bob, 'Ann').getByText('Muted').waitFor({ state: 'detached' });
  expect(await microphoneBytes(ann)).toBeGreaterThan(sent);

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('the M key mutes and unmutes', async () => {
  const ann = await stage.inCall('Ann');
  await ann.page.keyboard.press('m');
  await button(ann, 'Unmute').waitFor();
  await ann.page.keyboard.press('m');
  await button(ann, 'Mute').waitFor();
});
