// Spatial layers inside one stream (VP9 SVC): each slot gets those that it needs, named as encodings are.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

const SIZES = [
  { width: 320, height: 180 },
  { width: 640, height: 360 },
  { width: 1_280, height: 720 },
];

/** A room in which `ben` sends his camera in spatial layers of its first encoding, as Maru's clients do where they can. */
function room(): { world: RoomWorld; ann: FakeClient; cat: FakeClient; ben: FakeClient } {
  const world = new RoomWorld({ videoCodecs: ['VP9', 'VP8'] });
  const [ann, ben, cat] = ['ann', 'ben', 'cat'].map((peer) => world.join(peer)) as [
    FakeClient,
    FakeClient,
    FakeClient,
  ];
  for (const client of [ann, cat]) client.send('camera', false);
  ben.send('camera', false, ['m', 'h']);
  ben.encoding('camera', 'l').spatialLayers = SIZES;
  return { world, ann, ben, cat };
}

/** The highest spatial layer that a slot was sent in the last half second. */
function top(world: RoomWorld, client: FakeClient): number {
  const packets = client.video[0]?.since(world.now - 500) ?? [];
  return Math.max(...packets.map(({ label }) => label?.spatialLayer ?? -1));
}

test('[SFU-21] each is shown the layers that its tile needs, from one stream', () => {
  const { world, ann, cat, ben } = room();
  world.want(ann, [0, 'ben', 1_280]);
  world.want(cat, [0, 'ben', 300]);
  world.run(4_000);
  expect([top(world, ann), top(world, cat)]).toEqual([2, 0]);
  expect(ben.encode.at(-1)?.encodings.camera).toEqual(['l', 'm', 'h']);
  expect(world.check()).toEqual([]);
});

test('a larger tile gets its layers with the next key frame, which is asked for once; a smaller one at once', () => {
  const { world, ann, ben } = room();
  world.want(ann, [0, 'ben', 300]);
  world.run(4_000);
  expect(top(world, ann)).toBe(0);
  const before = ben.encoding('camera', 'l').keyFrames;
  world.want(ann, [0, 'ben', 1_280]);
  world.run(2_000);
  expect(top(world, ann)).toBe(2);
  expect(ben.encoding('camera', 'l').keyFrames).toBe(before + 1);
  world.want(ann, [0, 'ben', 600]);
  world.run(600);
  expect(top(world, ann)).toBe(1);
  expect(ben.encoding('camera', 'l').keyFrames).toBe(before + 1);
  expect(world.check()).toEqual([]);
});

test('on a narrow path layers are taken away, and come back', () => {
  const { world, ann } = room();
  world.want(ann, [0, 'ben', 1_280]);
  world.run(4_000);
  expect(top(world, ann)).toBe(2);
  ann.down.options.rate = 300_000;
  world.run(6_000);
  expect(top(world, ann)).toBeLessThan(2);
  ann.down.options.rate = Number.POSITIVE_INFINITY;
  world.run(15_000);
  expect(top(world, ann)).toBe(2);
  expect(world.check()).toEqual([]);
});

test('a client that makes fewer layers, as nobody needs more, is shown by those', () => {
  const { world, ann, cat, ben } = room();
  for (const client of [ann, cat]) world.want(client, [0, 'ben', 300]);
  world.run(3_000);
  expect(ben.encode.at(-1)?.encodings.camera).toEqual(['l']);
  ben.encoding('camera', 'l').spatialLayers = SIZES.slice(0, 1);
  ben.encoding('camera', 'l').askKeyFrame();
  world.run(3_000);
  expect(top(world, ann)).toBe(0);
  world.want(ann, [0, 'ben', 1_280]);
  const before = ben.encoding('camera', 'l').keyFrames;
  ben.encoding('camera', 'l').spatialLayers = SIZES;
  ben.encoding('camera', 'l').askKeyFrame();
  world.run(3_000);
  expect([top(world, ann), top(world, cat)]).toEqual([2, 0]);
  // That with which they began was enough.
  expect(ben.encoding('camera', 'l').keyFrames).toBe(before + 1);
  expect(world.check()).toEqual([]);
});

test('a path that wavers does not ask for a key frame each time', () => {
  const { world, ann, cat, ben } = room();
  for (const client of [ann, cat]) world.want(client, [0, 'ben', 1_280]);
  world.run(4_000);
  const before = ben.encoding('camera', 'l').keyFrames;
  for (let wave = 0; wave < 6; wave += 1) {
    ann.down.options.rate = wave % 2 === 0 ? 400_000 : 20_000_000;
    world.run(3_000);
  }
  expect(ben.encoding('camera', 'l').keyFrames - before).toBeLessThanOrEqual(6);
  expect(top(world, cat)).toBe(2);
  expect(world.check()).toEqual([]);
});

test('while somebody waits at the door no key frames of all layers are asked for', () => {
  const { world, ann, ben } = room();
  world.want(ann, [0, 'ben', 1_280]);
  world.run(4_000);
  const before = ben.encoding('camera', 'l').keyFrames;
  world.connect(world.open('dan'));
  world.run(10_000);
  expect(ben.encoding('camera', 'l').keyFrames).toBe(before);
});
