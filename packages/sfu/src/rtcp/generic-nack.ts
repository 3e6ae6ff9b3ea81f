// Generic NACK (RFC 4585, section 6.2.1): RTP packets that are missing, as PID and bitmask (BLP).
import { difference16 } from '../rtp/sequence-number.js';
import type { ByteWriter } from './byte-writer.js';
import { FEEDBACK_HEADER_LENGTH, FORMAT_GENERIC_NACK, TRANSPORT_LAYER_FEEDBACK } from './packet-type.js';

export interface GenericNack {
  readonly kind: 'nack';
  readonly senderSsrc: number;
  /** The stream of which packets are missing. */
  readonly mediaSsrc: number;
  /** 16 bits each, in the order of the message; a peer may name one twice. */
  readonly sequenceNumbers: readonly number[];
}

const ENTRY_LENGTH = 4;

/** Reads the packet at `offset`. Each entry of four bytes names 1 to 17 packets; with no entry it is malformed. */
export function readGenericNack(bytes: Buffer, offset: number, end: number): GenericNack | null {
  const entries = offset + FEEDBACK_HEADER_LENGTH;
  if (entries + ENTRY_LENGTH > end) return null;
  const sequenceNumbers: number[] = [];
  for (let at = entries; at + ENTRY_LENGTH <= end; at += ENTRY_LENGTH) {
    const packetId = bytes.readUInt16BE(at);
    sequenceNumbers.push(packetId);
    for (let mask = bytes.readUInt16BE(at + 2), next = packetId + 1; mask !== 0; mask >>= 1, next += 1) {
      if (mask & 1) sequenceNumbers.push(next & 0xffff);
    }
  }
  return {
    kind: 'nack',
    senderSsrc: bytes.readUInt32BE(offset + 4),
    mediaSsrc: bytes.readUInt32BE(offset + 8),
    sequenceNumbers,
  };
}

/** Writes a NACK: shortest when the numbers ascend. With no number there is nothing to ask, and nothing is written. */
export function writeGenericNack(out: ByteWriter, nack: GenericNack): void {
  const numbers = nack.sequenceNumbers;
  if (numbers.length === 0) return;
  const start = out.beginPacket(FORMAT_GENERIC_NACK, TRANSPORT_LAYER_FEEDBACK);
  out.writeUint32(nack.senderSsrc);
  out.writeUint32(nack.mediaSsrc);
  let packetId = numbers[0] as number;
  let mask = 0;
  for (let index = 1; index < numbers.length; index += 1) {
    const number = numbers[index] as number;
    const ahead = difference16(number, packetId);
    if (ahead >= 0 && ahead <= 16) {
      if (ahead > 0) mask |= 1 << (ahead - 1);
      continue;
    }
    out.writeUint16(packetId);
    out.writeUint16(mask);
    packetId = number;
    mask = 0;
  }
  out.writeUint16(packetId);
  out.writeUint16(mask);
  out.endPacket(start);
}
