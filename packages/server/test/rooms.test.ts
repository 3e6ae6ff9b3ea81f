// Entering, being in, locking and leaving a room, over real sockets.

import { MAX_ROOM_NAME_LENGTH, type ServerMessage } from '@maru/protocol';
import { expect, test } from 'vitest';
import { STATE, type TestClient } from './support/client.js';
import { type TestServer, testServer } from './support/server.js';

const join = (room: string, name: string, offers: string[] = []) =>
  ({ type: 'join', room, name, state: STATE, offers }) as const;

async function inside(server: TestServer, room: string, ...names: string[]): Promise<TestClient[]> {
  const clients: TestClient[] = [];
  for (const name of names) {
    const client = await server.client();
    await client.join(room, name);
    clients.push(client);
  }
  await Promise.all(clients.map((client) => client.events()));
  return clients;
}

test('[ROOM-1] names that are equal after NFC and trimming are one room, told in that form', async () => {
  const server = await testServer();
  const [client] = [await server.client()];
  await client.join('한글 방'.normalize('NFD'), 'a');
  const other = await server.client();
  const joined = await other.join('  한글 방 ', 'b');
  expect(joined.room.name).toBe('한글 방'.normalize('NFC'));
  expect(joined.peers).toHaveLength(1);
});

test.each([
  '',
  '   ',
  'a\u0000b',
  'a\nb',
  '\u202Eabc',
  'a\u2028b',
  '\uD800',
  'x'.repeat(65),
  '👋'.repeat(65),
])('[ROOM-1] %j is refused with bad-room-name', async (room) => {
  const server = await testServer();
  const client = await server.client();
  expect(await client.ask({ type: 'peek', room })).toMatchObject({ code: 'bad-room-name' });
  expect(await client.ask(join(room, 'a'))).toMatchObject({ code: 'bad-room-name' });
});

test('[ROOM-1] 64 code points are a name, whatever they are', async () => {
  const server = await testServer();
  const client = await server.client();
  const name = '👋'.repeat(MAX_ROOM_NAME_LENGTH);
  expect((await client.join(name, 'a')).room.name).toBe(name);
});

test.each(['', ' ', 'a\tb', '\u2066x', 'n'.repeat(65)])(
  '[ROOM-2] the display name %j is refused with bad-name',
  async (name) => {
    const server = await testServer();
    const client = await server.client();
    expect(await client.ask(join('room', name))).toMatchObject({ code: 'bad-name' });
    const resume = {
      type: 'resume',
      token: 'x',
      name,
      state: STATE,
      locked: false,
      topology: 'mesh',
      epoch: 0,
    } as const;
    expect(await client.ask(resume)).toMatchObject({ code: 'bad-name' });
  },
);

test('[ROOM-2] a display name is told in its normal form', async () => {
  const server = await testServer();
  const client = await server.client();
  expect((await client.join('room', ` ${'가나'.normalize('NFD')} `)).self.name).toBe('가나');
});

test('[ROOM-3] peek tells who is inside, and occupancy follows until the watcher goes elsewhere', async () => {
  const server = await testServer({ stun: ['stun:stun.example:3478'], roomLimit: 3 });
  const watcher = await server.client();
  const empty = await watcher.expect('peeked', { type: 'peek', room: 'room' });
  expect(empty.occupancy).toEqual({
    room: 'room',
    count: 0,
    limit: 3,
    locked: false,
    names: [],
    topology: 'mesh',
  });
  expect(empty.iceServers).toEqual([{ urls: ['stun:stun.example:3478'] }]);

  const [a] = await inside(server, 'room', 'Ann');
  expect((await watcher.nextOf('occupancy')).occupancy).toMatchObject({ count: 1, names: ['Ann'] });
  await a?.expect('ok', { type: 'lock', locked: true });
  await server.pass(250);
  expect((await watcher.nextOf('occupancy')).occupancy).toEqual({
    room: 'room',
    count: 1,
    limit: 3,
    locked: true,
    names: [],
    topology: 'mesh',
  });
  await a?.expect('ok', { type: 'leave' });
  await server.pass(250);
  expect((await watcher.nextOf('occupancy')).occupancy).toMatchObject({ count: 0, locked: false });

  await watcher.expect('peeked', { type: 'peek', room: 'elsewhere' });
  await inside(server, 'room', 'Ben');
  expect(await watcher.events()).toEqual([]);
});

test('[ROOM-3] the first change is told at once, what changes within 250 ms after it together', async () => {
  const server = await testServer({ messageRate: 0 });
  const watcher = await server.client();
  await watcher.expect('peeked', { type: 'peek', room: 'room' });
  const client = await server.client();
  for (let round = 1; round <= 4; round++) {
    for (let n = 0; n < 20; n++) {
      await client.join('room', `${round}.${n}`);
      await client.expect('ok', { type: 'leave' });
    }
    await client.join('room', `${round}`);
    const counts = (await watcher.events()).map(
      (event) => event.type === 'occupancy' && event.occupancy.count,
    );
    // Only the very first change came after a quiet while: the later rounds are each told when the time is over.
    expect(counts).toEqual(round === 1 ? [1] : []);
    await server.pass(250);
    expect(await watcher.nextOf('occupancy')).toMatchObject({ occupancy: { names: [`${round}`] } });
    expect(await watcher.events()).toEqual([]);
    await client.expect('ok', { type: 'leave' });
  }
  await server.pass(250);
  expect(await watcher.nextOf('occupancy')).toMatchObject({ occupancy: { count: 0 } });
  await server.pass(250);
  await client.join('room', 'after a quiet while');
  expect(await watcher.nextOf('occupancy')).toMatchObject({ occupancy: { count: 1 } });
});

test('[ROOM-3] a watcher that joins hears no more occupancy, and a locked room keeps its names', async () => {
  const server = await testServer();
  const [a] = await inside(server, 'room', 'Ann');
  await a?.expect('ok', { type: 'lock', locked: true });
  const watcher = await server.client();
  const peeked = await watcher.expect('peeked', { type: 'peek', room: 'room' });
  expect(peeked.occupancy).toMatchObject({ count: 1, locked: true, names: [] });
  await watcher.join('other', 'w');
  await a?.expect('ok', { type: 'lock', locked: false });
  expect(await watcher.events()).toEqual([]);
});

test('[ROOM-4] ids are new and orders grow with each join, also after others have left', async () => {
  const server = await testServer();
  const orders: number[] = [];
  const ids = new Set<string>();
  const anchor = await server.client();
  orders.push((await anchor.join('room', 'anchor')).self.order);
  for (let n = 0; n < 5; n++) {
    const client = await server.client();
    const { self } = await client.join('room', `n${n}`);
    orders.push(self.order);
    ids.add(self.id);
    await client.expect('ok', { type: 'leave' });
  }
  expect(orders).toEqual([...new Set(orders)].sort((a, b) => a - b));
  expect(ids.size).toBe(5);
});

test('[ROOM-5] each peer present is dealt one offer, in the order of the seats; the away get none', async () => {
  const server = await testServer();
  const [a, b, c] = await inside(server, 'room', 'A', 'B', 'C');
  await b?.drop();
  await a?.nextOf('peer-away');
  const newcomer = await server.client();
  const joined = await newcomer.join('room', 'N', ['offer-0', 'offer-1', 'left over']);
  expect(joined.peers.map(({ name, offer, presence }) => [name, offer, presence])).toEqual([
    ['A', 0, 'present'],
    ['B', null, 'away'],
    ['C', 1, 'present'],
  ]);
  expect(await a?.nextOf('peer-joined')).toMatchObject({ offer: 'offer-0', peer: { name: 'N' } });
  expect(await c?.nextOf('peer-joined')).toMatchObject({ offer: 'offer-1' });
});

test('[ROOM-5] a peer for whom no offer is left gets null', async () => {
  const server = await testServer();
  const [a, b] = await inside(server, 'room', 'A', 'B');
  const newcomer = await server.client();
  const joined = await newcomer.join('room', 'N', ['only']);
  expect(joined.peers.map(({ offer }) => offer)).toEqual([0, null]);
  expect((await a?.nextOf('peer-joined'))?.offer).toBe('only');
  expect((await b?.nextOf('peer-joined'))?.offer).toBeNull();
});

test('[ROOM-6] of two joins at the same instant exactly one is the newcomer to the other', async () => {
  const server = await testServer();
  for (let round = 0; round < 20; round++) {
    const room = `room ${round}`;
    const [a, b] = [await server.client(), await server.client()];
    const [first, second] = await Promise.all([a.join(room, 'a', ['x']), b.join(room, 'b', ['x'])]);
    expect([first.peers.length, second.peers.length].sort()).toEqual([0, 1]);
    const [host, newcomer] = first.peers.length === 0 ? [a, second] : [b, first];
    expect((await host.nextOf('peer-joined')).peer.id).toBe(newcomer.self.id);
    expect(newcomer.self.order).toBeGreaterThan(newcomer.peers[0]?.order ?? Number.POSITIVE_INFINITY);
  }
});

test('[ROOM-7] a full room refuses with its limit, and a peer that is away keeps its place', async () => {
  const server = await testServer({ roomLimit: 2 });
  const [a, b] = await inside(server, 'room', 'A', 'B');
  const third = await server.client();
  const full = { type: 'refused', code: 'room-full', limit: 2 };
  expect(await third.ask(join('room', 'C'))).toMatchObject(full);
  await b?.drop();
  await a?.nextOf('peer-away');
  expect(await third.ask(join('room', 'C'))).toMatchObject(full);
  await server.pass(30_000);
  expect(await third.ask(join('room', 'C'))).toMatchObject({ type: 'joined' });
});

test('[ROOM-8] inside a room join, peek and resume are refused with already-joined', async () => {
  const server = await testServer();
  const client = await server.client();
  const { token } = await client.join('room', 'A');
  expect(await client.ask(join('other', 'A'))).toMatchObject({ code: 'already-joined' });
  expect(await client.ask({ type: 'peek', room: 'room' })).toMatchObject({ code: 'already-joined' });
  expect(await client.resume(token)).toMatchObject({ code: 'already-joined' });
  const watcher = await server.client();
  const peeked = await watcher.expect('peeked', { type: 'peek', room: 'other' });
  expect(peeked.occupancy.count).toBe(0);
});

test('[ROOM-9] signal, state, lock and ice outside a room are refused with not-in-room', async () => {
  const server = await testServer();
  const client = await server.client();
  const refused = { type: 'refused', code: 'not-in-room' };
  for (const after of ['before joining', 'after leaving']) {
    if (after === 'after leaving') {
      await client.join('room', 'A');
      await client.expect('ok', { type: 'leave' });
    }
    expect(await client.ask({ type: 'signal', to: 'a'.repeat(16), data: 'x' })).toMatchObject(refused);
    expect(await client.ask({ type: 'state', state: STATE })).toMatchObject(refused);
    expect(await client.ask({ type: 'lock', locked: true })).toMatchObject(refused);
    expect(await client.ask({ type: 'ice' })).toMatchObject(refused);
  }
});

test('[ROOM-10] a newer state goes to everyone else once; an older one is only acknowledged', async () => {
  const server = await testServer();
  const [a, b, c] = await inside(server, 'room', 'A', 'B', 'C');
  const newer = { ...STATE, rev: 5, hand: true };
  await a?.expect('ok', { type: 'state', state: newer });
  for (const rev of [5, 4, 0]) await a?.expect('ok', { type: 'state', state: { ...STATE, rev } });
  for (const other of [b, c]) {
    expect(await other?.events()).toEqual([
      { type: 'peer-state', peer: expect.any(String), state: newer } satisfies Partial<ServerMessage>,
    ]);
  }
  expect(await a?.events()).toEqual([]);
  const newcomer = await server.client();
  expect((await newcomer.join('room', 'N')).peers[0]?.state).toEqual(newer);
});

test('[ROOM-11] a locked room refuses newcomers but not one who resumes, and forgets its lock when empty', async () => {
  const server = await testServer();
  const a = await server.client();
  const { self } = await a.join('room', 'A');
  const b = await server.client();
  const { token } = await b.join('room', 'B');
  await a.nextOf('peer-joined');
  await a.expect('ok', { type: 'lock', locked: true });
  expect(await b.nextOf('room-locked')).toEqual({ type: 'room-locked', locked: true, by: self.id });
  const newcomer = await server.client();
  expect(await newcomer.ask(join('room', 'N'))).toMatchObject({ code: 'room-locked' });
  await b.drop();
  await a.nextOf('peer-away');
  const back = await server.client();
  expect(await back.resume(token)).toMatchObject({ type: 'resumed', room: { locked: true } });
  await back.expect('ok', { type: 'leave' });
  await a.expect('ok', { type: 'leave' });
  expect((await newcomer.join('room', 'N')).room.locked).toBe(false);
});

test('[ROOM-11] setting the lock to what it is tells nobody', async () => {
  const server = await testServer();
  const [a, b] = await inside(server, 'room', 'A', 'B');
  await a?.expect('ok', { type: 'lock', locked: false });
  expect(await b?.events()).toEqual([]);
});

test('[ROOM-12] leave frees the place at once and everyone else is told once', async () => {
  const server = await testServer({ roomLimit: 3 });
  const [a, b, c] = await inside(server, 'room', 'A', 'B', 'C');
  await c?.expect('ok', { type: 'leave' });
  await c?.expect('ok', { type: 'leave' });
  await c?.close();
  for (const other of [a, b]) {
    expect(await other?.nextOf('peer-left')).toMatchObject({ reason: 'left' });
  }
  await server.pass(60_000);
  const newcomer = await server.client();
  expect((await newcomer.join('room', 'N')).peers).toHaveLength(2);
  expect((await a?.events())?.map(({ type }) => type)).toEqual(['peer-joined']);
});

test('[ROOM-12] one who has left can join again on the same socket, as someone new', async () => {
  const server = await testServer();
  const client = await server.client();
  const first = await client.join('room', 'A');
  await client.expect('ok', { type: 'leave' });
  const second = await client.join('room', 'A');
  expect(second.self.id).not.toBe(first.self.id);
});
