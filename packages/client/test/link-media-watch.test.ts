// What a link says of the media it receives: which lines flow, how loud it is, and what statistics come to.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLoopback } from '../src/link/loopback.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { camera, NOTHING, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => {
  pair.close();
  expect(pair.clock.pending).toBe(0);
});

const flowing = () =>
  Object.entries(pair.far.it.snapshot.lines).flatMap(([line, { receiving }]) => (receiving ? [line] : []));

describe('what is received', () => {
  test('flows on the lines that are sent, and only there', async () => {
    await pair.connect(camera());
    await pair.pass(1_000);
    expect(flowing()).toEqual(['mic', 'camera']);
    expect(pair.near.it.snapshot.lines.mic).toMatchObject({ receiving: false, track: { kind: 'audio' } });
  });

  test('stops flowing soon after nothing is sent, and flows again when something is', async () => {
    await pair.connect(camera());
    await pair.pass(1_000);
    pair.near.it.setTrack('camera', null);
    await pair.pass(2_500);
    expect(flowing()).toEqual(['mic']);
    pair.near.it.setTrack('camera', fakeTrack('video'));
    await pair.pass(500);
    expect(flowing()).toEqual(['mic', 'camera']);
    const steps = pair
      .events('track')
      .flatMap(({ step, line, peer }) => (peer === 'near' && line === 'camera' ? [step] : []));
    expect(steps).toEqual(['receiving', 'first-frame', 'silent', 'receiving']);
  });

  test('stops at once when the path does', async () => {
    await pair.connect(camera());
    await pair.pass(1_000);
    pair.network.cut();
    expect(flowing()).toEqual([]);
    expect(pair.far.it.level()).toBe(0);
  });

  test('is not what a report of before the path stopped says', async () => {
    await pair.connect(camera());
    await pair.pass(3_750);
    // The next report is asked for, and answered only after the path has stopped.
    const [, pc] = pair.network.connections;
    if (!pc) throw new Error('no connection');
    const report = await pc.getStats();
    let answer: (value: typeof report) => void = () => undefined;
    pc.getStats = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await pair.pass(500);
    pair.network.cut();
    const before = pair.far.it.snapshot;
    answer(report);
    await pair.idle();
    expect(pair.far.it.snapshot).toBe(before);
    pair.near.it.setTrack('mic', null);
    pair.near.it.setTrack('camera', null);
    for (const { it } of [pair.near, pair.far]) it.setReachable(false);
    await pair.pass(2_500);
    pair.network.heal();
    expect(pair.far.phase).toBe('connected');
    expect(flowing()).toEqual([]);
  });

  test('is as loud as the packets say, while the microphone flows', async () => {
    await pair.connect(camera());
    await pair.pass(500);
    expect(pair.far.it.level()).toBe(0.5);
    expect(pair.near.it.level()).toBe(0);
  });

  test('comes with statistics every two seconds, while connected', async () => {
    await pair.connect(camera());
    await pair.pass(4_500);
    const stats = pair.far.it.snapshot.stats;
    expect(stats?.lossIn).toBe(0);
    // Fifty packets of 1,000 bytes a second on each of two lines.
    expect(stats?.bitrateIn).toBeCloseTo(2 * 50 * 8_000, -4);
    expect(stats?.bitrateOut).toBe(0);
    pair.network.cut();
    expect(pair.far.it.snapshot.stats).toBeNull();
  });

  test('keeps the snapshot the same while nothing changes', async () => {
    await pair.connect(NOTHING);
    await pair.pass(600);
    const before = pair.far.it.snapshot;
    await pair.pass(1_000);
    expect(pair.far.it.snapshot).toBe(before);
  });
});

describe('the loopback call', () => {
  test('flows from the near to the far end, traced as local and remote, and leaves nothing', async () => {
    const { near, far, trace, hangUp } = startLoopback(pair.world, camera());
    await pair.pass(1_000);
    expect([near.snapshot.phase, far.snapshot.phase]).toEqual(['connected', 'connected']);
    expect(far.snapshot.lines.camera.receiving).toBe(true);
    expect(near.snapshot.lines.camera.receiving).toBe(false);
    expect(trace).toBe(pair.trace);
    const peers = trace.events.flatMap((event) => ('link' in event ? [event.peer] : []));
    expect(new Set(peers)).toEqual(new Set(['local', 'remote']));
    hangUp();
    hangUp();
    expect([near.snapshot.phase, far.snapshot.phase]).toEqual(['closed', 'closed']);
    expect(pair.network.open).toEqual([]);
    expect(pair.clock.pending).toBe(0);
  });
});
