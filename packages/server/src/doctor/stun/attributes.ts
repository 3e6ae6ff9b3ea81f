// The attributes whose values have a form of their own: XOR-ed addresses and error codes (RFC 8489, sections 14.2, 14.8).

import { isIPv4 } from 'node:net';
import { ATTRIBUTE, attribute, MAGIC_COOKIE, type StunMessage } from './message.js';

export interface TransportAddress {
  /** IPv4 or IPv6 address, in its usual text form. */
  readonly address: string;
  readonly port: number;
}

const IPV4 = 0x01;
const IPV6 = 0x02;

/** An address of a message, such as XOR-MAPPED-ADDRESS; null when it is missing or malformed. */
export function xorAddress(message: StunMessage, type: number): TransportAddress | null {
  const value = attribute(message, type);
  if (!value || value.length < 8) return null;
  const family = value.readUInt8(1);
  const length = family === IPV4 ? 4 : family === IPV6 ? 16 : 0;
  if (length === 0 || value.length !== 4 + length) return null;
  const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
  const mask = xorMask(message.transactionId);
  const bytes = Buffer.from(value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0)));
  return { address: family === IPV4 ? [...bytes].join('.') : ipv6Text(bytes), port };
}

/** The value of an XOR-ed address attribute. */
export function encodeXorAddress({ address, port }: TransportAddress, transactionId: Buffer): Buffer {
  const bytes = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const mask = xorMask(transactionId);
  const head = Buffer.from([0, bytes.length === 4 ? IPV4 : IPV6, 0, 0]);
  head.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  return Buffer.concat([head, bytes.map((byte, index) => byte ^ (mask[index] ?? 0))]);
}

/** The code and reason of an error response; null when it carries none that is sound. */
export function errorCode(message: StunMessage): { readonly code: number; readonly reason: string } | null {
  const value = attribute(message, ATTRIBUTE.errorCode);
  if (!value || value.length < 4) return null;
  const [hundreds, units] = [value.readUInt8(2) & 0x07, value.readUInt8(3)];
  if (hundreds < 3 || hundreds > 6 || units > 99) return null;
  return { code: hundreds * 100 + units, reason: printable(value.subarray(4).toString('utf8')) };
}

/** A text attribute as it may be shown: one line, and no control characters that a terminal would act on. */
export function textAttribute(message: StunMessage, type: number): string | null {
  const value = attribute(message, type);
  return value ? printable(value.toString('utf8')) : null;
}

const printable = (text: string): string => text.replace(/\p{C}/gu, '').slice(0, 200);

/** IPv4 takes the cookie only, IPv6 the transaction id as well. */
function xorMask(transactionId: Buffer): Buffer {
  const cookie = Buffer.alloc(4);
  cookie.writeUInt32BE(MAGIC_COOKIE);
  return Buffer.concat([cookie, transactionId]);
}

function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The URL parser writes IPv6 addresses in their shortest form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined): string[] => (part ? part.split(':') : []);
  const [first, last] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0');
  const bytes = Buffer.alloc(16);
  [...first, ...zeros, ...last].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  });
  return bytes;
}
