// The camera of a fresh connection begins at half its size where it is large, and grows once it is connected.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { NOTHING, Pair } from './link-pair.js';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => {
  pair.close();
  expect(pair.clock.pending).toBe(0);
});

const cameraOf = (width: number, height: number) => ({
  ...NOTHING,
  camera: fakeTrack('video', 'camera', { width, height }),
});

/** By how much each end of the connection in use scales its camera down. */
function scales(): (number | undefined)[] {
  return pair.network.open.map(
    (pc) => pc.getTransceivers()[1]?.sender.getParameters().encodings[0]?.scaleResolutionDownBy,
  );
}

test('a large camera is sent at half its size until the connection is two seconds old', async () => {
  await pair.connect(cameraOf(1280, 720), cameraOf(720, 1280));
  expect(scales()).toEqual([2, 2]);
  await pair.pass(1_750);
  expect(scales()).toEqual([2, 2]);
  await pair.pass(250);
  expect(scales()).toEqual([1, 1]);
});

test('a small camera, and none at all, are left as they are', async () => {
  await pair.connect(cameraOf(640, 480));
  await pair.pass(3_000);
  expect(scales()).toEqual([undefined, undefined]);
});

test('a link that closes while it is small leaves no timer behind', async () => {
  await pair.connect(cameraOf(1280, 720));
  pair.near.it.close();
  await pair.idle();
  expect(scales()).not.toContain(1);
});

test('who tells senders how to send is handed the camera’s only when its start is over', async () => {
  await pair.connect(cameraOf(1280, 720));
  const { it } = pair.near;
  expect(it.sender('camera')).toBeNull();
  expect(it.sender('mic')).not.toBeNull();
  await pair.pass(2_000);
  expect(it.sender('camera')).not.toBeNull();
});
