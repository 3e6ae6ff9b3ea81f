// Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03, section 2.2), an application layer feedback.
import type { ByteWriter } from './byte-writer.js';
import { FEEDBACK_HEADER_LENGTH, FORMAT_APPLICATION, PAYLOAD_SPECIFIC_FEEDBACK } from './packet-type.js';

export interface RembMessage {
  readonly kind: 'remb';
  readonly senderSsrc: number;
  /** Of all the streams together, in bit/s. Written with 18 significant bits, rounded down. */
  readonly bitrate: number;
  /** The streams that it is about, at most 255. */
  readonly ssrcs: readonly number[];
}

/** "REMB" in ASCII. */
const UNIQUE_IDENTIFIER = 0x52454d42;

const SSRCS_OFFSET = FEEDBACK_HEADER_LENGTH + 8;
const MAX_MANTISSA = 0x3ffff;
const MAX_EXPONENT = 63;
const MAX_SSRCS = 255;

/** Reads the packet at `offset`; null also when it is another application's message. */
export function readRemb(bytes: Buffer, offset: number, end: number): RembMessage | null {
  if (offset + SSRCS_OFFSET > end) return null;
  if (bytes.readUInt32BE(offset + FEEDBACK_HEADER_LENGTH) !== UNIQUE_IDENTIFIER) return null;
  const count = bytes.readUInt8(offset + FEEDBACK_HEADER_LENGTH + 4);
  if (offset + SSRCS_OFFSET + count * 4 > end) return null;
  const packed = bytes.readUIntBE(offset + FEEDBACK_HEADER_LENGTH + 5, 3);
  const ssrcs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    ssrcs.push(bytes.readUInt32BE(offset + SSRCS_OFFSET + index * 4));
  }
  return {
    kind: 'remb',
    senderSsrc: bytes.readUInt32BE(offset + 4),
    bitrate: (packed & MAX_MANTISSA) * 2 ** (packed >> 18),
    ssrcs,
  };
}

export function writeRemb(out: ByteWriter, message: RembMessage): void {
  const ssrcs = message.ssrcs.slice(0, MAX_SSRCS);
  const start = out.beginPacket(FORMAT_APPLICATION, PAYLOAD_SPECIFIC_FEEDBACK);
  out.writeUint32(message.senderSsrc);
  out.writeUint32(0);
  out.writeUint32(UNIQUE_IDENTIFIER);
  out.writeUint8(ssrcs.length);
  let mantissa = message.bitrate > 0 ? message.bitrate : 0;
  let exponent = 0;
  while (mantissa >= MAX_MANTISSA + 1 && exponent < MAX_EXPONENT) {
    mantissa /= 2;
    exponent += 1;
  }
  out.writeUint24((exponent << 18) | Math.min(Math.floor(mantissa), MAX_MANTISSA));
  for (const ssrc of ssrcs) out.writeUint32(ssrc);
  out.endPacket(start);
}
