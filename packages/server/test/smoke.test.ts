import { expect, test } from 'vitest';
import { testServer } from './support/server.js';

test('two peers meet and signal', async () => {
  const server = await testServer();
  const a = await server.client();
  const b = await server.client();
  const ja = await a.join('방', 'A');
  expect(ja.peers).toEqual([]);
  const jb = await b.join('방', 'B', ['offer0', 'offer1']);
  expect(jb.peers[0]?.offer).toBe(0);
  const pj = await a.nextOf('peer-joined');
  expect(pj.offer).toBe('offer0');
  a.say({ type: 'signal', to: jb.self.id, data: 'hi' });
  expect(await b.nextOf('signal')).toEqual({ type: 'signal', from: ja.self.id, data: 'hi' });
  await b.drop();
  await a.nextOf('peer-away');
  await server.pass(30_000);
  expect((await a.nextOf('peer-left')).reason).toBe('expired');
});
