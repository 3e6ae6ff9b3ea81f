// MESSAGE-INTEGRITY and FINGERPRINT (RFC 8489, sections 14.5 and 14.7), and the key of long-term credentials (9.2.2).

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from './crc32.js';
import {
  ATTRIBUTE,
  encodeAttribute,
  encodeMessage,
  HEADER_LENGTH,
  type ReceivedMessage,
  type StunMessage,
} from './message.js';

const INTEGRITY_LENGTH = 20;
const FINGERPRINT_LENGTH = 4;
/** Type and length in front of each value. */
const ATTRIBUTE_HEAD = 4;
/** "STUN" in ASCII: tells the fingerprint from other checksums on the same path. */
const FINGERPRINT_XOR = 0x5354554e;

/** The key of long-term credentials: MD5 is what STUN fixes here. */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5')
    .update(`${username}:${realm}:${saslPrep(password)}`)
    .digest();
}

/** The bytes of a message with its integrity, when a key is given, and its fingerprint behind. */
export function sealMessage(message: StunMessage, key: Buffer | null): Buffer {
  let bytes = encodeMessage(message, key ? ATTRIBUTE_HEAD + INTEGRITY_LENGTH : 0);
  if (key) {
    // The length in the header already counts this attribute, and nothing behind it.
    const hmac = createHmac('sha1', key).update(bytes).digest();
    bytes = Buffer.concat([bytes, encodeAttribute(ATTRIBUTE.messageIntegrity, hmac)]);
  }
  bytes.writeUInt16BE(bytes.length - HEADER_LENGTH + ATTRIBUTE_HEAD + FINGERPRINT_LENGTH, 2);
  return Buffer.concat([bytes, encodeAttribute(ATTRIBUTE.fingerprint, fingerprintOf(bytes))]);
}

/** Whether the message carries the integrity that this key gives. */
export function hasIntegrity(message: ReceivedMessage, key: Buffer): boolean {
  const found = locate(message, ATTRIBUTE.messageIntegrity);
  if (found?.value.length !== INTEGRITY_LENGTH) return false;
  const before = Buffer.from(message.bytes.subarray(0, found.offset));
  before.writeUInt16BE(found.offset - HEADER_LENGTH + ATTRIBUTE_HEAD + INTEGRITY_LENGTH, 2);
  return timingSafeEqual(createHmac('sha1', key).update(before).digest(), found.value);
}

/** Whether the fingerprint, which is optional, is right where there is one. It is the last attribute. */
export function hasSoundFingerprint(message: ReceivedMessage): boolean {
  const found = locate(message, ATTRIBUTE.fingerprint);
  if (!found) return true;
  return found.value.equals(fingerprintOf(message.bytes.subarray(0, found.offset)));
}

function fingerprintOf(bytes: Buffer): Buffer {
  const value = Buffer.alloc(FINGERPRINT_LENGTH);
  value.writeUInt32BE((crc32(bytes) ^ FINGERPRINT_XOR) >>> 0);
  return value;
}

/** Where the first attribute of a type begins. */
function locate(message: ReceivedMessage, type: number): { offset: number; value: Buffer } | null {
  let offset = HEADER_LENGTH;
  for (const each of message.attributes) {
    if (each.type === type) return { offset, value: each.value };
    offset += ATTRIBUTE_HEAD + Math.ceil(each.value.length / 4) * 4;
  }
  return null;
}

/**
 * The part of SASLprep (RFC 4013) that changes text: other spaces become a space, what RFC 3454 maps to nothing goes,
 * and the rest is normalised. What it forbids is left for the server to refuse.
 */
function saslPrep(text: string): string {
  return text
    .replace(/\p{Zs}/gu, ' ')
    .replace(
      /\u{ad}|\u{34f}|\u{1806}|[\u{180b}-\u{180d}]|[\u{200b}-\u{200d}]|\u{2060}|[\u{fe00}-\u{fe0f}]|\u{feff}/gu,
      '',
    )
    .normalize('NFKC');
}
