// Limits of speed and number, over real sockets.

import { CLOSE } from '@maru/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { STATE, TestClient } from './support/client.js';
import { testServer } from './support/server.js';

// The allowances read the machine's clock: it stands still, so that nothing is earned back while a test runs.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

// One message per second; four may come at once.
const SLOW = { messageRate: 1 };

test('[MSG-3] a socket that sends too fast is refused with too-fast, and nothing changes', async () => {
  const server = await testServer(SLOW);
  const client = await server.client();
  const other = await server.client();
  const { self } = await other.join('room', 'other');
  await client.join('room', 'client');
  await other.nextOf('peer-joined');
  // Hello and join were two of four.
  for (const data of ['third', 'fourth', 'fifth']) client.say({ type: 'signal', to: self.id, data });
  const id = client.say({ type: 'lock', locked: true });
  const refused = [await client.nextOf('refused'), await client.nextOf('refused')];
  expect(refused.map(({ re, code }) => [re, code])).toEqual([
    [id - 1, 'too-fast'],
    [id, 'too-fast'],
  ]);
  for (const { retryAfterMs } of refused) {
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);
  }
  expect((await other.events()).map((event) => event.type === 'signal' && event.data)).toEqual([
    'third',
    'fourth',
  ]);
});

test('[MSG-3] large messages count for several', async () => {
  const server = await testServer(SLOW);
  const client = await server.client();
  client.raw(`{"type":"ping","id":90}${' '.repeat(16_384 * 3)}`);
  expect(await client.nextOf('refused')).toMatchObject({ re: 90, code: 'too-fast' });
  expect(await client.ask({ type: 'ping' })).toMatchObject({ type: 'ok' });
});

test('[MSG-3] an address is limited over all its sockets together', async () => {
  const server = await testServer({ addressMessageRate: 2 });
  // Each costs two of eight: the handshake and the hello.
  const clients = [await server.client(), await server.client(), await server.client()];
  const answers = await Promise.all(clients.map((client) => client.ask({ type: 'ping' })));
  expect(answers.filter(({ type }) => type === 'refused')).toEqual([
    expect.objectContaining({ code: 'too-fast' }),
  ]);
  await expect(TestClient.open(server.url)).rejects.toThrow('429');
});

test('[MSG-3] one that does not slow down is closed with 4429, and its peer is away', async () => {
  const server = await testServer(SLOW);
  const other = await server.client();
  await other.join('room', 'other');
  const client = await server.client();
  await client.join('room', 'client');
  for (let n = 0; n < 300; n++) client.say({ type: 'ping' });
  expect(await client.closed).toBe(CLOSE.tooFast);
  await other.nextOf('peer-away');
});

test('one connection too many is told server-busy and asked to come later', async () => {
  const server = await testServer({ maxConnections: 2 });
  const first = await server.client();
  await server.client();
  const excess = await TestClient.open(server.url);
  expect(await excess.ask({ type: 'peek', room: 'room' })).toMatchObject({ code: 'hello-first' });
  expect(await excess.hello()).toMatchObject({ type: 'refused', code: 'server-busy' });
  expect(await excess.closed).toBe(CLOSE.tryAgainLater);
  await first.close();
  await expect.poll(async () => (await TestClient.greet(server.url)).socket.readyState).toBe(1);
});

test('connections of one address are limited, also behind a trusted proxy by the address in front of it', async () => {
  const server = await testServer({ maxConnectionsPerAddress: 1, trustProxy: ['loopback'] });
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  await TestClient.greet(server.url, from('203.0.113.1'));
  const second = await TestClient.open(server.url, from('203.0.113.1'));
  expect(await second.hello()).toMatchObject({ code: 'server-busy' });
  await TestClient.greet(server.url, from('203.0.113.2'));
  await TestClient.greet(server.url, from('2001:db8:1:2::1'));
  const sameNetwork = await TestClient.open(server.url, from('2001:db8:1:2:ffff::2'));
  expect(await sameNetwork.hello()).toMatchObject({ code: 'server-busy' });
});

test('one room too many is refused with server-busy', async () => {
  const server = await testServer({ maxRooms: 1 });
  const first = await server.client();
  await first.join('first', 'a');
  const second = await server.client();
  const join = { type: 'join', name: 'b', state: STATE, offers: [] as string[] } as const;
  expect(await second.ask({ ...join, room: 'second' })).toMatchObject({ code: 'server-busy' });
  expect(await second.ask({ ...join, room: 'first' })).toMatchObject({ type: 'joined' });
});
