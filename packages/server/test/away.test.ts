// Losing the socket, coming back in time, coming back too late, coming back twice.

import { CLOSE, GRACE_MS } from '@maru/protocol';
import { expect, test } from 'vitest';
import { STATE, TestClient } from './support/client.js';
import { type TestServer, testServer } from './support/server.js';

async function pair(server: TestServer) {
  const a = await server.client();
  const joinedA = await a.join('room', 'A');
  const b = await server.client();
  const joinedB = await b.join('room', 'B');
  await a.nextOf('peer-joined');
  return { a, b, joinedA, joinedB };
}

test('[RES-1] a socket that answers no ping is dropped after 10 to 15 s', async () => {
  const server = await testServer();
  const watcher = await server.client();
  await watcher.join('room', 'watcher');
  const dead = await TestClient.greet(server.url, { autoPong: false });
  await dead.join('room', 'dead');
  await watcher.nextOf('peer-joined');
  await server.pass(10_000);
  expect(await watcher.events()).toEqual([]);
  await server.pass(5_000);
  expect(await watcher.nextOf('peer-away')).toMatchObject({ type: 'peer-away' });
  expect(await dead.closed).toBe(1006);
});

test('[RES-1] a page that says nothing is alive as long as its browser answers pings', async () => {
  const server = await testServer();
  const beside = await server.client();
  const throttled = await TestClient.greet(server.url);
  let pings = 0;
  throttled.socket.on('ping', () => pings++);
  for (let beat = 1; beat <= 24; beat++) {
    await server.pass(5_000);
    await expect.poll(() => pings).toBe(beat);
    // The answer is on its way when the ping has been seen; this makes sure that it has arrived.
    await beside.expect('ok', { type: 'ping' });
    await beside.expect('ok', { type: 'ping' });
  }
  expect(throttled.isClosed).toBe(false);
  expect(await throttled.ask({ type: 'ping' })).toMatchObject({ type: 'ok' });
});

test('[RES-1] a server that itself stood still drops nobody for it', async () => {
  const server = await testServer();
  const client = await server.client();
  await server.pass(5_000);
  // An hour asleep: the interval fires once when it wakes, and the answers are read only after that.
  server.clock.skip(3_600_000);
  await server.pass(10_000);
  expect(client.isClosed).toBe(false);
});

test('[RES-2] a lost socket makes the peer away, told once; place, id, name and order are kept', async () => {
  const server = await testServer();
  const { a, b, joinedB } = await pair(server);
  await b.drop();
  expect(await a.nextOf('peer-away')).toEqual({ type: 'peer-away', peer: joinedB.self.id });
  await server.pass(GRACE_MS - 2_500);
  expect(await a.events()).toEqual([]);
  const newcomer = await server.client();
  const { peers } = await newcomer.join('room', 'N');
  expect(peers.find(({ id }) => id === joinedB.self.id)).toEqual({
    ...joinedB.self,
    presence: 'away',
    offer: null,
  });
});

test('[RES-3] resume gives the place back on another connection, with the whole room in the answer', async () => {
  const server = await testServer({ stun: ['stun:stun.example:3478'] });
  const { a, b, joinedA, joinedB } = await pair(server);
  await b.drop();
  await a.nextOf('peer-away');
  await a.expect('ok', { type: 'lock', locked: true });
  await server.pass(20_000);
  const back = await server.client();
  const answer = await back.resume(joinedB.token, { rev: 3 });
  expect(answer).toEqual({
    type: 'resumed',
    re: expect.any(Number),
    self: { ...joinedB.self, state: { ...STATE, rev: 3 } },
    room: { ...joinedB.room, locked: true },
    token: expect.any(String),
    graceMs: GRACE_MS,
    iceServers: joinedB.iceServers,
    peers: [joinedA.self],
    rebuilt: false,
  });
  expect(await a.events()).toEqual([
    { type: 'peer-back', peer: { ...joinedB.self, state: { ...STATE, rev: 3 } } },
  ]);
  a.say({ type: 'signal', to: joinedB.self.id, data: 'again' });
  expect((await back.nextOf('signal')).data).toBe('again');
});

test('[RES-3] the token of the answer serves the next time too, and so does the former one', async () => {
  const server = await testServer();
  const { a, b, joinedB } = await pair(server);
  let last = b;
  for (let n = 0; n < 4; n++) {
    await last.drop();
    await a.nextOf('peer-away');
    last = await server.client();
    expect(await last.resume(joinedB.token)).toMatchObject({ self: { id: joinedB.self.id } });
    await a.nextOf('peer-back');
  }
});

test('[RES-4] after the grace period the peer is gone, told once, and its token refused', async () => {
  const server = await testServer();
  const { a, b, joinedB } = await pair(server);
  await b.drop();
  await a.nextOf('peer-away');
  await server.pass(GRACE_MS);
  expect(await a.nextOf('peer-left')).toEqual({
    type: 'peer-left',
    peer: joinedB.self.id,
    reason: 'expired',
  });
  const late = await server.client();
  expect(await late.resume(joinedB.token)).toMatchObject({ code: 'resume-refused' });
  await server.pass(GRACE_MS * 2);
  expect(await a.events()).toEqual([]);
});

test('[RES-4] peers that went at different times expire each in its own time', async () => {
  const server = await testServer();
  const { a, b, joinedB } = await pair(server);
  const c = await server.client();
  const joinedC = await c.join('room', 'C');
  await b.drop();
  await a.nextOf('peer-away');
  await server.pass(15_000);
  await c.drop();
  await a.nextOf('peer-away');
  await server.pass(15_000);
  expect((await a.nextOf('peer-left')).peer).toBe(joinedB.self.id);
  await server.pass(12_500);
  expect((await a.events()).filter(({ type }) => type === 'peer-left')).toEqual([]);
  await server.pass(2_500);
  expect((await a.nextOf('peer-left')).peer).toBe(joinedC.self.id);
});

test('[RES-4] one who has left cannot resume', async () => {
  const server = await testServer();
  const { b, joinedB } = await pair(server);
  await b.expect('ok', { type: 'leave' });
  expect(await b.resume(joinedB.token)).toMatchObject({ code: 'resume-refused' });
});

test('[RES-5] a resume beside a socket that seems alive replaces it, and others are told that it is back', async () => {
  const server = await testServer();
  const { a, b, joinedB } = await pair(server);
  const again = await server.client();
  expect(await again.resume(joinedB.token)).toMatchObject({ type: 'resumed', self: joinedB.self });
  expect(await b.nextOf('closing')).toEqual({ type: 'closing', reason: 'replaced' });
  expect(await b.closed).toBe(CLOSE.replaced);
  await server.pass(GRACE_MS);
  expect(await a.events()).toEqual([{ type: 'peer-back', peer: joinedB.self }]);
  a.say({ type: 'signal', to: joinedB.self.id, data: 'to the new one' });
  expect((await again.nextOf('signal')).data).toBe('to the new one');
});

test('[RES-5] what a replaced socket still sends is not listened to', async () => {
  const server = await testServer();
  const { a, b, joinedA, joinedB } = await pair(server);
  const again = await server.client();
  // On one socket in one batch: the resume and, behind it on the other, what must not be heard any more.
  again.say({
    type: 'resume',
    token: joinedB.token,
    name: 'B',
    state: STATE,
    locked: false,
    topology: 'mesh',
    epoch: 0,
  });
  await again.nextOf('resumed');
  if (!b.isClosed) b.say({ type: 'signal', to: joinedA.self.id, data: 'ghost' });
  await b.closed;
  expect((await a.events()).map(({ type }) => type)).toEqual(['peer-back']);
});

test('[RES-5] a newer state of the one who resumes is told with its return, and an older one is not', async () => {
  const server = await testServer();
  const { a, joinedB } = await pair(server);
  const again = await server.client();
  await again.resume(joinedB.token, { rev: 9 });
  const newer = { ...joinedB.self, state: { ...STATE, rev: 9 } };
  expect(await a.events()).toEqual([{ type: 'peer-back', peer: newer }]);
  await (await server.client()).resume(joinedB.token, { rev: 3 });
  expect(await a.events()).toEqual([{ type: 'peer-back', peer: newer }]);
});
