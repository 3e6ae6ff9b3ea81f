// How large the pictures of a VP8 stream are, from the first bytes of a key frame, which encryption leaves readable.

import type { RtpPacket } from '../rtp/rtp-packet.js';
import { NO_SIZES, type PictureSize } from './picture-size.js';

/** Frame tag, start code and the two sizes (RFC 6386, section 9.1). */
const KEY_FRAME_HEADER_LENGTH = 10;
const START_CODE = 0x9d012a;

/** Of the first packet of a key frame; nothing where its bytes are not those of one: encrypted whole. */
export function vp8PictureSize(packet: RtpPacket, descriptorLength: number): readonly PictureSize[] {
  const { bytes, payloadOffset, payloadLength } = packet;
  const at = payloadOffset + descriptorLength;
  if (at + KEY_FRAME_HEADER_LENGTH > payloadOffset + payloadLength) return NO_SIZES;
  if (bytes.readUIntBE(at + 3, 3) !== START_CODE) return NO_SIZES;
  const width = bytes.readUInt16LE(at + 6) & 0x3fff;
  const height = bytes.readUInt16LE(at + 8) & 0x3fff;
  return width > 0 && height > 0 ? [{ width, height }] : NO_SIZES;
}
