// Links whose path is up while a line stands still, over fake connections.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { STALL_MS, UNHEARD_MS } from '../src/link/care/watchdog.js';
import { camera, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(async () => {
  pair = new Pair();
  await pair.connect(camera(), camera());
  for (const end of [pair.near, pair.far])
    for (const line of ['mic', 'camera'] as const) end.expected.add(line);
  await pair.pass(5_000);
});
afterEach(() => {
  pair.close();
  expect(pair.clock.pending).toBe(0);
});

/** The camera as the near end receives it. */
const received = () => {
  const transceiver = pair.network.connections[0]?.getTransceivers()[1];
  if (!transceiver) throw new Error('there is no camera');
  return transceiver;
};
const stalled = () => pair.events('track').filter(({ step }) => step === 'stalled');
const calm = () => [pair.climbed('near'), pair.climbed('far')];

test.each(['packets', 'frames'] as const)(
  '[LAD-10] connected but no %s: the sender sends the track afresh, without an offer',
  async (lost) => {
    received().fault = { lost, mends: true };
    await pair.pass(STALL_MS + 4_000);
    expect(stalled().map(({ peer, line }) => [peer, line])).toEqual([['far', 'camera']]);
    expect(received().fault).toBeNull();
    await pair.pass(120_000, 1_000);
    expect(stalled()).toHaveLength(1);
    expect(calm()).toEqual([[], []]);
    expect(pair.network.connections).toHaveLength(2);
  },
);

test.each(['packets', 'frames'] as const)(
  '[LAD-10] connected but no %s, and a track sent afresh does not help: a fresh connection',
  async (lost) => {
    received().fault = { lost, mends: false };
    await pair.pass(2 * STALL_MS + 8_000);
    expect(pair.climbed('near')).toEqual(['rebuild']);
    expect([pair.near.phase, pair.far.phase]).toEqual(['connected', 'connected']);
    expect(pair.network.open).toHaveLength(2);
    await pair.pass(120_000, 1_000);
    expect(pair.climbed('near')).toEqual(['rebuild']);
  },
);

test('[LAD-10] a camera that is off, and a page that nobody sees, are left alone', async () => {
  pair.near.expected.delete('camera');
  received().fault = { lost: 'packets', mends: false };
  await pair.pass(120_000, 1_000);
  pair.near.expected.add('camera');
  pair.hidden = true;
  await pair.pass(120_000, 1_000);
  expect(stalled()).toEqual([]);
  expect(calm()).toEqual([[], []]);
});

test('[LAD-10] a sender whose page is frozen is left alone', async () => {
  received().fault = { lost: 'packets', mends: false };
  // Its transport acknowledges what comes; its script does nothing with it.
  for (const channel of pair.network.connections.map(({ channel }) => channel)) {
    if (channel) channel.dispatchEvent = () => true;
  }
  await pair.pass(STALL_MS + 2 * UNHEARD_MS, 1_000);
  expect(stalled().length).toBeGreaterThan(1);
  expect(calm()).toEqual([[], []]);
  expect(pair.network.connections).toHaveLength(2);
});

test('[LAD-10] however often it is asked, a track is sent afresh every few seconds only', async () => {
  const sender = pair.network.connections[1]?.getTransceivers()[1]?.sender;
  let replaced = 0;
  const replaceTrack = sender?.replaceTrack;
  if (!sender || !replaceTrack) throw new Error('there is no camera');
  sender.replaceTrack = async (track) => {
    replaced++;
    await replaceTrack(track);
  };
  for (let turn = 0; turn < 20; turn++) pair.near.it.send({ type: 'nudge', line: 'camera' });
  await pair.idle();
  expect(replaced).toBe(2);
  expect(sender.track?.id).toBe('camera');
});
