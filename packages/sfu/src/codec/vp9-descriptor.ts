// The VP9 payload descriptor (RFC 9628, section 4.2), in flexible mode and not.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import { NO_SIZES, type PictureSize } from './picture-size.js';

/** At most three reference indices (P_DIFF) belong to a frame. */
const MAX_REFERENCES = 3;

/** One descriptor, read again and again into the same object. Offsets count from the first byte of the payload. */
export class Vp9Descriptor {
  /** Length in bytes. */
  length = 0;
  /** B and E: first and last packet of a frame, which is one spatial layer of a picture. */
  startOfFrame = false;
  endOfFrame = false;
  /** P: the frame is predicted from earlier pictures. */
  interPicture = false;
  /** F: references are named frame by frame, relative to picture ids. */
  flexible = false;
  /** 7 or 15 bits; -1 when absent, as its offset is. */
  pictureId = -1;
  pictureIdOffset = -1;
  /** 7 or 15. */
  pictureIdBits = 0;
  /** TID and SID, 0 to 7; 0 when absent. */
  temporalLayer = 0;
  spatialLayer = 0;
  /** U: switching up point. */
  switchingUp = false;
  /** TL0PICIDX, 8 bits, only in non-flexible mode; -1 when absent, as its offset is. */
  tl0PictureIndex = -1;
  tl0Offset = -1;
  /** Where the scalability structure begins; -1 when there is none. */
  structureOffset = -1;

  /** Reads a packet's; false when it does not fit, or when nothing is behind it. */
  read(packet: RtpPacket): boolean {
    const bytes = packet.bytes;
    const from = packet.payloadOffset;
    const end = from + packet.payloadLength;
    this.#clear();
    if (from >= end) return false;
    const first = bytes[from] as number;
    this.interPicture = (first & 0x40) !== 0;
    this.flexible = (first & 0x10) !== 0;
    this.startOfFrame = (first & 0x08) !== 0;
    this.endOfFrame = (first & 0x04) !== 0;
    let at = from + 1;
    if (first & 0x80) at = this.#readPictureId(bytes, from, at, end);
    if (first & 0x20) at = this.#readLayers(bytes, from, at, end);
    if (this.flexible && this.interPicture) at = skipReferences(bytes, at, end);
    if (first & 0x02) {
      this.structureOffset = at - from;
      at = skipScalabilityStructure(bytes, at, end);
    }
    if (at >= end) return false;
    this.length = at - from;
    return true;
  }

  /** Of the packet that was read last: how large the pictures of each spatial layer are, if its structure says it. */
  sizes({ bytes, payloadOffset }: RtpPacket): readonly PictureSize[] {
    if (this.structureOffset < 0) return NO_SIZES;
    const at = payloadOffset + this.structureOffset;
    const head = bytes[at] as number;
    if ((head & 0x10) === 0) return NO_SIZES;
    return Array.from({ length: (head >> 5) + 1 }, (_, layer) => ({
      width: bytes.readUInt16BE(at + 1 + layer * 4),
      height: bytes.readUInt16BE(at + 3 + layer * 4),
    }));
  }

  #readPictureId(bytes: Uint8Array, from: number, at: number, end: number): number {
    if (at >= end) return end;
    const high = bytes[at] as number;
    this.pictureIdOffset = at - from;
    if ((high & 0x80) === 0) {
      this.pictureId = high;
      this.pictureIdBits = 7;
      return at + 1;
    }
    if (at + 1 >= end) return end;
    this.pictureId = ((high & 0x7f) << 8) | (bytes[at + 1] as number);
    this.pictureIdBits = 15;
    return at + 2;
  }

  #readLayers(bytes: Uint8Array, from: number, at: number, end: number): number {
    if (at >= end) return end;
    const layers = bytes[at] as number;
    this.temporalLayer = layers >> 5;
    this.switchingUp = (layers & 0x10) !== 0;
    this.spatialLayer = (layers >> 1) & 0x07;
    if (this.flexible) return at + 1;
    if (at + 1 >= end) return end;
    this.tl0Offset = at + 1 - from;
    this.tl0PictureIndex = bytes[at + 1] as number;
    return at + 2;
  }

  #clear(): void {
    this.length = 0;
    this.pictureId = -1;
    this.pictureIdOffset = -1;
    this.pictureIdBits = 0;
    this.temporalLayer = 0;
    this.spatialLayer = 0;
    this.switchingUp = false;
    this.tl0PictureIndex = -1;
    this.tl0Offset = -1;
    this.structureOffset = -1;
  }
}

/** P_DIFF with N, "another follows", as its last bit. `end`, where no payload can be, when there are too many. */
function skipReferences(bytes: Uint8Array, at: number, end: number): number {
  for (let count = 1; count <= MAX_REFERENCES && at < end; count += 1) {
    const more = (bytes[at++] as number) & 0x01;
    if (!more) return at;
  }
  return end;
}

/** N_S, Y, G; sizes of the layers when Y; descriptions of the pictures of a group when G. May land beyond `end`. */
function skipScalabilityStructure(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return end;
  const head = bytes[at++] as number;
  if (head & 0x10) at += ((head >> 5) + 1) * 4;
  if ((head & 0x08) === 0) return at;
  if (at >= end) return end;
  const pictures = bytes[at++] as number;
  for (let picture = 0; picture < pictures; picture += 1) {
    if (at >= end) return end;
    at += 1 + (((bytes[at] as number) >> 2) & 0x03);
  }
  return at;
}
