// Signals reach one peer of the same room, under the sender's own name, or nobody.

import { MAX_SIGNAL_LENGTH } from '@maru/protocol';
import { expect, test } from 'vitest';
import { testServer } from './support/server.js';

async function pair() {
  const server = await testServer({ messageRate: 0, addressMessageRate: 0 });
  const a = await server.client();
  const { self: selfA } = await a.join('room', 'A');
  const b = await server.client();
  const { self: selfB, token: tokenB } = await b.join('room', 'B');
  await a.nextOf('peer-joined');
  return { server, a, b, idA: selfA.id, idB: selfB.id, tokenB };
}

test('[SIG-1] a signal reaches exactly the peer named, and the server writes who it is from', async () => {
  const { server, a, b, idA, idB } = await pair();
  const c = await server.client();
  await c.join('room', 'C');
  await Promise.all([a, b].map((client) => client.nextOf('peer-joined')));
  a.say({ type: 'signal', to: idB, data: 'for B' });
  expect(await b.nextOf('signal')).toEqual({ type: 'signal', from: idA, data: 'for B' });
  expect(await c.events()).toEqual([]);
  expect(await a.events()).toEqual([]);
});

test('[SIG-1] a signal that claims a sender is refused', async () => {
  const { a, b, idB } = await pair();
  a.raw(JSON.stringify({ type: 'signal', id: 99, to: idB, from: idB, data: 'spoofed' }));
  expect(await a.nextOf('refused')).toMatchObject({ re: 99, code: 'bad-message' });
  expect(await b.events()).toEqual([]);
});

test('[SIG-2] a peer of another room is as unknown as nobody', async () => {
  const { server, a } = await pair();
  const stranger = await server.client();
  const { self } = await stranger.join('elsewhere', 'S');
  for (const to of [self.id, 'A'.repeat(16)]) {
    expect(await a.ask({ type: 'signal', to, data: 'x' })).toMatchObject({ code: 'unknown-peer' });
  }
  expect(await stranger.events()).toEqual([]);
});

test('[SIG-3] a peer that is away gets nothing, then or later', async () => {
  const { server, a, b, idB, tokenB } = await pair();
  await b.drop();
  await a.nextOf('peer-away');
  expect(await a.ask({ type: 'signal', to: idB, data: 'lost' })).toMatchObject({ code: 'peer-away' });
  const back = await server.client();
  expect(await back.resume(tokenB)).toMatchObject({ type: 'resumed' });
  expect(await back.events()).toEqual([]);
});

test('[SIG-4] signals arrive in the order in which they were sent', async () => {
  const { a, b, idB } = await pair();
  const sent = Array.from({ length: 500 }, (_, n) => `${n}`.padEnd((n % 7) * 1_000 + 10, '.'));
  for (const data of sent) a.say({ type: 'signal', to: idB, data });
  const heard: string[] = [];
  while (heard.length < sent.length) heard.push((await b.nextOf('signal')).data);
  expect(heard).toEqual(sent);
});

test('[SIG-5] the data is a string of 1 to 65,536 UTF-16 units that nobody reads', async () => {
  const { a, b, idB } = await pair();
  const strange = ['x', '{"kind":"offer"}', '\u0000\uD83D\u2028', '각'.repeat(MAX_SIGNAL_LENGTH)];
  for (const data of strange) {
    a.say({ type: 'signal', to: idB, data });
    expect((await b.nextOf('signal')).data).toBe(data);
  }
  for (const data of ['', 'x'.repeat(MAX_SIGNAL_LENGTH + 1)]) {
    expect(await a.ask({ type: 'signal', to: idB, data })).toMatchObject({ code: 'bad-message' });
  }
  expect(await b.events()).toEqual([]);
});
