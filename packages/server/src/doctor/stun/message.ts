// STUN messages as bytes (RFC 8489, sections 5 and 14): header, attributes, padding. Integrity is in integrity.ts.

import { randomBytes } from 'node:crypto';

/** Fixed in every header; also the key of XOR-ed addresses (RFC 8489, section 5). */
export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_LENGTH = 20;
const TRANSACTION_ID_LENGTH = 12;

/** Methods of STUN (RFC 8489, section 18.2) and TURN (RFC 8656, section 17). */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  createPermission: 0x008,
  data: 0x007,
};

export type MessageClass = 'request' | 'indication' | 'success' | 'error';
const CLASS_BITS: Readonly<Record<MessageClass, number>> = {
  request: 0x000,
  indication: 0x010,
  success: 0x100,
  error: 0x110,
};
const CLASSES = Object.entries(CLASS_BITS) as [MessageClass, number][];

/** Attribute types (RFC 8489, section 18.3; RFC 8656, section 18). */
export const ATTRIBUTE = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  fingerprint: 0x8028,
};

export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

export interface StunMessage {
  readonly method: number;
  readonly class: MessageClass;
  /** 12 bytes. */
  readonly transactionId: Buffer;
  readonly attributes: readonly Attribute[];
}

/** A message that has arrived, with the bytes that it was read from. */
export interface ReceivedMessage extends StunMessage {
  readonly bytes: Buffer;
}

/** Ids that nobody off the path can guess (RFC 8489, section 5). */
export const newTransactionId = (): Buffer => randomBytes(TRANSACTION_ID_LENGTH);

/** The value of the first attribute of a type; later ones do not count (RFC 8489, section 14). */
export function attribute(message: StunMessage, type: number): Buffer | null {
  return message.attributes.find((each) => each.type === type)?.value ?? null;
}

/** Bytes of a message; `extraLength` counts what will follow, such as the integrity, into the header's length. */
export function encodeMessage(message: StunMessage, extraLength = 0): Buffer {
  const parts = message.attributes.map(({ type, value }) => encodeAttribute(type, value));
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt16BE(encodeType(message.method, message.class), 0);
  header.writeUInt16BE(parts.reduce((sum, part) => sum + part.length, 0) + extraLength, 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  message.transactionId.copy(header, 8);
  return Buffer.concat([header, ...parts]);
}

/** One attribute, padded to a multiple of four bytes. */
export function encodeAttribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Reads a message that fills `bytes` exactly; null for anything that is none. Never throws. */
export function decodeMessage(bytes: Buffer): ReceivedMessage | null {
  if (messageLength(bytes) !== bytes.length) return null;
  const type = bytes.readUInt16BE(0);
  const found = CLASSES.find(([, bits]) => (type & 0x110) === bits);
  if (!found) return null;
  const attributes: Attribute[] = [];
  let offset = HEADER_LENGTH;
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return null;
    const length = bytes.readUInt16BE(offset + 2);
    const next = offset + 4 + padded(length);
    if (next > bytes.length) return null;
    attributes.push({
      type: bytes.readUInt16BE(offset),
      value: bytes.subarray(offset + 4, offset + 4 + length),
    });
    offset = next;
  }
  return {
    method: (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2),
    class: found[0],
    transactionId: bytes.subarray(8, HEADER_LENGTH),
    attributes,
    bytes,
  };
}

/**
 * How long the message is that begins here, header included, for framing on a stream; null while too little has come
 * to tell. Zero when this is no STUN message (RFC 8489, section 5: two zero bits, the cookie, a length of whole words).
 */
export function messageLength(bytes: Buffer): number | null {
  if (bytes.length < HEADER_LENGTH) return null;
  const isStun = (bytes.readUInt8(0) & 0xc0) === 0 && bytes.readUInt32BE(4) === MAGIC_COOKIE;
  const length = bytes.readUInt16BE(2);
  return isStun && length % 4 === 0 ? HEADER_LENGTH + length : 0;
}

// The class lies between the bits of the method (RFC 8489, figure 3).
function encodeType(method: number, messageClass: MessageClass): number {
  return (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2) | CLASS_BITS[messageClass];
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;
