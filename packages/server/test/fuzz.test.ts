// Fifty thousand hostile messages over real sockets: all refused, nothing changed, nobody told, nothing broken.

import { type ServerMessage, serverMessageSchema } from '@maru/protocol';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { BadMessages, seeded, type Target } from './support/bad-messages.js';
import { STATE, TestClient } from './support/client.js';
import { type TestServer, testServer } from './support/server.js';

/** Seeds that have found something once; each is tried besides a fresh one. */
const KEPT_SEEDS: readonly number[] = [];
const MESSAGES = 51_000;
const IN_FLIGHT = 200;

async function attack(
  client: TestClient,
  count: number,
  next: () => string | Buffer,
): Promise<Map<string, number>> {
  const codes = new Map<string, number>();
  for (let sent = 0; sent < count; sent += IN_FLIGHT) {
    const batch = Math.min(IN_FLIGHT, count - sent);
    for (let n = 0; n < batch; n++) client.raw(next());
    for (let n = 0; n < batch; n++) {
      const answer = await client.next((message) => 're' in message);
      if (answer.type !== 'refused') throw new Error(`not refused: ${JSON.stringify(answer)}`);
      codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1);
    }
  }
  return codes;
}

/** A locked room with two present and one away, and what each of them knows. */
async function target(server: TestServer) {
  const clients: TestClient[] = [];
  const tokens: string[] = [];
  const peers: string[] = [];
  for (const name of ['A', 'B', 'C']) {
    const client = await server.client();
    const joined = await client.join('target', name);
    clients.push(client);
    tokens.push(joined.token);
    peers.push(joined.self.id);
  }
  const [a, b, c] = clients;
  if (!a || !b || !c) throw new Error('three have joined');
  await c.drop();
  await a.nextOf('peer-away');
  await a.expect('ok', { type: 'lock', locked: true });
  await Promise.all([a.events(), b.events()]);
  return { a, b, room: { room: 'target', peers, tokens } satisfies Target };
}

/** The whole room as one of those inside is told it. */
async function snapshot(server: TestServer, token: string): Promise<unknown> {
  const client = await server.client();
  const answer = await client.resume(token);
  const resumed = v.parse(serverMessageSchema, answer);
  if (resumed.type !== 'resumed') throw new Error(`expected resumed, got ${answer.type}`);
  return { self: resumed.self, room: resumed.room, peers: resumed.peers };
}

async function fuzz(seed: number): Promise<void> {
  const server = await testServer({ messageRate: 0, addressMessageRate: 0, logLevel: 'info' });
  const { a, b, room } = await target(server);
  const tokenA = room.tokens[0] ?? '';
  const before = {
    self: expect.objectContaining({ id: room.peers[0], presence: 'present', state: STATE }),
    room: expect.objectContaining({ locked: true }),
    peers: [
      expect.objectContaining({ id: room.peers[1], presence: 'present', state: STATE }),
      expect.objectContaining({ id: room.peers[2], presence: 'away', state: STATE }),
    ],
  };
  const bad = new BadMessages(seeded(seed), room);
  const silent = await TestClient.open(server.url);
  const outside = await server.client();
  const elsewhere = await server.client();
  const joined = await elsewhere.join('elsewhere', 'E');
  const share = MESSAGES / 3;
  const codes = await Promise.all([
    attack(silent, share, () => bad.beforeHello()),
    attack(outside, share, () => bad.outside()),
    attack(elsewhere, share, () => bad.elsewhere()),
  ]);

  const total = codes.flatMap((map) => [...map.values()]).reduce((sum, count) => sum + count, 0);
  expect(total).toBe(MESSAGES);
  const seen = new Set(codes.flatMap((map) => [...map.keys()]));
  expect([...seen].sort()).toEqual([
    ...[
      'already-joined',
      'bad-message',
      'bad-name',
      'bad-room-name',
      'hello-first',
      'not-in-room',
      'not-sfu',
      'resume-refused',
    ],
    ...['room-locked', 'too-large', 'unknown-peer'],
  ]);
  // Those inside were told nothing, and find the room as it was; so does the one elsewhere.
  const told: ServerMessage[][] = [await a.events(), await b.events()];
  expect(told).toEqual([[], []]);
  expect(await elsewhere.events()).toEqual([]);
  expect(await snapshot(server, joined.token)).toEqual({ self: joined.self, room: joined.room, peers: [] });
  expect(await snapshot(server, tokenA)).toEqual(before);
  expect(server.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
}

test('50,000 random hostile messages change nothing and break nothing', async () => {
  for (const seed of [...KEPT_SEEDS, Date.now() >>> 0]) {
    try {
      await fuzz(seed);
    } catch (cause) {
      throw new Error(`the fuzz failed with seed ${seed}`, { cause });
    }
  }
}, 120_000);

test('hostile messages that also come too fast get their sender thrown out, and nobody else notices', async () => {
  const server = await testServer({ messageRate: 50, addressMessageRate: 0, logLevel: 'info' });
  const { a, b, room } = await target(server);
  const bad = new BadMessages(seeded(1), room);
  for (let round = 0; round < 10; round++) {
    const client = await server.client();
    for (let n = 0; n < 1_000; n++) client.raw(bad.outside());
    expect(await client.closed).toBe(4429);
    const codes = client.inbox.map((message) => message.type === 'refused' && message.code);
    expect(codes).toContain('too-fast');
    expect(codes).not.toContain(false);
  }
  expect([await a.events(), await b.events()]).toEqual([[], []]);
});
