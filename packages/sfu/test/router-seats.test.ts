// Rooms of the SFU: who is seen by whom, before and after a client has said what it wants.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

function joined(world: RoomWorld, ...peers: string[]): FakeClient[] {
  return peers.map((peer) => world.join(peer));
}

/** Who is told to be in the video slots, by slot. */
function seen(client: FakeClient): Record<number, string> {
  const seats = client.told.at(-1)?.seats.filter(({ line }) => line === 'camera' || line === 'screen') ?? [];
  return Object.fromEntries(
    seats.map(({ slot, peer, line }) => [slot, line === 'camera' ? peer : `${peer} ${line}`]),
  );
}

/** Whose packets a video slot was sent in the last 500 ms. */
function flowing(world: RoomWorld, client: FakeClient, slot: number): number[] {
  const packets = client.video[slot]?.since(world.now - 500) ?? [];
  return [...new Set(packets.flatMap(({ label }) => (label ? [label.client] : [])))];
}

test('everyone sees and hears everyone else, before anybody has said what it wants', () => {
  const world = new RoomWorld();
  const clients = joined(world, 'ann', 'ben', 'cat');
  world.run(2_000);
  for (const client of clients) {
    const others = clients.filter((other) => other !== client);
    for (const { peer, number } of others) {
      const slot = client.slotOf(peer, 'camera');
      // The seats of a voice and of its picture have one number: browsers play these in sync.
      expect(slot).toBe(client.slotOf(peer, 'mic'));
      expect(flowing(world, client, slot)).toEqual([number]);
      const voice = client.audio[slot]?.newest;
      expect(voice).toMatchObject({ label: { client: number, line: 'mic' } });
      expect(world.now - (voice?.at ?? 0)).toBeLessThan(60);
    }
    expect(client.told.at(-1)?.seats).toHaveLength(2 * others.length);
    expect(client.told.flatMap(({ seats }) => seats).filter(({ peer }) => peer === client.peer)).toEqual([]);
  }
  expect(world.check()).toEqual([]);
});

test('a slot goes to its picture at once and is told only when it flows', () => {
  const world = new RoomWorld();
  const [ann, ben] = joined(world, 'ann', 'ben') as [FakeClient, FakeClient];
  ben.send('camera', false);
  world.run(500);
  expect(seen(ann)).toEqual({});
  expect(ann.slotOf('ben', 'mic')).toBe(1);
  ben.send('camera');
  world.run(200);
  expect(seen(ann)).toEqual({ 1: 'ben' });
  expect(world.check()).toEqual([]);
});

test('a `want` replaces what was shown, and the next one it', () => {
  const world = new RoomWorld();
  const [ann] = joined(world, 'ann', 'ben', 'cat', 'dan') as [FakeClient];
  world.run(1_000);
  world.want(ann, [3, 'cat'], [7, 'dan', 300]);
  world.run(1_000);
  expect(seen(ann)).toEqual({ 3: 'cat', 7: 'dan' });
  expect(flowing(world, ann, 3)).toEqual([3]);
  expect(flowing(world, ann, 7)).toEqual([4]);
  for (const slot of [1, 2]) expect(flowing(world, ann, slot)).toEqual([]);
  world.want(ann, [3, 'ben']);
  world.run(1_000);
  expect(seen(ann)).toEqual({ 3: 'ben' });
  expect(flowing(world, ann, 3)).toEqual([2]);
  world.want(ann);
  world.run(1_000);
  expect(seen(ann)).toEqual({});
  expect(flowing(world, ann, 3)).toEqual([]);
  // Voices are not asked for.
  expect(ann.told.at(-1)?.seats.map(({ line }) => line)).toEqual(['mic', 'mic', 'mic']);
  expect(world.check()).toEqual([]);
});

test('one picture may be in two slots, at two sizes', () => {
  const world = new RoomWorld();
  const [ann] = joined(world, 'ann', 'ben') as [FakeClient];
  world.want(ann, [0, 'ben', 200], [1, 'ben', 1_280]);
  world.run(4_000);
  expect(ann.video[0]?.newest?.label?.rid).toBe('l');
  expect(ann.video[1]?.newest?.label?.rid).toBe('h');
  expect(world.check()).toEqual([]);
});

test('the own picture, unknown peers and slots that are not there are left out', () => {
  const world = new RoomWorld();
  const [ann] = joined(world, 'ann', 'ben') as [FakeClient];
  world.want(ann, [0, 'ann'], [1, 'nobody'], [99, 'ben'], [2, 'ben'], [4, 'ben', 640, 'screen']);
  world.run(1_000);
  expect(seen(ann)).toEqual({ 2: 'ben' });
  for (const slot of [0, 1, 4]) expect(ann.video[slot]?.media).toEqual([]);
  expect(world.check()).toEqual([]);
});

test('what is wanted of somebody who is not there yet is shown when they come', () => {
  const world = new RoomWorld();
  const [ann] = joined(world, 'ann') as [FakeClient];
  world.want(ann, [5, 'ben']);
  world.run(300);
  const ben = world.join('ben');
  world.run(300);
  expect(seen(ann)).toEqual({ 5: 'ben' });
  world.leave(ben);
  world.run(100);
  expect(ann.told.at(-1)?.seats).toEqual([]);
  expect(world.check()).toEqual([]);
});

test('a `want` that came before the link had its seat counts from the seat on', () => {
  const world = new RoomWorld();
  joined(world, 'ann', 'ben');
  const cat = world.open('cat');
  world.connect(cat);
  world.want(cat, [8, 'ben']);
  world.run(500);
  world.seat(cat);
  world.run(500);
  expect(seen(cat)).toEqual({ 8: 'ben' });
  expect(world.check()).toEqual([]);
});

test('a screen is shown beside the camera of the same person', () => {
  const world = new RoomWorld();
  const [ann, ben] = joined(world, 'ann', 'ben') as [FakeClient, FakeClient];
  ben.send('screen');
  world.want(ann, [0, 'ben', 320], [1, 'ben', 1_920, 'screen', 3]);
  world.run(4_000);
  expect(seen(ann)).toEqual({ 0: 'ben', 1: 'ben screen' });
  expect(ann.video[1]?.newest?.label).toMatchObject({ line: 'screen', rid: 'h' });
  expect(world.check()).toEqual([]);
});

test('before the first `want` nobody jumps from slot to slot, whoever speaks, comes or goes', () => {
  const world = new RoomWorld();
  const clients = joined(world, ...Array.from({ length: 13 }, (_, index) => `p${index}`));
  const [ann] = clients as [FakeClient];
  world.run(1_000);
  const before = seen(ann);
  expect(Object.keys(before)).toHaveLength(12);
  // The last of them has no audio seat yet, and takes one by speaking.
  (clients[12] as FakeClient).encoding('mic').level = 20;
  world.run(2_000);
  expect(ann.slotOf('p12', 'mic')).toBeGreaterThanOrEqual(0);
  world.join('late');
  world.run(500);
  expect(seen(ann)).toMatchObject(before);
  world.leave(clients[5] as FakeClient);
  world.run(500);
  const left = Object.fromEntries(Object.entries(before).filter(([, peer]) => peer !== 'p5'));
  expect(seen(ann)).toMatchObject(left);
  expect(world.check()).toEqual([]);
});

test('a slot that is taken from one and given to another is empty in between', () => {
  const world = new RoomWorld();
  const [ann] = joined(world, 'ann', 'ben', 'cat') as [FakeClient];
  // So narrow that the packets of the former are waiting when the next one begins.
  ann.down.options.rate = 400_000;
  world.want(ann, [0, 'ben', 640]);
  world.run(3_000);
  for (let turn = 0; turn < 10; turn += 1) {
    world.want(ann, [0, turn % 2 === 0 ? 'cat' : 'ben', 640]);
    world.run(437);
  }
  // `check` finds a packet of one that comes after the other was told.
  expect(world.check()).toEqual([]);
});

test('seats that are told are those in which something flows', () => {
  const world = new RoomWorld();
  const [ann, ben] = joined(world, 'ann', 'ben', 'cat') as [FakeClient, FakeClient];
  world.run(1_000);
  expect(seen(ann)).toEqual({ 1: 'ben', 2: 'cat' });
  // One RTCP BYE for each encoding: the camera has ended.
  ben.send('camera', false);
  const ssrcs = ben.of('camera').map(({ ssrc }) => ssrc);
  world.send(ben, ben.say({ kind: 'bye', ssrcs, reason: '' }));
  world.run(100);
  expect(seen(ann)).toEqual({ 2: 'cat' });
  ben.send('camera');
  world.run(700);
  expect(seen(ann)).toEqual({ 1: 'ben', 2: 'cat' });
  expect(world.check()).toEqual([]);
});
