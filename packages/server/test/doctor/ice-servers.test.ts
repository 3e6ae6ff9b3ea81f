// STUN and TURN servers that do not do what they should: each failure has its own words, and says what to change.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { checkStun } from '../../src/doctor/checks/stun.js';
import { checkTurn } from '../../src/doctor/checks/turn.js';
import type { Finding } from '../../src/doctor/finding.js';
import { encodeXorAddress } from '../../src/doctor/stun/attributes.js';
import { type IceUrl, parseIceUrl } from '../../src/doctor/stun/ice-url.js';
import { hasIntegrity, longTermKey, sealMessage } from '../../src/doctor/stun/integrity.js';
import {
  ATTRIBUTE,
  decodeMessage,
  METHOD,
  type MessageClass,
  newTransactionId,
  type StunMessage,
} from '../../src/doctor/stun/message.js';
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

/** A relay that does all that it is asked, and lets out of its relayed address what this says. */
function relay(relayed: (peer: Buffer) => [number, Buffer][] | null): Promise<number> {
  const key = longTermKey(LOGIN.username, 'r', LOGIN.credential);
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, '127.0.0.1');
  let client = 0;
  const sign = (packet: StunMessage, messageClass: MessageClass, list: [number, Buffer][]): Buffer => {
    const attributes = list.map(([type, value]) => ({ type, value }));
    return sealMessage({ ...packet, class: messageClass, attributes }, messageClass === 'error' ? null : key);
  };
  socket.on('message', (bytes, from) => {
    const request = decodeMessage(bytes);
    const reply = (messageClass: MessageClass, list: [number, Buffer][] = []): void => {
      if (request) socket.send(sign(request, messageClass, list), from.port, from.address);
    };
    const address = (port: number): Buffer =>
      encodeXorAddress({ address: '127.0.0.1', port }, request?.transactionId ?? Buffer.alloc(12));
    if (!request) {
      // Its relayed address is its own: what is no STUN message is a packet of a peer.
      const indication = {
        method: METHOD.data,
        class: 'indication',
        transactionId: newTransactionId(),
      } as const;
      const list = relayed(bytes);
      if (list) socket.send(sign({ ...indication, attributes: [] }, 'indication', list), client);
    } else if (request.method === METHOD.binding) {
      reply('success', [[ATTRIBUTE.xorMappedAddress, address(from.port)]]);
    } else if (!hasIntegrity(request, key)) {
      reply('error', [error(401), [ATTRIBUTE.realm, Buffer.from('r')], [ATTRIBUTE.nonce, Buffer.from('n')]]);
    } else {
      client = from.port;
      reply('success', [[ATTRIBUTE.xorRelayedAddress, address(socket.address().port)]]);
    }
  });
  return once(socket, 'listening').then(() => socket.address().port);
}

test('a relay through which packets come is good, and one whose relay ports are closed is not', async () => {
  const open = await relay((packet) => [[ATTRIBUTE.data, packet]]);
  expect(await turn(`turn:127.0.0.1:${open}`)).toMatchObject({ verdict: 'good' });
  const closed = await relay(() => null);
  const finding = await turn(`turn:127.0.0.1:${closed}`);
  expect(finding).toMatchObject({
    verdict: 'wrong',
    says: expect.stringContaining('nothing comes through it'),
  });
  expect(finding.change).toContain('min-port');
  const garbling = await relay(() => [[ATTRIBUTE.data, Buffer.from('another packet')]]);
  expect((await turn(`turn:127.0.0.1:${garbling}`)).verdict).toBe('wrong');
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
