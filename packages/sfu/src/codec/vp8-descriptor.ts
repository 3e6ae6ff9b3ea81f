// The VP8 payload descriptor (RFC 7741, section 4.2) and the first bit of the payload header behind it (4.3).
import type { RtpPacket } from '../rtp/rtp-packet.js';

/** One descriptor, read again and again into the same object. Offsets count from the first byte of the payload. */
export class Vp8Descriptor {
  /** Length in bytes, 1 to 6. */
  length = 0;
  /** First packet of a frame: start of a partition, and of the first one. */
  startOfFrame = false;
  /** First packet of a key frame. */
  keyFrame = false;
  /** 7 or 15 bits; -1 when absent, as its offset is. */
  pictureId = -1;
  pictureIdOffset = -1;
  /** 7 or 15. */
  pictureIdBits = 0;
  /** TL0PICIDX, 8 bits: counts frames of temporal layer 0; -1 when absent, as its offset is. */
  tl0PictureIndex = -1;
  tl0Offset = -1;
  /** TID, 0 to 3; -1 when absent. */
  temporalLayer = -1;
  /** Y: the frame depends on nothing but the frame of temporal layer 0 that TL0PICIDX names. */
  layerSync = false;
  /** KEYIDX, 5 bits; -1 when absent, as its offset is. */
  keyIndex = -1;
  keyIndexOffset = -1;

  /** Reads a packet's; false when it does not fit, or when nothing is behind it. */
  read(packet: RtpPacket): boolean {
    const bytes = packet.bytes;
    const from = packet.payloadOffset;
    const end = from + packet.payloadLength;
    this.#clear();
    if (from >= end) return false;
    const first = bytes[from] as number;
    let at = from + 1;
    if (first & 0x80) {
      if (at >= end) return false;
      const extended = bytes[at++] as number;
      if (extended & 0x80) {
        if (at >= end) return false;
        const high = bytes[at] as number;
        this.pictureIdOffset = at - from;
        if (high & 0x80) {
          if (at + 1 >= end) return false;
          this.pictureId = ((high & 0x7f) << 8) | (bytes[at + 1] as number);
          this.pictureIdBits = 15;
          at += 2;
        } else {
          this.pictureId = high;
          this.pictureIdBits = 7;
          at += 1;
        }
      }
      if (extended & 0x40) {
        if (at >= end) return false;
        this.tl0Offset = at - from;
        this.tl0PictureIndex = bytes[at++] as number;
      }
      if (extended & 0x30) {
        if (at >= end) return false;
        const layer = bytes[at] as number;
        if (extended & 0x20) {
          this.temporalLayer = layer >> 6;
          this.layerSync = (layer & 0x20) !== 0;
        }
        if (extended & 0x10) {
          this.keyIndexOffset = at - from;
          this.keyIndex = layer & 0x1f;
        }
        at += 1;
      }
    }
    if (at >= end) return false;
    this.length = at - from;
    this.startOfFrame = (first & 0x17) === 0x10;
    // P, the lowest bit of the frame tag, is 0 in key frames. Only a frame's first packet has the tag.
    this.keyFrame = this.startOfFrame && ((bytes[at] as number) & 0x01) === 0;
    return true;
  }

  #clear(): void {
    this.length = 0;
    this.startOfFrame = false;
    this.keyFrame = false;
    this.pictureId = -1;
    this.pictureIdOffset = -1;
    this.pictureIdBits = 0;
    this.tl0PictureIndex = -1;
    this.tl0Offset = -1;
    this.temporalLayer = -1;
    this.layerSync = false;
    this.keyIndex = -1;
    this.keyIndexOffset = -1;
  }
}
