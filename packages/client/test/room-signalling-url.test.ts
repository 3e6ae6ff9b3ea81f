// The socket's address from the server's.

import { expect, test } from 'vitest';
import { signallingUrl } from '../src/room/signalling-url.js';

test.each([
  ['https://maru.example', 'wss://maru.example/ws'],
  ['http://localhost:8080/', 'ws://localhost:8080/ws'],
  ['wss://maru.example/behind/a/proxy', 'wss://maru.example/behind/a/proxy'],
  ['https://maru.example/#secret', 'wss://maru.example/ws'],
])('%s is asked at %s', (server, socket) => {
  expect(signallingUrl(server)).toBe(socket);
  expect(signallingUrl(new URL(server))).toBe(socket);
});

test('what is no absolute address is a mistake of the caller', () => {
  expect(() => signallingUrl('/ws')).toThrow(TypeError);
});
