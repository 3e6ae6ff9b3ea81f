// The first words on a socket, and who may open one.

import { CLOSE, PROTOCOL_VERSION } from '@maru/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { STATE, TestClient } from './support/client.js';
import { testServer } from './support/server.js';

test('[HS-1] anything before hello is refused with hello-first and changes nothing', async () => {
  const server = await testServer();
  const inside = await server.client();
  await inside.join('room', 'inside');
  const early = await TestClient.open(server.url);
  const requests = [
    { type: 'peek', room: 'room' },
    { type: 'join', room: 'room', name: 'early', state: STATE, offers: [] },
    { type: 'resume', token: 'x', name: 'early', state: STATE, locked: false, topology: 'mesh', epoch: 0 },
    { type: 'signal', to: 'a'.repeat(16), data: 'x' },
    { type: 'state', state: STATE },
    { type: 'lock', locked: true },
    { type: 'ice' },
    { type: 'ping' },
    { type: 'leave' },
  ] as const;
  for (const request of requests) {
    const copy = request.type === 'join' ? { ...request, offers: [] } : request;
    expect(await early.ask(copy)).toMatchObject({ type: 'refused', code: 'hello-first' });
  }
  expect(await inside.events()).toEqual([]);
  expect(await early.hello()).toMatchObject({ type: 'welcome', protocol: PROTOCOL_VERSION });
});

test.each([
  [0, 'protocol-too-old'],
  [PROTOCOL_VERSION + 1, 'protocol-too-new'],
])(
  '[HS-2] hello with version %i is refused with %s and the socket closed with 4400',
  async (version, code) => {
    const server = await testServer();
    const client = await TestClient.open(server.url);
    expect(await client.hello(version)).toMatchObject({ type: 'refused', code });
    expect(await client.closed).toBe(CLOSE.protocol);
  },
);

test('[HS-3] requests sent right behind hello are handled in the order in which they came', async () => {
  const server = await testServer();
  const client = await TestClient.open(server.url);
  client.say({ type: 'hello', protocol: PROTOCOL_VERSION, agent: 'test' });
  client.say({ type: 'peek', room: 'room' });
  client.say({ type: 'join', room: 'room', name: 'eager', state: STATE, offers: [] });
  client.say({ type: 'ping' });
  await client.next((message) => message.type === 'ok');
  expect(client.inbox.map(({ type }) => type)).toEqual(['welcome', 'peeked', 'joined']);
});

test('[HS-4] a socket without hello is closed with 4408 after 10 s, one that has said it is not', async () => {
  const server = await testServer();
  const silent = await TestClient.open(server.url);
  const polite = await server.client();
  await server.pass(7_500);
  expect(silent.isClosed).toBe(false);
  await server.pass(2_500);
  expect(await silent.closed).toBe(CLOSE.helloTimeout);
  await server.pass(10_000);
  expect(await polite.ask({ type: 'ping' })).toMatchObject({ type: 'ok' });
});

test('[HS-4] a refused request is no hello: the socket is closed all the same', async () => {
  const server = await testServer();
  const wrong = await TestClient.open(server.url);
  await wrong.ask({ type: 'ping' });
  server.clock.advance(10_000);
  expect(await wrong.closed).toBe(CLOSE.helloTimeout);
});

test('[HS-5] a page of another origin is refused with 403', async () => {
  const server = await testServer();
  for (const origin of [
    'https://evil.example',
    'null',
    'http://127.0.0.1:1',
    'http://127.0.0.1.evil.example',
  ]) {
    await expect(TestClient.open(server.url, { origin })).rejects.toThrow('403');
  }
});

test('[HS-5] the own origin, a configured one, and no origin at all are let in', async () => {
  const server = await testServer({ allowOrigins: ['https://intranet.example'] });
  for (const origin of [server.url, 'https://intranet.example', undefined]) {
    const client = await TestClient.greet(server.url, origin === undefined ? {} : { origin });
    await client.close();
  }
});

test('[HS-5] behind a trusted proxy the own host is the one that the browser asked for', async () => {
  const forwarded = { 'x-forwarded-host': 'maru.example', 'x-forwarded-proto': 'https' };
  const trusting = await testServer({ trustProxy: ['loopback'] });
  const options = { origin: 'https://maru.example', headers: forwarded };
  await (await TestClient.greet(trusting.url, options)).close();
  const wary = await testServer();
  await expect(TestClient.open(wary.url, options)).rejects.toThrow('403');
});

test('a WebSocket handshake at another path is refused with 404', async () => {
  const server = await testServer();
  await expect(TestClient.open(`${server.url}/elsewhere`)).rejects.toThrow('404');
});

test('[HS-5] a refused origin is a warning once for each host, and costs the address its allowance', async () => {
  // The allowance is earned back by the machine's clock: it stands still.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = await testServer({ addressMessageRate: 1 });
  const foreign = { origin: 'https://evil.example' };
  for (let n = 0; n < 4; n++) await expect(TestClient.open(server.url, foreign)).rejects.toThrow('403');
  await expect(TestClient.open(server.url, foreign)).rejects.toThrow('429');
  const lines = server.log.filter((line) => line.includes('another origin'));
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([40, 20, 20, 20]);
});
