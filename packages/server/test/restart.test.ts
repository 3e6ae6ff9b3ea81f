// A server that stops, and one that comes up again without its memory.

import { CLOSE, MAX_ROOM_LIMIT } from '@maru/protocol';
import { expect, test } from 'vitest';
import { Secret } from '../src/secret.js';
import { STATE, TestClient } from './support/client.js';
import { FakeClock } from './support/fake-clock.js';
import { testServer } from './support/server.js';

/** A server, stopped and started again ten seconds later with the same key: what clients hold, and the new server. */
async function restarted(names: readonly string[], config: Parameters<typeof testServer>[0] = {}) {
  const before = await testServer(config);
  const joined = [];
  for (const name of names) joined.push(await (await before.client()).join('room', name));
  await before.close();
  const server = await testServer(config, { clock: new FakeClock(before.clock.unixTime() + 10_000) });
  return { server, joined };
}

test('[RES-11] a server that stops tells every socket and closes it with 1012', async () => {
  const server = await testServer();
  const inside = await server.client();
  await inside.join('room', 'A');
  const neighbour = await server.client();
  await neighbour.join('room', 'B');
  const lobby = await server.client();
  const silent = await TestClient.open(server.url);
  await inside.nextOf('peer-joined');
  const stopped = server.close();
  for (const client of [inside, neighbour, lobby, silent]) {
    expect(await client.nextOf('closing')).toEqual({ type: 'closing', reason: 'restart' });
    expect(await client.closed).toBe(CLOSE.restart);
    expect(client.inbox.filter(({ type }) => type === 'peer-away')).toEqual([]);
  }
  await stopped;
  await expect(TestClient.open(server.url)).rejects.toThrow('ECONNREFUSED');
  expect(server.clock.pending).toBe(0);
});

test('[RES-11] a client that does not answer the closing handshake does not hold the stop up', async () => {
  const server = await testServer();
  const client = await server.client();
  client.socket.pause();
  const stopped = server.close();
  server.clock.advance(2_000);
  await stopped;
  client.socket.resume();
  client.socket.terminate();
});

test('[RES-11] while a server drains it is not ready, refuses joins, and lets calls go on', async () => {
  const server = await testServer({ drainMs: 5_000 });
  const inside = await server.client();
  await inside.join('room', 'A');
  const lobby = await server.client();
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const stopped = server.close();
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const join = { type: 'join', room: 'room', name: 'B', state: STATE, offers: [] as string[] } as const;
  expect(await lobby.ask(join)).toMatchObject({ code: 'server-closing' });
  await inside.expect('ok', { type: 'state', state: { ...STATE, rev: 1 } });
  await expect(TestClient.open(server.url)).rejects.toThrow('503');
  server.clock.advance(5_000);
  expect(await inside.closed).toBe(CLOSE.restart);
  await stopped;
});

test('[RES-6] a forged or altered token is refused, whichever character is changed', async () => {
  const server = await testServer();
  const client = await server.client();
  const { token } = await client.join('room', 'A');
  await client.drop();
  const thief = await server.client();
  const altered = [...token].map((character, at) => {
    const other = character === 'A' ? 'B' : 'A';
    return token.slice(0, at) + other + token.slice(at + 1);
  });
  for (const forged of [...altered, `${token}A`, token.slice(0, -1), `${token}.`, '.', 'x', `${token} `]) {
    const answer = await thief.resume(forged);
    expect(answer, forged).toMatchObject({ type: 'refused', code: 'resume-refused' });
  }
  expect(await thief.resume(token)).toMatchObject({ type: 'resumed' });
});

test('[RES-6] a token of a server with another key is refused', async () => {
  const other = await testServer({ secret: new Secret('another key, also of 32 characters or more') });
  const { token } = await (await other.client()).join('room', 'A');
  const server = await testServer();
  expect(await (await server.client()).resume(token)).toMatchObject({ code: 'resume-refused' });
});

test('[RES-7] after a restart the same peers come back with the same ids and orders', async () => {
  const { server, joined } = await restarted(['A', 'B', 'C']);
  const back: TestClient[] = [];
  for (const { token, self } of joined) {
    const client = await server.client();
    const answer = await client.resume(token, { rev: 4, name: self.name });
    expect(answer).toMatchObject({
      type: 'resumed',
      rebuilt: true,
      self: { ...self, state: { ...STATE, rev: 4 } },
      peers: joined.slice(0, back.length).map((former) => ({ id: former.self.id, presence: 'present' })),
    });
    for (const other of back) {
      expect(await other.nextOf('peer-back')).toMatchObject({ peer: { id: self.id, order: self.order } });
    }
    back.push(client);
  }
});

test('[RES-7] newcomers after a restart are newer than those who come back', async () => {
  const { server, joined } = await restarted(['A']);
  const newcomer = await server.client();
  const { self } = await newcomer.join('room', 'N');
  expect(self.order).toBeGreaterThan(joined[0]?.self.order ?? Number.POSITIVE_INFINITY);
  const back = await server.client();
  expect(await back.resume(joined[0]?.token ?? '')).toMatchObject({ peers: [{ id: self.id }] });
});

test('[RES-7] a room being rebuilt may exceed its limit, and holds newcomers to it', async () => {
  const { server, joined } = await restarted(['A', 'B'], { roomLimit: 2 });
  const newcomer = await server.client();
  await newcomer.join('room', 'N');
  for (const { token } of joined) {
    expect(await (await server.client()).resume(token)).toMatchObject({ type: 'resumed' });
  }
  const late = await server.client();
  const join = { type: 'join', room: 'room', name: 'L', state: STATE, offers: [] as string[] } as const;
  expect(await late.ask(join)).toMatchObject({ code: 'room-full' });
  const { occupancy } = await late.expect('peeked', { type: 'peek', room: 'room' });
  expect(occupancy).toMatchObject({ count: 3, limit: 2 });
  expect(occupancy.names.length).toBeLessThanOrEqual(MAX_ROOM_LIMIT);
});

test('[RES-7] tokens of the former life count for 60 s', async () => {
  const { server, joined } = await restarted(['A', 'B']);
  await server.pass(57_500);
  expect(await (await server.client()).resume(joined[0]?.token ?? '')).toMatchObject({ rebuilt: true });
  await server.pass(2_500);
  expect(await (await server.client()).resume(joined[1]?.token ?? '')).toMatchObject({
    code: 'resume-refused',
  });
});

test('[RES-7] a former token still gives back the place that it has rebuilt, also later', async () => {
  const { server, joined } = await restarted(['A', 'B']);
  const [a, b] = joined;
  const first = await server.client();
  await first.resume(a?.token ?? '');
  const other = await server.client();
  await other.resume(b?.token ?? '');
  await server.pass(120_000);
  await first.drop();
  await other.nextOf('peer-away');
  expect(await (await server.client()).resume(a?.token ?? '')).toMatchObject({ self: { id: a?.self.id } });
});

test('[RES-7] a lock is remembered by those inside, unless someone has decided anew', async () => {
  const { server, joined } = await restarted(['A', 'B']);
  const first = await server.client();
  expect(await first.resume(joined[0]?.token ?? '', { locked: true })).toMatchObject({
    room: { locked: true },
  });
  const newcomer = await server.client();
  const join = { type: 'join', room: 'room', name: 'N', state: STATE, offers: [] as string[] } as const;
  expect(await newcomer.ask(join)).toMatchObject({ code: 'room-locked' });
  await first.expect('ok', { type: 'lock', locked: false });
  const second = await server.client();
  expect(await second.resume(joined[1]?.token ?? '', { locked: true })).toMatchObject({
    room: { locked: false },
  });
});

test('[RES-7] a lock remembered by one who comes later is told to those inside', async () => {
  const { server, joined } = await restarted(['A', 'B']);
  const first = await server.client();
  await first.resume(joined[0]?.token ?? '');
  const back = await server.client();
  await back.resume(joined[1]?.token ?? '', { locked: true });
  expect(await first.nextOf('room-locked')).toMatchObject({ locked: true, by: joined[1]?.self.id });
});

test.each([null, false, true])(
  '[RES-7] who came in before the lock was remembered is out again, having set it to %s or not',
  async (set) => {
    const { server, joined } = await restarted(['A', 'B']);
    const first = await server.client();
    await first.resume(joined[0]?.token ?? '');
    const newcomer = await server.client();
    const { self, token } = await newcomer.join('room', 'N');
    if (set !== null) await newcomer.expect('ok', { type: 'lock', locked: set });
    await first.events();
    const back = await server.client();
    const answer = await back.resume(joined[1]?.token ?? '', { locked: true });
    expect(answer).toMatchObject({ room: { locked: true }, peers: [{ id: joined[0]?.self.id }] });
    expect(await newcomer.closed).toBe(CLOSE.locked);
    const told = (await first.events()).map(({ type }) => type);
    expect(told).toEqual(['peer-left', 'peer-back', ...(set === true ? [] : ['room-locked'])]);
    const again = await server.client();
    expect(await again.resume(token)).toMatchObject({ code: 'resume-refused' });
    const join = { type: 'join', room: 'room', name: 'N', state: STATE, offers: [] as string[] } as const;
    expect(await again.ask(join)).toMatchObject({ code: 'room-locked' });
    expect(await back.ask({ type: 'signal', to: self.id, data: 'x' })).toMatchObject({
      code: 'unknown-peer',
    });
  },
);

test('[RES-4] who has left or expired since the restart does not come back by a former token', async () => {
  const { server, joined } = await restarted(['A', 'B']);
  const watcher = await server.client();
  const [a, b] = [await server.client(), await server.client()];
  await a.resume(joined[0]?.token ?? '');
  await b.resume(joined[1]?.token ?? '');
  await a.expect('ok', { type: 'leave' });
  expect(await watcher.resume(joined[0]?.token ?? '')).toMatchObject({ code: 'resume-refused' });
  const keeper = await server.client();
  await keeper.join('room', 'keeper');
  await b.drop();
  await keeper.nextOf('peer-away');
  await server.pass(30_000);
  await keeper.nextOf('peer-left');
  expect(await watcher.resume(joined[1]?.token ?? '')).toMatchObject({ code: 'resume-refused' });
});

test('a token of a former life that is older than a day is refused', async () => {
  const before = await testServer();
  const { token } = await (await before.client()).join('room', 'A');
  await before.close();
  const server = await testServer({}, { clock: new FakeClock(before.clock.unixTime() + 86_500_000) });
  expect(await (await server.client()).resume(token)).toMatchObject({ code: 'resume-refused' });
});
