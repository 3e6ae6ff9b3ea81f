// ICE servers and TURN credentials.

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../src/config/server-config.js';
import { iceServersFor } from '../src/ice/ice-servers.js';
import { turnCredentials } from '../src/ice/turn-credentials.js';
import { Secret } from '../src/secret.js';
import { testServer } from './support/server.js';

test.each([
  // Made with: printf %s "$username" | openssl dgst -sha1 -hmac "$secret" -binary | base64
  ['north', 1_433_895_918, 'ninefingers', '1433895918:ninefingers', 'jy8hTxmOO7UtEKXqSkSlvakPVYA='],
  [
    '한글 비밀',
    1_900_000_000,
    'AAAAAAAAAAAAAAAA',
    '1900000000:AAAAAAAAAAAAAAAA',
    'c1FHxqHlB4buhkU+ndsQQ22r+BY=',
  ],
])('the secret %s at %i for %s gives %s and %s', (secret, expires, user, username, credential) => {
  expect(turnCredentials(new Secret(secret), user, expires)).toEqual({ username, credential });
});

test('nothing is configured: nothing is contacted', () => {
  expect(iceServersFor(DEFAULT_CONFIG, 'user', 0)).toEqual([]);
});

test('every join and every ice request gets credentials of its own that run out', async () => {
  const turnSecret = new Secret('shared with the relay');
  const turn = ['turn:relay.example:3478', 'turns:relay.example:5349?transport=tcp'];
  const server = await testServer({ stun: ['stun:stun.example'], turn, turnSecret, turnTtlS: 600 });
  const credentials = new Set<string | undefined>();
  for (const name of ['A', 'B']) {
    const client = await server.client();
    const { self, iceServers } = await client.join('room', name);
    expect(iceServers[0]).toEqual({ urls: ['stun:stun.example'] });
    const relay = iceServers[1];
    const expires = Math.floor(server.clock.unixTime() / 1_000) + 600;
    expect(relay).toMatchObject({ urls: turn, username: `${expires}:${self.id}` });
    const hmac = createHmac('sha1', 'shared with the relay').update(relay?.username ?? '');
    expect(relay?.credential).toBe(hmac.digest('base64'));
    credentials.add(relay?.credential);
    await server.pass(60_000);
    const fresh = await client.expect('ice-servers', { type: 'ice' });
    expect(fresh.iceServers[1]?.username).toBe(`${expires + 60}:${self.id}`);
    credentials.add(fresh.iceServers[1]?.credential);
  }
  expect(credentials.size).toBe(4);
});

test('fixed credentials are handed out as they are', () => {
  const turn = ['turn:relay.example'];
  const config = { ...DEFAULT_CONFIG, turn, turnUsername: 'user', turnCredential: new Secret('word') };
  expect(iceServersFor(config, 'peer', 0)).toEqual([{ urls: turn, username: 'user', credential: 'word' }]);
});
