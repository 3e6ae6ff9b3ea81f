// STUN and TURN servers that do not do what they should: each failure has its own words, and says what to change.

import { expect, test } from 'vitest';
import { checkStun } from '../../src/doctor/checks/stun.js';
import { checkTurn } from '../../src/doctor/checks/turn.js';
import type { Finding } from '../../src/doctor/finding.js';
import { type IceUrl, parseIceUrl } from '../../src/doctor/stun/ice-url.js';
import { sealMessage } from '../../src/doctor/stun/integrity.js';
import { ATTRIBUTE, decodeMessage, type MessageClass } from '../../src/doctor/stun/message.js';
import { tcpServer, udpServer, WORLD } from './support.js';

function url(text: string): IceUrl {
  const parsed = parseIceUrl(text);
  if (!parsed) throw new Error(`${text} is an ICE server`);
  return parsed;
}

const LOGIN = { username: 'someone', credential: 'word' };
const turn = async (text: string): Promise<Finding> =>
  (await checkTurn(url(text), LOGIN, null, WORLD)).finding;
const stun = async (text: string): Promise<Finding> => (await checkStun(url(text), WORLD)).finding;

/** The answer of a server to a request, of this class and with these attributes. */
function answer(
  packet: Buffer,
  messageClass: MessageClass,
  attributes: [number, Buffer][] = [],
): Buffer | null {
  const request = decodeMessage(packet);
  if (!request) return null;
  const list = attributes.map(([type, value]) => ({ type, value }));
  return sealMessage({ ...request, class: messageClass, attributes: list }, null);
}

const error = (code: number): [number, Buffer] => [
  ATTRIBUTE.errorCode,
  Buffer.from([0, 0, Math.floor(code / 100), code % 100]),
];

test.each([
  ['stun:a.example', { scheme: 'stun', host: 'a.example', port: 3_478, transport: 'udp' }],
  ['turn:a.example:80?transport=tcp', { scheme: 'turn', host: 'a.example', port: 80, transport: 'tcp' }],
  ['turns:[2001:db8::1]:443', { scheme: 'turns', host: '2001:db8::1', port: 443, transport: 'tls' }],
  ['turns:a.example?transport=udp', { scheme: 'turns', port: 5_349, transport: 'dtls' }],
])('%s is read', (text, parts) => {
  expect(parseIceUrl(text)).toMatchObject(parts);
});

test.each(['http://a', 'turn:', 'turn:a:0', 'turn:a:99999', 'turn:a b', 'turn:a?x=1', 'turn:::1'])(
  '%s is no ICE server',
  (text) => {
    expect(parseIceUrl(text)).toBeNull();
  },
);

test('a server that is silent', async () => {
  const udp = await udpServer(() => null);
  expect(await stun(`stun:127.0.0.1:${udp}`)).toMatchObject({ verdict: 'wrong' });
  expect((await turn(`turn:127.0.0.1:${udp}`)).change).toContain(`Open UDP port ${udp} in the firewall`);
  const tcp = await tcpServer(() => undefined);
  expect((await turn(`turn:127.0.0.1:${tcp}?transport=tcp`)).says).toContain('no answer over TCP');
  expect((await turn(`turns:127.0.0.1:${tcp}`)).says).toContain('no answer over TCP');
});

test('something else that listens on the port', async () => {
  const udp = await udpServer(() => Buffer.from('who is there'));
  expect((await stun(`stun:127.0.0.1:${udp}`)).says).toContain('does not speak STUN');
  const tcp = await tcpServer((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect((await turn(`turn:127.0.0.1:${tcp}?transport=tcp`)).says).toContain('does not speak STUN');
  expect((await turn(`turns:127.0.0.1:${tcp}`)).says).toContain('No TLS is spoken');
});

test('a connection that is ended', async () => {
  const port = await tcpServer((socket) => socket.end());
  expect((await turn(`turn:127.0.0.1:${port}?transport=tcp`)).says).toContain('ended without an answer');
  expect((await turn(`turns:127.0.0.1:${port}`)).change).toContain('cert and pkey');
});

test.each([
  [300, 'sends everyone on to another'],
  [403, 'forbids it'],
  [442, 'relays no UDP'],
  [486, 'quota of allocations is used up'],
  [508, 'no relay port left'],
  [500, 'refuses with 500'],
])('a relay that answers with %i', async (code, words) => {
  const port = await udpServer((packet) => answer(packet, 'error', [error(code)]));
  const finding = await turn(`turn:127.0.0.1:${port}`);
  expect(finding).toMatchObject({ verdict: 'wrong', says: expect.stringContaining(words) });
  expect(finding.change).not.toBeNull();
});

test('a relay that asks for nothing is open to everybody', async () => {
  const relayed = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);
  const port = await udpServer((packet) =>
    answer(packet, 'success', [[ATTRIBUTE.xorRelayedAddress, relayed]]),
  );
  expect((await turn(`turn:127.0.0.1:${port}`)).says).toContain('relays for anybody');
});

test('an answer that is not signed with the password does not count as one', async () => {
  const relayed = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);
  const port = await udpServer((packet) => {
    const signed = decodeMessage(packet)?.attributes.some(({ type }) => type === ATTRIBUTE.messageIntegrity);
    return signed
      ? answer(packet, 'success', [[ATTRIBUTE.xorRelayedAddress, relayed]])
      : answer(packet, 'error', [
          error(401),
          [ATTRIBUTE.realm, Buffer.from('r')],
          [ATTRIBUTE.nonce, Buffer.from('n')],
        ]);
  });
  expect((await turn(`turn:127.0.0.1:${port}`)).says).toContain('not signed with the password');
});

test('a packet that is lost is sent again', async () => {
  let packets = 0;
  const mapped = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]);
  const port = await udpServer((packet) => {
    packets++;
    return packets === 1 ? null : answer(packet, 'success', [[ATTRIBUTE.xorMappedAddress, mapped]]);
  });
  const patient = { ...WORLD, timeoutMs: 20_000 };
  expect((await checkStun(url(`stun:127.0.0.1:${port}`), patient)).finding.verdict).toBe('good');
});

test('TURN over DTLS is nothing that a browser speaks', async () => {
  expect(await turn('turns:127.0.0.1:1?transport=udp')).toMatchObject({ verdict: 'note' });
});
