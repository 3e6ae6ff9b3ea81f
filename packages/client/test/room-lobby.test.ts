// The lobby: looking at the room from outside, and offers made ready for those inside.

import { describe, expect, test } from 'vitest';
import { ICE_REFRESH_MS } from '../src/room/ice-servers.js';
import { MOST_OFFERS, OFFER_AGE_MS } from '../src/room/prepared-offers.js';
import { settle } from '../src/testing/fake-env.js';
import { occupancy, ROOM, TestRoom } from './support/test-room.js';

describe('looking at the room', () => {
  test('the socket opens at once and peeks right behind hello', () => {
    const { socket, snapshot } = new TestRoom();
    expect(socket.url).toBe('wss://maru.example/ws');
    expect(snapshot).toMatchObject({ phase: 'lobby', signalling: 'connecting', ready: false, room: ROOM });
    socket.open();
    expect(socket.types).toEqual(['hello', 'peek']);
    expect(socket.last('peek').room).toBe(ROOM);
  });

  test('[ROOM-3] the snapshot shows who is inside, and follows', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked('Ann');
    expect(test.snapshot).toMatchObject({ signalling: 'open', occupancy: { count: 1, names: ['Ann'] } });
    test.socket.say({ type: 'occupancy', occupancy: occupancy('Ann', 'Bo') });
    expect(test.snapshot.occupancy).toMatchObject({ count: 2, names: ['Ann', 'Bo'] });
  });

  test('[ROOM-1] a room name is brought into its one form before it is asked for', () => {
    const { socket } = new TestRoom('  마루 ');
    socket.open();
    expect(socket.last('peek').room).toBe('마루');
  });

  test('[ROOM-1] a room name that cannot be used is an error, and no socket is kept', async () => {
    const { clock, sockets, snapshot, room } = new TestRoom('\u0007');
    expect(snapshot).toMatchObject({ signalling: 'closed', error: { code: 'bad-room-name' } });
    await expect(room.join({ name: 'me' })).rejects.toMatchObject({ code: 'bad-room-name' });
    await clock.advance(60_000);
    expect(sockets.all).toHaveLength(0);
  });

  test('a server that cannot be reached shows as an error until it can', async () => {
    const test = new TestRoom();
    test.socket.end();
    expect(test.snapshot.error?.code).toBe('server-unreachable');
    await test.clock.advance(500);
    test.welcome();
    expect(test.snapshot.error).toBeNull();
  });

  test('[HS-2] a page that is too old says so and stops trying', async () => {
    const test = new TestRoom();
    test.socket.open();
    await test.refuse('hello', 'protocol-too-old');
    expect(test.snapshot).toMatchObject({ signalling: 'closed', error: { code: 'protocol-too-old' } });
    await test.clock.advance(120_000);
    expect(test.sockets.all).toHaveLength(1);
    await expect(test.room.join({ name: 'me' })).rejects.toMatchObject({ code: 'protocol-too-old' });
  });

  test('a refused look is repeated where that can help', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.refuse('peek', 'server-busy', { retryAfterMs: 1_000 });
    await test.clock.advance(2_000);
    test.welcome();
    await test.peeked();
    expect(test.snapshot.ready).toBe(true);
  });

  test('a lost socket makes it not ready; the next one peeks again', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked();
    expect(test.snapshot.ready).toBe(true);
    test.socket.end();
    expect(test.snapshot).toMatchObject({ ready: false, signalling: 'reconnecting' });
    await test.clock.advance(500);
    test.welcome();
    await test.peeked('Ann');
    expect(test.snapshot).toMatchObject({ ready: true, signalling: 'open' });
  });
});

describe('offers made ready', () => {
  test('one for each peer inside; ready when all are', async () => {
    const test = new TestRoom();
    test.links.instant = false;
    test.welcome();
    await test.peeked('Ann', 'Bo');
    expect(test.links.waiting).toHaveLength(2);
    test.links.prepared[0]?.finish();
    await settle();
    expect(test.snapshot.ready).toBe(false);
    test.links.prepared[1]?.finish();
    await settle();
    expect(test.snapshot.ready).toBe(true);
  });

  test('more come, more are made; some go, some are freed', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked('Ann');
    test.socket.say({ type: 'occupancy', occupancy: occupancy('Ann', 'Bo', 'Cy') });
    expect(test.links.waiting).toHaveLength(3);
    test.socket.say({ type: 'occupancy', occupancy: occupancy() });
    expect(test.links.waiting).toHaveLength(0);
  });

  test('never more than the others in a full room, nor than a browser bears', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked('a', 'b', 'c', 'd', 'e', 'f');
    expect(test.links.waiting).toHaveLength(5);
    const names = Array.from({ length: 16 }, (_, i) => `p${i}`);
    test.socket.say({ type: 'occupancy', occupancy: { ...occupancy(...names), limit: 16 } });
    expect(test.links.waiting).toHaveLength(MOST_OFFERS);
  });

  test('one that cannot be made does not keep anyone from joining', async () => {
    const test = new TestRoom();
    test.links.instant = false;
    test.welcome();
    await test.peeked('Ann');
    test.links.prepared[0]?.fail();
    await settle();
    expect(test.snapshot.ready).toBe(true);
  });

  test('old ones are made again, and serve until the new ones are there', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked('Ann');
    test.links.instant = false;
    await test.stay(OFFER_AGE_MS);
    const [old, fresh] = test.links.prepared;
    expect(old?.state).toBe('waiting');
    expect(test.snapshot.ready).toBe(true);
    fresh?.finish();
    await settle();
    expect(old?.state).toBe('disposed');
    expect(test.links.waiting).toEqual([fresh]);
  });

  test('another network makes them again: their candidates are of the former one', async () => {
    const test = new TestRoom();
    test.welcome();
    await test.peeked('Ann');
    test.wakeups.tell('visible');
    expect(test.links.prepared).toHaveLength(1);
    test.wakeups.tell('online');
    await settle();
    expect(test.links.prepared.map(({ state }) => state)).toEqual(['disposed', 'waiting']);
  });

  test('other ICE servers make new offers; fresh credentials of the same do not', async () => {
    const test = new TestRoom();
    test.iceServers = [{ urls: ['turn:a.example'], username: 'u', credential: '1' }];
    test.welcome();
    await test.peeked('Ann');
    expect(test.links.prepared).toHaveLength(1);
    test.iceServers = [{ urls: ['turn:a.example'], username: 'u', credential: '2' }];
    await test.reconnect();
    await test.peeked('Ann');
    expect(test.links.prepared).toHaveLength(1);
    expect(test.iceServersInUse()[0]?.credential).toBe('2');
    test.iceServers = [{ urls: ['turn:b.example'] }];
    await test.reconnect();
    await test.peeked('Ann');
    expect(test.links.prepared).toHaveLength(2);
  });

  test('credentials are fetched anew before they can run out', async () => {
    const test = new TestRoom();
    test.iceServers = [{ urls: ['turn:a.example'], username: 'u', credential: '1' }];
    test.welcome();
    await test.peeked();
    expect(test.socket.count('peek')).toBe(1);
    await test.stay(ICE_REFRESH_MS);
    expect(test.socket.count('peek')).toBe(2);
  });

  test('credentials that say when they end are fetched anew at half their life', async () => {
    const test = new TestRoom();
    const end = Math.floor(test.clock.unixTime() / 1_000) + 80;
    test.iceServers = [{ urls: ['turn:a.example'], username: `${end}:somebody`, credential: '1' }];
    test.welcome();
    await test.peeked();
    await test.stay(39_000);
    expect(test.socket.count('peek')).toBe(1);
    await test.stay(2_000);
    expect(test.socket.count('peek')).toBe(2);
  });

  test('they carry what is published, also what changes later', async () => {
    const test = new TestRoom();
    const track = { id: 'camera' } as MediaStreamTrack;
    test.welcome();
    await test.peeked('Ann');
    test.media.publish('camera', track);
    expect(test.links.prepared[0]?.tracks.camera).toBe(track);
    test.socket.say({ type: 'occupancy', occupancy: occupancy('Ann', 'Bo') });
    expect(test.links.prepared[1]?.tracks.camera).toBe(track);
  });
});

test('closing in the lobby frees offers, socket, timers and listeners', async () => {
  const test = new TestRoom();
  test.welcome();
  await test.peeked('Ann', 'Bo');
  test.room.close();
  expect(test.links.waiting).toHaveLength(0);
  expect(test.socket.closed).toBe(true);
  expect(test.socket.count('leave')).toBe(0);
  expect(test.clock.pending).toBe(0);
  expect(test.media.listeners + test.wakeups.listeners).toBe(0);
  expect(test.snapshot).toMatchObject({ phase: 'left', signalling: 'closed', error: null });
});

test('[REP-1] an ICE server that gave nothing is reported, once a minute for each failure', async () => {
  const test = new TestRoom();
  test.welcome();
  await test.peeked('Ann');
  const fail = (failure: 'unreachable' | 'credentials'): void =>
    test.linkWorld?.iceServerFailed?.('turn:turn.example', failure);
  fail('unreachable');
  fail('unreachable');
  fail('credentials');
  expect(test.socket.last('report')).toMatchObject({ url: 'turn:turn.example', failure: 'credentials' });
  expect(test.socket.count('report')).toBe(2);
  await test.stay(60_000);
  fail('unreachable');
  expect(test.socket.count('report')).toBe(3);
});
