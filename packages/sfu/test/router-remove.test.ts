// What is left of a link that has gone: nothing, neither in what is told nor in memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Everything by which a link could be held: its plan's parts are held by its streams, slots and routes. */
function traces(client: FakeClient): [string, WeakRef<object>][] {
  const { plan } = client;
  const found: [string, WeakRef<object>][] = [
    ['plan', new WeakRef(plan)],
    ['extensions', new WeakRef(plan.extensions)],
  ];
  for (const line of plan.lines) found.push([line.line, new WeakRef(line)]);
  for (const slot of [...plan.audioSlots, ...plan.videoSlots])
    found.push([`slot ${slot.mid}`, new WeakRef(slot)]);
  return found;
}

/** A room that somebody was in, and has left: what could be held of them. */
function visited(world: RoomWorld, during: (visitor: FakeClient) => void): [string, WeakRef<object>][] {
  const visitor = world.join('visitor');
  visitor.encoding('mic').level = 20;
  visitor.send('screen');
  visitor.send('screenAudio');
  world.run(1_500);
  during(visitor);
  const held = traces(visitor);
  world.leave(visitor);
  world.forget(visitor);
  return held;
}

async function heldAfter(
  world: RoomWorld,
  traced: [string, WeakRef<object>][],
  ms: number,
): Promise<string[]> {
  world.run(ms);
  // Weak references hold until the present job ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  return traced.flatMap(([name, reference]) => (reference.deref() === undefined ? [] : [name]));
}

test('a room that goes on keeps nothing of who has left', async () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.run(500);
  const traced = visited(world, () => {
    world.want(ann, [0, 'visitor', 1_280], [1, 'visitor', 1_280, 'screen'], [2, 'ben', 320]);
    world.run(2_000);
  });
  expect(await heldAfter(world, traced, 5_000)).toEqual([]);
  expect(ann.told.at(-1)?.seats.map(({ peer }) => peer)).toEqual(['ben', 'ben']);
  expect(ann.speakers.at(-1)?.peer).toBeNull();
  expect(ben.reachable.at(-1)).toEqual(['ann']);
  expect(world.check()).toEqual([]);
});

test('nor of who left while others were losing packets, or were paused', async () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  ann.down.options.loss = 0.2;
  const ben = world.join('ben');
  ben.down.options.rate = 120_000;
  world.run(500);
  const traced = visited(world, () => world.run(2_000));
  expect(await heldAfter(world, traced, 5_000)).toEqual([]);
});

/** Two links that have come and gone: one that another one replaced, and one that never had a seat. */
function passedBy(world: RoomWorld): [string, WeakRef<object>][] {
  const replaced = world.join('ben');
  world.run(1_000);
  world.join('ben');
  const lobby = world.open('cat');
  world.connect(lobby);
  lobby.send('camera');
  world.run(1_000);
  world.leave(lobby);
  const traced = [replaced, lobby].flatMap(traces);
  for (const client of [replaced, lobby]) world.forget(client);
  return traced;
}

test('nor of a link that was replaced, or never had a seat', async () => {
  const world = new RoomWorld();
  const ann = world.join('ann');
  world.run(500);
  expect(await heldAfter(world, passedBy(world), 5_000)).toEqual([]);
  expect(ann.slotOf('ben', 'camera')).toBeGreaterThanOrEqual(0);
});

test('a room from which everyone has gone is empty, and nothing more is sent', () => {
  const world = new RoomWorld();
  const clients = ['ann', 'ben', 'cat'].map((peer) => world.join(peer));
  const waiting = world.open('dan');
  world.connect(waiting);
  world.run(1_000);
  for (const client of [...clients, waiting]) world.leave(client);
  expect(world.room.empty).toBe(true);
  const sent = world.traffic.packetsOut;
  world.run(1_000);
  expect(world.traffic.packetsOut).toBe(sent);
  // Packets of links that are gone may still be on the way.
  world.room.receive('ann-0', Buffer.alloc(100, 0x80), world.now);
  world.room.want('ann-0', [], world.now);
  world.room.seat('ann-0', 'ann', world.now);
  world.room.connected('ann-0', world.now);
  world.room.controlOpen('ann-0', world.now);
  world.room.remove('ann-0', world.now);
  expect(world.check()).toEqual([]);
});
