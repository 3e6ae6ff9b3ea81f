// Links that were made ready in the lobby: outside of the room until they are seated, then in it at once.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

function warm(world: RoomWorld, peer: string): FakeClient {
  const client = world.open(peer);
  client.send('mic');
  client.send('camera');
  world.connect(client);
  return client;
}

test('a link without a seat is given nothing, and nothing of it is passed on', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  const cat = warm(world, 'cat');
  cat.encoding('mic').level = 10;
  world.want(cat, [0, 'ann']);
  world.run(3_000);
  for (const output of [...cat.audio, ...cat.video]) {
    expect(output.media).toEqual([]);
    expect(output.repetitions).toEqual([]);
  }
  // By padding alone it is found out what its path carries.
  const padding = cat.video.reduce((sum, output) => sum + output.padding, 0);
  expect(padding).toBeGreaterThan(10);
  expect(padding).toBeLessThan(200);
  expect([cat.told, cat.encode, cat.speakers, cat.reachable]).toEqual([[], [], [], []]);
  expect(ann.slotOf('cat', 'mic')).toBe(-1);
  expect(ann.reachable.flat()).not.toContain('cat');
  expect([...ann.speakers, ...ben.speakers].map(({ peer }) => peer)).not.toContain('cat');
  const senders = [...ann.audio, ...ann.video].flatMap(({ media }) =>
    media.map(({ label }) => label?.client),
  );
  expect(senders).not.toContain(cat.number);
  expect(world.check()).toEqual([]);
});

test('a link that is not connected has no seat either', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.open('ben');
  world.seat(ben);
  world.run(500);
  expect(ann.told.at(-1)?.seats).toEqual([]);
  expect(world.room.linkOf('ben')).toBeNull();
  expect(world.room.peerOf(ben.link)).toBe('ben');
  world.connect(ben);
  world.run(500);
  expect(world.room.linkOf('ben')).toBe(ben.link);
  expect(ben.slotOf('ann', 'mic')).toBe(0);
});

test('while a newcomer connects, cameras that nobody was shown begin to be sent', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  world.run(5_000);
  expect(ann.encode.at(-1)?.encodings.camera).toEqual([]);
  const ben = world.open('ben');
  world.seat(ben);
  world.run(50);
  expect(ann.encode.at(-1)?.encodings.camera).toEqual(['l']);
  // One that comes to nothing is not waited for, though it is kept for a while.
  world.run(9_000);
  expect(ann.encode.at(-1)?.encodings.camera).toEqual([]);
});

test('at its seat it is sent the pictures so far at once, without a key frame being made', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.run(3_000);
  const cat = warm(world, 'cat');
  world.run(3_000);
  // From now on no key frame comes.
  for (const encoding of [...ann.of('camera'), ...ben.of('camera')]) encoding.askKeyFrame = () => undefined;
  world.run(700);
  const made = [ann, ben].map((client) => client.encoding('camera', 'l').keyFrames);
  const seatedAt = world.now;
  world.seat(cat);
  expect(cat.slotOf('ann', 'camera')).toBe(0);
  // What is much is paced.
  world.run(100);
  for (const other of [ann, ben]) {
    const slot = cat.slotOf(other.peer, 'camera');
    expect(slot).toBeGreaterThanOrEqual(0);
    const first = cat.video[slot]?.media[0];
    expect((first?.at ?? 0) - seatedAt).toBeLessThan(60);
    expect(first?.label).toMatchObject({ client: other.number, rid: 'l', keyFrame: true, index: 0 });
  }
  expect([ann, ben].map((client) => client.encoding('camera', 'l').keyFrames)).toEqual(made);
  expect(world.check()).toEqual([]);
});

test('and its own picture so far is sent to the others at once', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  world.run(2_000);
  const ben = warm(world, 'ben');
  world.run(1_000);
  world.seat(ben);
  const slot = ann.slotOf('ben', 'camera');
  expect(slot).toBeGreaterThanOrEqual(0);
  expect(ann.video[slot]?.media[0]?.at).toBe(world.now);
  expect(world.check()).toEqual([]);
});

test('who waits at the door keeps the smallest pictures alive and fresh', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  ann.obeys = true;
  world.run(3_000);
  // Alone, nobody is shown anything.
  expect(ann.encode.at(-1)?.encodings).toEqual({ camera: [], screen: [] });
  const made = ann.encoding('camera', 'l').keyFrames;
  const ben = warm(world, 'ben');
  world.run(400);
  expect(ann.encode.at(-1)?.encodings).toEqual({ camera: ['l'], screen: ['l'] });
  world.run(8_000);
  const fresh = ann.encoding('camera', 'l').keyFrames - made;
  expect(fresh).toBeGreaterThanOrEqual(4);
  expect(fresh).toBeLessThanOrEqual(6);
  // Whoever stays there for long does not make everybody's picture worse every two seconds.
  world.run(25_000);
  const later = ann.encoding('camera', 'l').keyFrames;
  world.run(10_000);
  expect(ann.encoding('camera', 'l').keyFrames).toBe(later);
  expect(ann.encode.at(-1)?.encodings).toEqual({ camera: ['l'], screen: ['l'] });
  world.leave(ben);
  world.run(3_000);
  expect(ann.encode.at(-1)?.encodings).toEqual({ camera: [], screen: [] });
});

test('nobody is asked for key frames of a camera that is off', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  world.join('ben');
  world.run(1_000);
  warm(world, 'cat');
  ann.send('camera', false);
  world.run(1_000);
  const before = ann.encoding('camera', 'l').requests;
  world.run(10_000);
  expect(ann.encoding('camera', 'l').requests - before).toBeLessThanOrEqual(6);
});
