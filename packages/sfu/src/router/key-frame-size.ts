// How large the pictures of a VP8 stream are, from the first bytes of a key frame, which encryption leaves readable.

import type { RtpPacket } from '../rtp/rtp-packet.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Frame tag, start code and the two sizes (RFC 6386, section 9.1). */
const KEY_FRAME_HEADER_LENGTH = 10;
const START_CODE = 0x9d012a;

/** Null for other codecs and where the bytes are not those of a key frame: encrypted whole, or not its first packet. */
export function keyFrameSize(codec: string, packet: RtpPacket): PictureSize | null {
  if (codec !== 'VP8') return null;
  const { bytes, payloadOffset, payloadLength } = packet;
  const at = payloadOffset + descriptorLength(bytes, payloadOffset, payloadLength);
  if (at + KEY_FRAME_HEADER_LENGTH > payloadOffset + payloadLength) return null;
  if (bytes.readUIntBE(at + 3, 3) !== START_CODE) return null;
  const width = bytes.readUInt16LE(at + 6) & 0x3fff;
  const height = bytes.readUInt16LE(at + 8) & 0x3fff;
  return width > 0 && height > 0 ? { width, height } : null;
}

/** Of the payload descriptor (RFC 7741, section 4.2). */
function descriptorLength(bytes: Buffer, offset: number, available: number): number {
  const first = available > 0 ? (bytes[offset] as number) : 0;
  if ((first & 0x80) === 0) return 1;
  const present = available > 1 ? (bytes[offset + 1] as number) : 0;
  let length = 2;
  if (present & 0x80) length += available > 2 && (bytes[offset + 2] as number) & 0x80 ? 2 : 1;
  if (present & 0x40) length += 1;
  if (present & 0x30) length += 1;
  return length;
}
