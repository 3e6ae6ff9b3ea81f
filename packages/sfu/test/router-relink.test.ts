// Links that take the place of others: of the same peer, or because a newcomer decodes less.
import { expect, test } from 'vitest';
import { RoomWorld } from './support/room-world.js';

test('a second link of a peer takes over when it is seated and connected, in either order', () => {
  for (const order of ['seat first', 'connect first']) {
    const world = new RoomWorld();
    const ann = world.join('ann');
    const first = world.join('ben');
    world.run(1_000);
    const second = world.open('ben');
    second.send('mic');
    second.send('camera');
    if (order === 'seat first') world.seat(second);
    else world.connect(second);
    world.run(300);
    expect(first.outdated).toBeNull();
    expect(world.room.linkOf('ben')).toBe(first.link);
    expect(second.told).toEqual([]);
    const seat = ann.slotOf('ben', 'mic');
    if (order === 'seat first') world.connect(second);
    else world.seat(second);
    expect(first.outdated).toBe('another link took its place');
    expect(world.room.linkOf('ben')).toBe(second.link);
    expect(second.slotOf('ann', 'mic')).toBe(0);
    world.run(500);
    // The listener does not notice: the voice is where it was.
    expect(ann.slotOf('ben', 'mic')).toBe(seat);
    for (const output of [ann.audio[seat], ann.video[ann.slotOf('ben', 'camera')]]) {
      expect(output?.newest?.label?.client).toBe(second.number);
    }
    expect(ann.reachable.at(-1)).toEqual(['ben']);
    expect(world.check()).toEqual([]);
  }
});

test('who speaks keeps the seat, and stays the speaker, over a relink in a large room', () => {
  const world = new RoomWorld();
  const clients = Array.from({ length: 13 }, (_, index) => {
    const client = world.open(`p${index}`);
    client.send('mic');
    world.connect(client);
    world.seat(client);
    return client;
  });
  const [ann] = clients;
  const speaking = clients[12];
  if (!ann || !speaking) throw new Error('nobody');
  speaking.encoding('mic').level = 20;
  world.run(3_000);
  const seat = ann.slotOf('p12', 'mic');
  expect(seat).toBeGreaterThanOrEqual(0);
  expect(ann.speakers.at(-1)?.peer).toBe('p12');
  const second = world.open('p12');
  second.send('mic');
  second.encoding('mic').level = 20;
  world.connect(second);
  world.seat(second);
  world.run(500);
  expect(ann.slotOf('p12', 'mic')).toBe(seat);
  expect(ann.audio[seat]?.newest?.label?.client).toBe(second.number);
  expect(ann.speakers.at(-1)?.peer).toBe('p12');
  expect(world.check()).toEqual([]);
});

test('[SFU-11] a link that stands beside the former takes its place only when its channel is open too', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.run(500);
  const told = ann.reachable.length;
  const second = world.open('ben');
  second.send('mic');
  second.send('camera');
  world.seat(second);
  world.room.connected(second.link, world.now);
  world.run(300);
  expect([world.room.linkOf('ben'), ben.outdated]).toEqual([ben.link, null]);
  world.room.controlOpen(second.link, world.now);
  world.run(500);
  expect(world.room.linkOf('ben')).toBe(second.link);
  expect(ben.outdated).toBe('another link took its place');
  // Nobody was told that Ben could not be reached.
  expect(ann.reachable.length).toBe(told);
  expect(world.check()).toEqual([]);
});

test('[SFU-11] a link that waits for its channel takes the place of a former one that ends', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  const second = world.open('ben');
  second.send('mic');
  second.send('camera');
  world.seat(second);
  world.room.connected(second.link, world.now);
  world.leave(ben);
  expect(world.room.linkOf('ben')).toBe(second.link);
  world.run(1_000);
  expect(ann.slotOf('ben', 'camera')).toBeGreaterThanOrEqual(0);
  expect(world.check()).toEqual([]);
});

test('the others are reachable while their control channels are open', () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.open('ben');
  world.room.connected(ben.link, world.now);
  world.seat(ben);
  expect(ann.reachable).toEqual([[]]);
  expect(ben.reachable).toEqual([]);
  world.room.controlOpen(ben.link, world.now);
  expect(ann.reachable).toEqual([[], ['ben']]);
  expect(ben.reachable).toEqual([['ann']]);
  world.leave(ben);
  expect(ann.reachable).toEqual([[], ['ben'], []]);
});

test('who enters without a codec that is sent makes those who send it negotiate anew', () => {
  const world = new RoomWorld({ videoCodecs: ['H264', 'VP8'] });
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.run(300);
  expect(ann.plan.lines[1]?.codecs[0]?.name).toBe('H264');
  // Firefox was recorded without H.264. In the lobby it changes nothing for those inside.
  const cat = world.open('cat', 'firefox');
  world.connect(cat);
  world.run(300);
  expect([ann.outdated, ben.outdated]).toEqual([null, null]);
  expect(world.room.commonCodecs).toEqual(['VP8']);
  world.seat(cat);
  const reason = 'a newcomer cannot decode its codec';
  expect([ann.outdated, ben.outdated, cat.outdated]).toEqual([reason, reason, null]);
  const again = world.join('ann');
  expect(again.plan.lines[1]?.codecs.map(({ name }) => name)).toEqual(['VP8']);
  world.run(1_000);
  expect(cat.slotOf('ann', 'camera')).toBeGreaterThanOrEqual(0);
});

test('who enters without a codec that nobody sends disturbs nobody', () => {
  const world = new RoomWorld({ videoCodecs: ['VP8', 'VP9', 'H264', 'AV1'] });
  const ann = world.join('ann');
  world.run(300);
  const ben = world.join('ben', 'firefox');
  world.run(500);
  expect([ann.outdated, ben.outdated]).toEqual([null, null]);
  expect(ann.slotOf('ben', 'camera')).toBeGreaterThanOrEqual(0);
  expect(ben.slotOf('ann', 'camera')).toBeGreaterThanOrEqual(0);
  expect(world.check()).toEqual([]);
});

test('a link of any browser sees those of the others', () => {
  const world = new RoomWorld();
  const ann = world.join('ann', 'chromium');
  const ben = world.join('ben', 'firefox');
  const cat = world.join('cat', 'safari');
  world.run(1_500);
  for (const [viewer, ...others] of [
    [ann, ben, cat],
    [ben, ann, cat],
    [cat, ann, ben],
  ] as const) {
    for (const other of others) {
      // Safari's shape was written with two slots of each kind.
      const slot = viewer.slotOf(other.peer, 'camera');
      expect(slot).toBeGreaterThanOrEqual(0);
      expect(viewer.video[slot]?.newest?.label?.client).toBe(other.number);
    }
  }
  expect(world.check()).toEqual([]);
});
