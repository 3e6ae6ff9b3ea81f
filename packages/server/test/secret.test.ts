// A secret cannot be printed, and neither it nor what people say shows up in the log.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../src/secret.js';
import { TestClient } from './support/client.js';
import { testServer } from './support/server.js';

test('every way of printing a secret says [secret]', () => {
  const secret = new Secret('hunter2');
  const printed = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ a: [secret] }),
  ];
  for (const text of printed) {
    expect(text).toContain('[secret]');
    expect(text).not.toContain('hunter2');
  }
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe('hunter2');
});

test.each(['info', 'debug'] as const)(
  'at level %s the log of a whole call holds nothing private',
  async (logLevel) => {
    const server = await testServer({
      logLevel,
      trustProxy: ['loopback'],
      turn: ['turn:relay.example'],
      turnSecret: new Secret('the-shared-secret'),
    });
    const client = (address: string) =>
      TestClient.greet(server.url, { headers: { 'x-forwarded-for': address } });
    const a = await client('203.0.113.7');
    const b = await client('203.0.113.8');
    const joinedA = await a.join('the-room-name', 'the-display-name', ['v=0 the-offer']);
    const { self, token, iceServers } = await b.join('the-room-name', 'another-name');
    await a.nextOf('peer-joined');
    a.say({
      type: 'signal',
      to: self.id,
      data: '{"candidate":"candidate:1 1 udp 1 203.0.113.9 5000 typ host"}',
    });
    await b.nextOf('signal');
    b.raw('{"type":"nonsense","candidate":"203.0.113.9"}');
    await b.nextOf('refused');
    await b.drop();
    await a.nextOf('peer-away');
    await (await server.client()).resume(`${token.slice(0, -1)}!`);
    expect(await (await client('203.0.113.10')).resume(token)).toMatchObject({ type: 'resumed' });
    await a.expect('ok', { type: 'leave' });
    await server.close();

    const log = server.log.join('');
    const steps = ['room-opened', 'peer-joined', 'peer-away', 'peer-back', 'peer-left', 'server stopped'];
    for (const step of steps) expect(log).toContain(`"msg":"${step}"`);
    const secrets = [
      joinedA.token,
      token,
      token.slice(0, 40),
      'the-shared-secret',
      iceServers[0]?.credential,
    ];
    const said = ['v=0', 'candidate', '203.0.113.9', 'the-room-name', 'the-display-name', 'another-name'];
    for (const text of [...secrets, ...said]) expect(log, text).not.toContain(text ?? 'missing');
    // The address of a client is for debugging only.
    expect(log.includes('203.0.113.7')).toBe(logLevel === 'debug');
  },
);
