// STUN as bytes: the test vectors of RFC 5769, what is made can be read, and no input breaks the reader.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeXorAddress, errorCode, textAttribute, xorAddress } from '../../src/doctor/stun/attributes.js';
import { crc32 } from '../../src/doctor/stun/crc32.js';
import {
  hasIntegrity,
  hasSoundFingerprint,
  longTermKey,
  sealMessage,
} from '../../src/doctor/stun/integrity.js';
import {
  ATTRIBUTE,
  decodeMessage,
  encodeMessage,
  METHOD,
  messageLength,
  newTransactionId,
  type StunMessage,
} from '../../src/doctor/stun/message.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s+/g, ''), 'hex');
const SHORT_TERM_PASSWORD = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');

// RFC 5769, section 2.1.
const REQUEST = bytes(`
  00 01 00 58 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
  80 22 00 10 53 54 55 4e 20 74 65 73 74 20 63 6c 69 65 6e 74
  00 24 00 04 6e 00 01 ff
  80 29 00 08 93 2f f9 b1 51 26 3b 36
  00 06 00 09 65 76 74 6a 3a 68 36 76 59 20 20 20
  00 08 00 14 9a ea a7 0c bf d8 cb 56 78 1e f2 b5 b2 d3 f2 49 c1 b5 71 a2
  80 28 00 04 e5 7a 3b cf`);
// Section 2.2.
const IPV4_RESPONSE = bytes(`
  01 01 00 3c 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
  80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
  00 20 00 08 00 01 a1 47 e1 12 a6 43
  00 08 00 14 2b 91 f5 99 fd 9e 90 c3 8c 74 89 f9 2a f9 ba 53 f0 6b e7 d7
  80 28 00 04 c0 7d 4c 96`);
// Section 2.3.
const IPV6_RESPONSE = bytes(`
  01 01 00 48 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae
  80 22 00 0b 74 65 73 74 20 76 65 63 74 6f 72 20
  00 20 00 14 00 02 a1 47 01 13 a9 fa a5 d3 f1 79 bc 25 f4 b5 be d2 b9 d9
  00 08 00 14 a3 82 95 4e 4b e6 7b f1 17 84 c9 7c 82 92 c2 75 bf e3 ed 41
  80 28 00 04 c8 fb 0b 4c`);
// Section 2.4.
const LONG_TERM_REQUEST = bytes(`
  00 01 00 60 21 12 a4 42 78 ad 34 33 c6 ad 72 c0 29 da 41 2e
  00 06 00 12 e3 83 9e e3 83 88 e3 83 aa e3 83 83 e3 82 af e3 82 b9 00 00
  00 15 00 1c 66 2f 2f 34 39 39 6b 39 35 34 64 36 4f 4c 33 34 6f 4c 39 46 53 54 76 79 36 34 73 41
  00 14 00 0b 65 78 61 6d 70 6c 65 2e 6f 72 67 00
  00 08 00 14 f6 70 24 65 6d d6 4a 3e 02 b8 e0 71 2e 85 c9 a2 8c a8 96 66`);

const read = (data: Buffer) => {
  const message = decodeMessage(data);
  if (!message) throw new Error('this is a STUN message');
  return message;
};

test('RFC 5769, 2.1: a request with short-term credentials', () => {
  const message = read(REQUEST);
  expect(message).toMatchObject({ method: METHOD.binding, class: 'request' });
  expect(textAttribute(message, ATTRIBUTE.software)).toBe('STUN test client');
  expect(textAttribute(message, ATTRIBUTE.username)).toBe('evtj:h6vY');
  expect(hasIntegrity(message, SHORT_TERM_PASSWORD)).toBe(true);
  expect(hasIntegrity(message, Buffer.from('another'))).toBe(false);
  expect(hasSoundFingerprint(message)).toBe(true);
});

test.each([
  ['2.2', IPV4_RESPONSE, '192.0.2.1'],
  ['2.3', IPV6_RESPONSE, '2001:db8:1234:5678:11:2233:4455:6677'],
])('RFC 5769, %s: a response with an address', (_section, data, address) => {
  const message = read(data);
  expect(message).toMatchObject({ method: METHOD.binding, class: 'success' });
  const mapped = xorAddress(message, ATTRIBUTE.xorMappedAddress);
  expect(mapped).toEqual({ address, port: 32_853 });
  expect(hasIntegrity(message, SHORT_TERM_PASSWORD)).toBe(true);
  expect(hasSoundFingerprint(message)).toBe(true);
  const value = mapped && encodeXorAddress(mapped, message.transactionId);
  expect(value).toEqual(message.attributes.find(({ type }) => type === ATTRIBUTE.xorMappedAddress)?.value);
});

test('RFC 5769, 2.4: a request with long-term credentials, made and read', () => {
  const message = read(LONG_TERM_REQUEST);
  const username = 'マトリックス';
  const key = longTermKey(username, 'example.org', 'The\u00adM\u00aatr\u2168');
  expect(textAttribute(message, ATTRIBUTE.username)).toBe(username);
  expect(hasIntegrity(message, key)).toBe(true);
  const attributes = message.attributes.filter(({ type }) => type !== ATTRIBUTE.messageIntegrity);
  const sealed = sealMessage({ ...message, attributes }, key);
  // Ours has a fingerprint behind, which the length in the header counts.
  expect(sealed.subarray(4, LONG_TERM_REQUEST.length)).toEqual(LONG_TERM_REQUEST.subarray(4));
  expect(sealed.length).toBe(LONG_TERM_REQUEST.length + 8);
});

test('the checksum is CRC-32', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('a changed byte before the fingerprint is noticed', () => {
  const fingerprintAt = REQUEST.length - 8;
  fc.assert(
    fc.property(fc.nat(fingerprintAt - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const damaged = Buffer.from(REQUEST);
      damaged[index] = (damaged[index] ?? 0) ^ change;
      const message = decodeMessage(damaged);
      if (message) expect(hasIntegrity(message, SHORT_TERM_PASSWORD)).toBe(false);
    }),
  );
});

const anyMessage: fc.Arbitrary<StunMessage> = fc.record({
  method: fc.nat(0xfff),
  class: fc.constantFrom('request', 'indication', 'success', 'error'),
  transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }).map((array) => Buffer.from(array)),
  attributes: fc.array(
    fc.record({
      type: fc
        .nat(0xffff)
        .filter((type) => type !== ATTRIBUTE.messageIntegrity && type !== ATTRIBUTE.fingerprint),
      value: fc.uint8Array({ maxLength: 70 }).map((array) => Buffer.from(array)),
    }),
    { maxLength: 6 },
  ),
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(anyMessage, fc.uint8Array({ minLength: 1, maxLength: 40 }), (message, secret) => {
      const key = Buffer.from(secret);
      expect(read(encodeMessage(message))).toMatchObject(message);
      const sealed = read(sealMessage(message, key));
      expect(sealed.attributes.slice(0, -2)).toEqual(message.attributes);
      expect(hasIntegrity(sealed, key)).toBe(true);
      expect(hasSoundFingerprint(sealed)).toBe(true);
      expect(messageLength(sealed.bytes)).toBe(sealed.bytes.length);
    }),
  );
});

/** Everything that is ever asked of a message from outside. */
function readAll(data: Buffer): void {
  messageLength(data);
  const message = decodeMessage(data);
  if (!message) return;
  for (const type of [ATTRIBUTE.xorMappedAddress, ATTRIBUTE.xorRelayedAddress]) xorAddress(message, type);
  errorCode(message);
  textAttribute(message, ATTRIBUTE.realm);
  hasIntegrity(message, SHORT_TERM_PASSWORD);
  hasSoundFingerprint(message);
}

test('no input breaks the reader: random bytes, and messages with a few bytes changed or cut off', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (data) => readAll(Buffer.from(data))),
    { numRuns: 2_000 },
  );
  const vectors = fc.constantFrom(REQUEST, IPV4_RESPONSE, IPV6_RESPONSE, LONG_TERM_REQUEST);
  const changes = fc.array(fc.tuple(fc.nat(119), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(vectors, changes, fc.nat(120), (vector, edits, length) => {
      const data = Buffer.from(vector);
      for (const [index, value] of edits) if (index < data.length) data[index] = value;
      readAll(data.subarray(0, Math.max(0, data.length - length)));
      readAll(data);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['::1', 1],
  ['2001:db8::5', 65_535],
  ['192.0.2.255', 0],
])('the address %s survives being written', (address, port) => {
  const transactionId = newTransactionId();
  const value = encodeXorAddress({ address, port }, transactionId);
  const attributes = [{ type: ATTRIBUTE.xorPeerAddress, value }];
  const message = read(
    encodeMessage({ method: METHOD.data, class: 'indication', transactionId, attributes }),
  );
  expect(xorAddress(message, ATTRIBUTE.xorPeerAddress)).toEqual({ address, port });
});

test('what a server says of itself cannot command the terminal', () => {
  const value = Buffer.concat([Buffer.from([0, 0, 4, 1]), Buffer.from('Un\u001b[31mauthorized\n')]);
  const attributes = [{ type: ATTRIBUTE.errorCode, value }];
  const message = {
    method: METHOD.allocate,
    class: 'error',
    transactionId: newTransactionId(),
    attributes,
  } as const;
  expect(errorCode(message)).toEqual({ code: 401, reason: 'Un[31mauthorized' });
});
