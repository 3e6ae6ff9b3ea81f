// What is not a message is refused, counted, and changes nothing.

import { CLOSE, MAX_MESSAGE_BYTES } from '@maru/protocol';
import { expect, test } from 'vitest';
import { STATE } from './support/client.js';
import { testServer } from './support/server.js';

const MALFORMED: readonly (readonly [string, number | null])[] = [
  ['', null],
  ['{', null],
  ['[]', null],
  ['null', null],
  ['"ping"', null],
  ['{"id":7}', 7],
  ['{"type":"ping"}', null],
  ['{"type":"ping","id":7,"extra":1}', 7],
  ['{"type":"unknown","id":7}', 7],
  ['{"type":"constructor","id":7}', 7],
  ['{"type":"ping","id":-1}', null],
  ['{"type":"ping","id":1.5}', null],
  ['{"type":"ping","id":4294967296}', null],
  ['{"type":"ping","id":"7"}', null],
  ['{"type":"ping","id":7,"room":"x"}', 7],
  ['{"type":"peek","id":7}', 7],
  ['{"type":"peek","id":7,"room":5}', 7],
  ['{"type":"lock","id":7,"locked":"yes"}', 7],
  ['{"type":"ping","id":7,"__proto__":{"polluted":1}}', 7],
  ['[[[['.repeat(20_000), null],
];

test.each(MALFORMED)('[MSG-1] %.40s is refused with bad-message', async (text, re) => {
  const server = await testServer();
  const client = await server.client();
  client.raw(text);
  expect(await client.nextOf('refused')).toEqual({ type: 'refused', re, code: 'bad-message' });
  expect(await client.events()).toEqual([]);
});

test('[MSG-1] a binary frame is refused even when it holds a message', async () => {
  const server = await testServer();
  const client = await server.client();
  client.raw(Buffer.from('{"type":"ping","id":7}'));
  expect(await client.nextOf('refused')).toEqual({ type: 'refused', re: null, code: 'bad-message' });
});

test('[MSG-2] 262,144 bytes are read, one more is refused with too-large, and the socket lives on', async () => {
  const server = await testServer();
  const client = await server.client();
  const message = '{"type":"ping","id":7}';
  client.raw(message.padEnd(MAX_MESSAGE_BYTES, ' '));
  expect(await client.nextOf('ok')).toEqual({ type: 'ok', re: 7 });
  client.raw(message.padEnd(MAX_MESSAGE_BYTES + 1, ' '));
  expect(await client.nextOf('refused')).toEqual({ type: 'refused', re: null, code: 'too-large' });
  expect(await client.events()).toEqual([]);
});

test('[MSG-2] bytes count, not characters', async () => {
  const server = await testServer();
  const client = await server.client();
  client.raw(JSON.stringify({ type: 'signal', id: 7, to: 'a'.repeat(16), data: '각'.repeat(90_000) }));
  expect(await client.nextOf('refused')).toMatchObject({ code: 'too-large' });
});

test('[MSG-2] what is far too large closes the socket with 1009 while it is read', async () => {
  const server = await testServer();
  const client = await server.client();
  client.raw(' '.repeat(2_000_000));
  expect(await client.closed).toBe(CLOSE.tooBig);
});

test('[MSG-4] every refusal is counted by its code', async () => {
  const server = await testServer({ metrics: true });
  const client = await server.client();
  client.raw('nonsense');
  await client.nextOf('refused');
  await client.ask({ type: 'state', state: STATE });
  await client.ask({ type: 'ice' });
  await client.ask({ type: 'peek', room: ' ' });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('maru_refused_total{code="bad-message"} 1');
  expect(metrics).toContain('maru_refused_total{code="not-in-room"} 2');
  expect(metrics).toContain('maru_refused_total{code="bad-room-name"} 1');
});

test("[MSG-5] a failure of the server's own is answered with internal, logged, and changes nothing", async () => {
  let fail = false;
  let made = 0;
  const server = await testServer(
    {},
    {
      makeId(length) {
        if (fail) throw new Error('no randomness left');
        return `${made++}`.padStart(length, 'x');
      },
    },
  );
  const inside = await server.client();
  await inside.join('room', 'inside');
  const watcher = await server.client();
  const { occupancy } = await watcher.expect('peeked', { type: 'peek', room: 'room' });
  const newcomer = await server.client();
  fail = true;
  const join = { type: 'join', room: 'room', name: 'newcomer', state: STATE, offers: [] } as const;
  expect(await newcomer.ask({ ...join, offers: [] })).toMatchObject({ type: 'refused', code: 'internal' });
  expect(await newcomer.ask({ type: 'peek', room: 'room' })).toMatchObject({ code: 'internal' });
  expect(server.log.filter((line) => line.includes('no randomness left'))).toHaveLength(2);
  expect(await inside.events()).toEqual([]);
  expect(await watcher.events()).toEqual([]);
  fail = false;
  expect((await newcomer.expect('peeked', { type: 'peek', room: 'room' })).occupancy).toEqual(occupancy);
  expect((await newcomer.join('room', 'newcomer')).peers).toHaveLength(1);
});
