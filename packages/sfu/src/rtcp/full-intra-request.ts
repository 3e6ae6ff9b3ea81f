// Full Intra Request (RFC 5104, section 4.3.1): key frames on command, of several streams at once.
import type { ByteWriter } from './byte-writer.js';
import { FEEDBACK_HEADER_LENGTH, FORMAT_FULL_INTRA, PAYLOAD_SPECIFIC_FEEDBACK } from './packet-type.js';

export interface FullIntraRequest {
  readonly kind: 'fir';
  readonly senderSsrc: number;
  readonly entries: readonly FullIntraRequestEntry[];
}

export interface FullIntraRequestEntry {
  /** The stream of which a key frame is asked. */
  readonly ssrc: number;
  /** 8 bits, one more for each new command; the same again is a repetition. */
  readonly sequenceNumber: number;
}

const ENTRY_LENGTH = 8;

export function readFullIntraRequest(bytes: Buffer, offset: number, end: number): FullIntraRequest | null {
  const first = offset + FEEDBACK_HEADER_LENGTH;
  if (first + ENTRY_LENGTH > end) return null;
  const entries: FullIntraRequestEntry[] = [];
  for (let at = first; at + ENTRY_LENGTH <= end; at += ENTRY_LENGTH) {
    entries.push({ ssrc: bytes.readUInt32BE(at), sequenceNumber: bytes.readUInt8(at + 4) });
  }
  return { kind: 'fir', senderSsrc: bytes.readUInt32BE(offset + 4), entries };
}

/** Writes a request; without an entry nothing is written. */
export function writeFullIntraRequest(out: ByteWriter, request: FullIntraRequest): void {
  if (request.entries.length === 0) return;
  const start = out.beginPacket(FORMAT_FULL_INTRA, PAYLOAD_SPECIFIC_FEEDBACK);
  out.writeUint32(request.senderSsrc);
  // The streams stand in the entries; the media source "is not used and SHALL be set to 0" (section 4.3.1.2).
  out.writeUint32(0);
  for (const entry of request.entries) {
    out.writeUint32(entry.ssrc);
    out.writeUint8(entry.sequenceNumber);
    out.writeUint24(0);
  }
  out.endPacket(start);
}
