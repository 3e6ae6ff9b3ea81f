// Which encoding a slot shows: by its width, by what the path carries, and by what comes at all; and which are sent.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

/** A room in which `ann` is shown `ben` in slot 0, so wide. */
function pair(
  width: number,
  world = new RoomWorld(),
): { world: RoomWorld; ann: FakeClient; ben: FakeClient } {
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.want(ann, [0, 'ben', width]);
  return { world, ann, ben };
}

const rid = (client: FakeClient, slot = 0): string => client.video[slot]?.newest?.label?.rid ?? 'nothing';

/** What a slot was sent in the last second, in bit/s. */
function bitrate(world: RoomWorld, client: FakeClient): number {
  const outputs = [...client.video, ...client.audio];
  const bytes = outputs.flatMap((output) => output.since(world.now - 1_000)).map((packet) => packet.bytes);
  return bytes.reduce((sum, length) => sum + length, 0) * 8;
}

test.each([
  [100, 'l'],
  [400, 'l'],
  [401, 'm'],
  [800, 'm'],
  [801, 'h'],
  [4_000, 'h'],
])('drawn %i pixels wide, a picture is shown from encoding %s', (width, expected) => {
  const { world, ann } = pair(width);
  world.run(4_000);
  expect(rid(ann)).toBe(expected);
  expect(world.check()).toEqual([]);
});

test('a screen is shown from the encoding that covers it', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  ben.send('screen');
  world.want(ann, [0, 'ben', 900, 'screen']);
  world.run(4_000);
  expect(rid(ann)).toBe('l');
  expect(ben.encode.at(-1)?.encodings).toEqual({ camera: [], screen: ['l'] });
  world.want(ann, [0, 'ben', 1_900, 'screen']);
  world.run(2_000);
  expect(rid(ann)).toBe('h');
  expect(ben.encode.at(-1)?.encodings).toEqual({ camera: [], screen: ['l', 'h'] });
  expect(world.check()).toEqual([]);
});

test('on a narrow path it goes down, and up again when there is room', () => {
  const { world, ann } = pair(1_280);
  world.run(4_000);
  expect(rid(ann)).toBe('h');
  ann.down.options.rate = 450_000;
  world.run(4_000);
  expect(['l', 'm']).toContain(rid(ann));
  world.run(4_000);
  expect(bitrate(world, ann)).toBeLessThan(450_000);
  ann.down.options.rate = Number.POSITIVE_INFINITY;
  world.run(15_000);
  expect(rid(ann)).toBe('h');
  expect(world.check()).toEqual([]);
});

test('a path that does not carry the smallest encoding is sent fewer frames of it, and all again when it does', () => {
  const { world, ann, ben } = pair(320);
  for (const encoding of ben.of('camera')) encoding.temporalLayers = [0, 2, 1, 2];
  const layers = () =>
    new Set(ann.video[0]?.since(world.now - 1_000).map(({ label }) => label?.temporalLayer));
  world.run(4_000);
  expect(layers()).toEqual(new Set([0, 1, 2]));
  // The voice of one takes 40 kbit/s of it, the smallest encoding of the other 90.
  ann.down.options.rate = 105_000;
  world.run(10_000);
  expect(layers()).not.toContain(2);
  expect(layers()).toContain(0);
  ann.down.options.rate = Number.POSITIVE_INFINITY;
  world.run(15_000);
  expect(layers()).toEqual(new Set([0, 1, 2]));
  expect(world.check()).toEqual([]);
});

test('where there is not enough for all, who has priority is shown, and voices go on', () => {
  const world = new RoomWorld();
  const [ann] = ['ann', 'ben', 'cat', 'dan'].map((peer) => world.join(peer)) as [FakeClient];
  ann.down.options.rate = 330_000;
  world.want(ann, [0, 'ben', 320, 'camera', 1], [1, 'cat', 320, 'camera', 3], [2, 'dan', 320, 'camera', 1]);
  // Until the path is known. Then it comes and goes no more, though estimates ripple.
  world.run(10_000);
  const told = ann.told.length;
  let looks = 0;
  let seen = 0;
  world.run(6_000, () => {
    looks += 1;
    if (ann.slotOf('cat', 'camera') === 1) seen += 1;
  });
  expect(seen / looks).toBeGreaterThan(0.9);
  expect(ann.told.length - told).toBeLessThan(8);
  expect(ann.video[1]?.since(world.now - 500).length).toBeGreaterThan(5);
  for (const peer of ['ben', 'cat', 'dan']) {
    const voice = ann.audio[ann.slotOf(peer, 'mic')];
    expect(voice?.since(world.now - 1_000).length).toBeGreaterThanOrEqual(48);
  }
  expect(world.check()).toEqual([]);
});

test('many silent microphones do not take the room of pictures', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const others = Array.from({ length: 9 }, (_, index) => {
    const client = world.join(`p${index}`);
    client.send('camera', index === 0);
    return client;
  });
  world.run(500);
  // Muted: nothing is sent any more.
  for (const client of others) client.send('mic', false);
  ann.down.options.rate = 300_000;
  world.want(ann, [0, 'p0', 320]);
  world.run(6_000);
  expect(ann.video[0]?.since(world.now - 500).length).toBeGreaterThan(5);
});

test('an encoding that falls silent is left for another one, and taken again', () => {
  const { world, ann, ben } = pair(1_280);
  world.run(4_000);
  expect(rid(ann)).toBe('h');
  ben.send('camera', false, ['h']);
  world.run(1_500);
  expect(rid(ann)).toBe('m');
  expect(ann.slotOf('ben', 'camera')).toBe(0);
  // No longer than it takes to know, and to get a key frame.
  const gap = Math.max(...gaps(ann.video[0]?.since(world.now - 2_500).map(({ at }) => at) ?? []));
  expect(gap).toBeLessThan(1_300);
  ben.send('camera', true, ['h']);
  world.run(3_000);
  expect(rid(ann)).toBe('h');
  expect(world.check()).toEqual([]);
});

test('with the last encoding gone silent the seat stays, and goes with BYE', () => {
  const { world, ann, ben } = pair(320);
  world.run(2_000);
  ben.send('camera', false, ['l']);
  world.run(2_000);
  // The others cover it.
  expect(rid(ann)).toBe('m');
  ben.send('camera', false);
  world.run(2_000);
  expect(ann.slotOf('ben', 'camera')).toBe(0);
});

test('encodings that nobody is shown are told off after 2 s, and on at once', () => {
  const { world, ann, ben } = pair(1_280);
  const told = (): readonly string[] => ben.encode.at(-1)?.encodings.camera ?? [];
  world.run(1_000);
  expect(told()).toEqual(['l', 'm', 'h']);
  const count = ben.encode.length;
  world.want(ann, [0, 'ben', 320]);
  world.run(1_900);
  expect(ben.encode).toHaveLength(count);
  world.want(ann, [0, 'ben', 1_280]);
  world.run(1_000);
  world.want(ann, [0, 'ben', 320]);
  world.run(1_900);
  expect(ben.encode).toHaveLength(count);
  world.run(400);
  expect(told()).toEqual(['l']);
  expect(ben.encode).toHaveLength(count + 1);
  world.want(ann, [0, 'ben', 700]);
  world.run(20);
  expect(told()).toEqual(['l', 'm']);
  world.want(ann);
  world.run(2_400);
  expect(told()).toEqual([]);
});

test('an encoding that was off is shown as soon as it comes', () => {
  const { world, ann, ben } = pair(320);
  ben.obeys = true;
  world.run(4_000);
  expect(ben.encoding('camera', 'h').active).toBe(false);
  world.want(ann, [0, 'ben', 1_280]);
  world.run(1_200);
  expect(rid(ann)).toBe('h');
  expect(world.check()).toEqual([]);
});

test('the largest of all viewers decides which encodings are sent', () => {
  const { world, ben } = pair(320);
  const cat = world.join('cat');
  world.want(cat, [0, 'ben', 640]);
  world.run(300);
  expect(ben.encode.at(-1)?.encodings.camera).toEqual(['l', 'm']);
  world.leave(cat);
  world.run(2_500);
  expect(ben.encode.at(-1)?.encodings.camera).toEqual(['l']);
});

test('a link whose client reports nothing is sent what the limit allows', () => {
  const { world, ann } = pair(1_280, new RoomWorld({ linkBitrate: 700_000 }));
  ann.receiver.feedback = false;
  world.run(4_000);
  expect(rid(ann)).not.toBe('nothing');
  expect(bitrate(world, ann)).toBeLessThan(700_000);
});

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((at, index) => at - (times[index] as number));
}
