// A join that is sent again because its answer was lost: never twice inside, never in one's own way.

import { CLOSE } from '@maru/protocol';
import { expect, test } from 'vitest';
import { STATE } from './support/client.js';
import { testServer } from './support/server.js';

const ATTEMPT = 'the-same-attempt';
const OTHER = 'another-attempt-';

test('[ROOM-13] the peer of the former join is gone first, told once, and the newcomer is newer', async () => {
  const server = await testServer();
  const other = await server.client();
  await other.join('room', 'other');
  const first = await server.client();
  const lost = await first.join('room', 'A', ['to nobody'], ATTEMPT);
  await other.nextOf('peer-joined');
  await first.drop();
  await other.nextOf('peer-away');
  const again = await server.client();
  const joined = await again.join('room', 'A', ['to the other'], ATTEMPT);
  expect(joined.peers.map(({ name }) => name)).toEqual(['other']);
  expect(joined.self.order).toBeGreaterThan(lost.self.order);
  expect(await other.events()).toEqual([
    { type: 'peer-left', peer: lost.self.id, reason: 'left' },
    { type: 'peer-joined', peer: joined.self, offer: 'to the other' },
  ]);
  expect(await (await server.client()).resume(lost.token)).toMatchObject({ code: 'resume-refused' });
  await server.pass(60_000);
  expect(await other.events()).toEqual([]);
});

test('[ROOM-13] a former socket that seems alive is told and closed', async () => {
  const server = await testServer();
  const first = await server.client();
  const lost = await first.join('room', 'A', [], ATTEMPT);
  const other = await server.client();
  await other.join('room', 'other');
  const again = await server.client();
  const joined = await again.join('room', 'A', [], ATTEMPT);
  expect(joined.peers.map(({ name }) => name)).toEqual(['other']);
  expect(await first.nextOf('closing')).toEqual({ type: 'closing', reason: 'replaced' });
  expect(await first.closed).toBe(CLOSE.replaced);
  expect((await other.events()).map(({ type }) => type)).toEqual(['peer-left', 'peer-joined']);
  other.say({ type: 'signal', to: joined.self.id, data: 'to the new one' });
  expect((await again.nextOf('signal')).data).toBe('to the new one');
  expect(await other.ask({ type: 'signal', to: lost.self.id, data: 'x' })).toMatchObject({
    code: 'unknown-peer',
  });
});

test('[ROOM-13] a full room is not full, and a locked one not locked, because of oneself', async () => {
  const server = await testServer({ roomLimit: 2 });
  const other = await server.client();
  await other.join('room', 'other');
  const first = await server.client();
  await first.join('room', 'A', [], ATTEMPT);
  await other.expect('ok', { type: 'lock', locked: true });
  await first.drop();
  await other.nextOf('peer-away');
  const stranger = await server.client();
  const join = { type: 'join', room: 'room', name: 'S', state: STATE, offers: [] as string[] } as const;
  expect(await stranger.ask({ ...join, attempt: OTHER })).toMatchObject({ code: 'room-locked' });
  const again = await server.client();
  expect((await again.join('room', 'A', [], ATTEMPT)).room.locked).toBe(true);
  await other.expect('ok', { type: 'lock', locked: false });
  expect(await stranger.ask({ ...join, attempt: OTHER })).toMatchObject({ code: 'room-full' });
});

test('[ROOM-13] alone inside, the room goes on, and its lock with it; in another room the mark means nothing', async () => {
  const server = await testServer();
  const first = await server.client();
  await first.join('room', 'A', [], ATTEMPT);
  await first.expect('ok', { type: 'lock', locked: true });
  const elsewhere = await server.client();
  await elsewhere.join('other room', 'A', [], ATTEMPT);
  expect(await first.events()).toEqual([]);
  const again = await server.client();
  const joined = await again.join('room', 'A', [], ATTEMPT);
  expect(joined).toMatchObject({ peers: [], room: { locked: true } });
  expect(await first.closed).toBe(CLOSE.replaced);
});
