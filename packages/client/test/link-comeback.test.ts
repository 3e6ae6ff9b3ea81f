// Packets that come again on a path that was dead, over fake connections.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LOOK_MS, QUIET_MS } from '../src/link/care/comeback.js';
import type { FakePeerConnection } from '../src/testing/fake-peer-connection.js';
import { camera, NOTHING, Pair } from './link-pair.js';

const CAMERA_LINE = 1;

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
  for (const end of [pair.near, pair.far]) {
    for (const line of ['mic', 'camera'] as const) end.expected.add(line);
  }
});
afterEach(() => pair.close());

/** How many key frames of its camera each connection was asked for, in the order in which they were made. */
const keyFrames = () =>
  pair.network.connections.map((pc: FakePeerConnection) => pc.getTransceivers()[CAMERA_LINE]?.keyFrames);

/** The path is dead; what comes of the camera when it is back is of no use without a key frame. */
function lose(): void {
  pair.network.lose();
  for (const pc of pair.network.connections) {
    for (const transceiver of pc.getTransceivers()) transceiver.fault = { lost: 'frames', mends: false };
  }
}

describe('[LAD-11] packets that come again', () => {
  test('have both ends send a whole picture, once', async () => {
    await pair.connect(camera(), camera());
    await pair.pass(3_000);
    lose();
    await pair.pass(QUIET_MS + 1_000);
    expect(keyFrames()).toEqual([0, 0]);
    pair.network.heal();
    await pair.pass(3 * LOOK_MS);
    expect(keyFrames()).toEqual([1, 1]);
    await pair.pass(1_000);
    expect(keyFrames()).toEqual([1, 1]);
  });

  test('have pictures begin anew also where sound is heard before they are counted', async () => {
    await pair.connect(camera(), camera());
    await pair.pass(3_000);
    pair.network.lose();
    await pair.pass(QUIET_MS + 1_000);
    pair.network.heal();
    await pair.pass(2 * LOOK_MS);
    expect(keyFrames()).toEqual([1, 1]);
    await pair.pass(3_000);
    expect(keyFrames()).toEqual([1, 1]);
  });

  test('cost nothing while something flows, and nothing who sends no picture', async () => {
    await pair.connect(camera(), { ...NOTHING, mic: camera().mic });
    pair.near.expected.delete('camera');
    await pair.pass(5_000);
    expect(keyFrames()).toEqual([0, 0]);
    lose();
    await pair.pass(QUIET_MS + 1_000);
    pair.network.heal();
    await pair.pass(3 * LOOK_MS);
    expect(keyFrames()).toEqual([1, 0]);
  });

  test('are nothing to who expects nothing', async () => {
    for (const end of [pair.near, pair.far]) end.expected.clear();
    await pair.connect(camera(), camera());
    lose();
    await pair.pass(QUIET_MS + 1_000);
    pair.network.heal();
    await pair.pass(1_000);
    expect(keyFrames()).toEqual([0, 0]);
  });
});
