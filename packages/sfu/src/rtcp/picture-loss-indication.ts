// Picture Loss Indication (RFC 4585, section 6.3.1): the decoder needs a key frame.
import type { ByteWriter } from './byte-writer.js';
import { FEEDBACK_HEADER_LENGTH, FORMAT_PICTURE_LOSS, PAYLOAD_SPECIFIC_FEEDBACK } from './packet-type.js';

export interface PictureLossIndication {
  readonly kind: 'pli';
  readonly senderSsrc: number;
  /** The stream of which a key frame is asked. */
  readonly mediaSsrc: number;
}

export function readPictureLossIndication(
  bytes: Buffer,
  offset: number,
  end: number,
): PictureLossIndication | null {
  if (offset + FEEDBACK_HEADER_LENGTH > end) return null;
  return {
    kind: 'pli',
    senderSsrc: bytes.readUInt32BE(offset + 4),
    mediaSsrc: bytes.readUInt32BE(offset + 8),
  };
}

export function writePictureLossIndication(out: ByteWriter, indication: PictureLossIndication): void {
  const start = out.beginPacket(FORMAT_PICTURE_LOSS, PAYLOAD_SPECIFIC_FEEDBACK);
  out.writeUint32(indication.senderSsrc);
  out.writeUint32(indication.mediaSsrc);
  out.endPacket(start);
}
