// Who is heard: everyone in a small room, the loudest in a large one; and who is told to be the speaker.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

/** A room of people who have only a microphone. */
function voices(world: RoomWorld, count: number): FakeClient[] {
  return Array.from({ length: count }, (_, index) => {
    const client = world.open(`p${index}`);
    client.send('mic');
    world.connect(client);
    world.seat(client);
    return client;
  });
}

const heardBy = (client: FakeClient): string[] =>
  (client.told.at(-1)?.seats ?? []).filter(({ line }) => line === 'mic').map(({ peer }) => peer);

/** Whose packets come in audio slots, in the last 200 ms. */
function audible(world: RoomWorld, client: FakeClient): number[] {
  const packets = client.audio.flatMap((output) => output.since(world.now - 200));
  return [...new Set(packets.flatMap(({ label }) => (label ? [label.client] : [])))].sort((a, b) => a - b);
}

test('in a small room everyone is heard, also while they say nothing', () => {
  const world = new RoomWorld();
  const clients = voices(world, 10);
  world.run(1_000);
  for (const client of clients) {
    const others = clients.filter((other) => other !== client);
    expect(audible(world, client)).toEqual(others.map(({ number }) => number));
    expect(heardBy(client).sort()).toEqual(others.map(({ peer }) => peer).sort());
  }
  expect(world.check()).toEqual([]);
});

test.each([12, 30])('in a room of %i the loudest are heard, and keep their seats', (count) => {
  const world = new RoomWorld();
  const clients = voices(world, count);
  world.run(500);
  const speakers = [clients[count - 1], clients[count - 2], clients[count - 3]] as FakeClient[];
  for (const { encoding } of speakers.map((client) => ({ encoding: client.encoding('mic') })))
    encoding.level = 25;
  world.run(2_000);
  const listener = clients[0] as FakeClient;
  for (const { peer, number } of speakers) {
    expect(heardBy(listener)).toContain(peer);
    expect(audible(world, listener)).toContain(number);
  }
  const told = clients.map((client) => client.told.length);
  // Talk has pauses and its loudness goes up and down: nobody changes seats for that.
  for (let turn = 0; turn < 12; turn += 1) {
    for (const [index, client] of speakers.entries()) {
      client.encoding('mic').level = turn % 3 === index ? 127 : 22 + ((turn * 7 + index * 5) % 20);
    }
    world.run(250);
  }
  expect(clients.map((client) => client.told.length)).toEqual(told);
  expect(world.check()).toEqual([]);
});

test('a microphone that is muted keeps its seat in a small room and is heard again at once', () => {
  const world = new RoomWorld();
  const [ann, ben] = voices(world, 3) as [FakeClient, FakeClient];
  world.run(500);
  const seat = ann.slotOf(ben.peer, 'mic');
  ben.send('mic', false);
  world.run(5_000);
  expect(ann.slotOf(ben.peer, 'mic')).toBe(seat);
  expect(audible(world, ann)).not.toContain(ben.number);
  ben.send('mic');
  world.run(60);
  expect(audible(world, ann)).toContain(ben.number);
  expect(world.check()).toEqual([]);
});

test('the sound of a screen gets a seat when it comes, also among many silent microphones', () => {
  const world = new RoomWorld();
  const clients = voices(world, 14);
  const [ann, ben] = clients as [FakeClient, FakeClient];
  world.run(500);
  expect(ann.told.at(-1)?.seats.some(({ line }) => line === 'screenAudio')).toBe(false);
  const voicesHeard = heardBy(ann).length;
  ben.send('screenAudio');
  world.run(500);
  expect(heardBy(ann)).toHaveLength(voicesHeard - 1);
  const seat = ann.slotOf(ben.peer, 'screenAudio');
  expect(seat).toBeGreaterThanOrEqual(0);
  expect(ann.audio[seat]?.newest?.label).toMatchObject({ client: ben.number, line: 'screenAudio' });
  // It ends, and leaves its seat to a microphone.
  ben.send('screenAudio', false);
  world.run(6_000);
  expect(ann.slotOf(ben.peer, 'screenAudio')).toBe(-1);
  expect(heardBy(ann)).toHaveLength(voicesHeard);
  expect(world.check()).toEqual([]);
});

test('the speaker is told when somebody speaks, not for the sound of a screen, and not for a short word', () => {
  const world = new RoomWorld();
  const [ann, ben, cat] = voices(world, 3) as [FakeClient, FakeClient, FakeClient];
  cat.send('screenAudio');
  cat.encoding('screenAudio').level = 10;
  world.run(3_000);
  expect(ann.speakers).toEqual([]);
  ben.encoding('mic').level = 25;
  const from = world.now;
  world.run(3_000);
  expect(ann.speakers.map(({ peer }) => peer)).toEqual([ben.peer]);
  expect((ann.speakers[0]?.at ?? 0) - from).toBeLessThan(1_000);
  expect(ben.speakers.map(({ peer }) => peer)).toEqual([ben.peer]);
  ann.encoding('mic').level = 25;
  world.run(200);
  ann.encoding('mic').level = 127;
  world.run(3_000);
  expect(ann.speakers).toHaveLength(1);
  // Who comes later is told as well.
  const dan = world.open('dan');
  world.connect(dan);
  world.seat(dan);
  world.run(300);
  expect(dan.speakers.map(({ peer }) => peer)).toEqual([ben.peer]);
  world.leave(ben);
  world.run(300);
  expect(ann.speakers.at(-1)?.peer).toBeNull();
});

test('a client with fewer slots hears the first ones', () => {
  const world = new RoomWorld();
  const clients = voices(world, 4);
  // Its shape was written with two audio slots.
  const apple = world.open('apple', 'safari');
  world.connect(apple);
  world.seat(apple);
  world.run(500);
  expect(audible(world, apple)).toEqual(clients.slice(0, 2).map(({ number }) => number));
  expect(world.check()).toEqual([]);
});
