// Picture ids of VP8 (RFC 7741, section 4.2) made continuous: PictureID, TL0PICIDX and KEYIDX.
// Ids close up over dropped frames: a VP8 receiver takes a gap for a loss, since nothing else names what a frame needs.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { PictureIdRewriter } from './codec.js';
import {
  KEY_INDEX_MASK,
  keyIndexOffset,
  packOffsets,
  pictureIdOffset,
  shiftPictureId,
  TL0_MASK,
  tl0PictureIndexOffset,
  writePictureId,
} from './id-offsets.js';
import { OffsetHistory } from './offset-history.js';
import { Vp8Descriptor } from './vp8-descriptor.js';

/** As many frames as the history remembers: what is further back is not late. */
const REORDERED = 128;

export class Vp8PictureIds implements PictureIdRewriter {
  readonly #descriptor = new Vp8Descriptor();
  readonly #history = new OffsetHistory();
  #used = 0;
  /** Ids given to the newest frame, -1 before the first. */
  #pictureId = -1;
  #tl0PictureIndex = -1;
  #keyIndex = -1;
  /** The source's picture id of the newest frame that was given ids, -1 before the first of a segment. */
  #newest = -1;

  switchTo(packet: RtpPacket): void {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return;
    this.#newest = -1;
    this.#history.begin(
      packOffsets(
        follow(this.#pictureId, descriptor.pictureId),
        follow(this.#tl0PictureIndex, descriptor.tl0PictureIndex),
        follow(this.#keyIndex, descriptor.keyIndex),
      ),
    );
  }

  rewrite(packet: RtpPacket, bytes: Uint8Array, offset: number): void {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return;
    const { pictureId } = descriptor;
    const offsets =
      pictureId < 0 ? this.#history.current : this.#history.of(pictureId, descriptor.pictureIdBits);
    this.#used = offsets;
    write(descriptor, offsets, packet, bytes, offset);
    if (pictureId < 0 || this.#isNewest(pictureId, descriptor.pictureIdBits)) this.#remember(offsets);
  }

  dropFrame(packet: RtpPacket): void {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet) || descriptor.pictureId < 0) return;
    const offsets = this.#history.current;
    const base = descriptor.temporalLayer === 0 ? 1 : 0;
    this.#history.change(
      descriptor.pictureId,
      descriptor.pictureIdBits,
      packOffsets(
        pictureIdOffset(offsets) - 1,
        tl0PictureIndexOffset(offsets) - base,
        keyIndexOffset(offsets),
      ),
    );
  }

  snapshot(): number {
    return this.#used;
  }

  apply(snapshot: number, packet: RtpPacket, bytes: Uint8Array, offset: number): void {
    if (this.#descriptor.read(packet)) write(this.#descriptor, snapshot, packet, bytes, offset);
  }

  /**
   * Whether no later frame was given ids: dropped ones, which the history knows too, do not count. A step far back is no
   * late frame but a source that counts anew.
   */
  #isNewest(pictureId: number, bits: number): boolean {
    if (this.#newest >= 0) {
      const ahead = ((pictureId - this.#newest) << (32 - bits)) >> (32 - bits);
      if (ahead < 0 && ahead > -REORDERED) return false;
    }
    this.#newest = pictureId;
    return true;
  }

  #remember(offsets: number): void {
    const descriptor = this.#descriptor;
    if (descriptor.pictureId >= 0) {
      this.#pictureId = shiftPictureId(descriptor.pictureId, offsets, descriptor.pictureIdBits);
    }
    if (descriptor.tl0PictureIndex >= 0) {
      this.#tl0PictureIndex = (descriptor.tl0PictureIndex + tl0PictureIndexOffset(offsets)) & TL0_MASK;
    }
    if (descriptor.keyIndex >= 0) {
      this.#keyIndex = (descriptor.keyIndex + keyIndexOffset(offsets)) & KEY_INDEX_MASK;
    }
  }
}

/** The offset that puts a source's id behind the last one given; none when there is nothing to follow, or no id. */
function follow(last: number, id: number): number {
  return last < 0 || id < 0 ? 0 : last + 1 - id;
}

function write(
  descriptor: Vp8Descriptor,
  offsets: number,
  packet: RtpPacket,
  bytes: Uint8Array,
  offset: number,
): void {
  if (descriptor.pictureId >= 0) {
    const { pictureIdBits } = descriptor;
    const pictureId = shiftPictureId(descriptor.pictureId, offsets, pictureIdBits);
    writePictureId(bytes, offset + descriptor.pictureIdOffset, pictureId, pictureIdBits);
  }
  if (descriptor.tl0PictureIndex >= 0) {
    bytes[offset + descriptor.tl0Offset] =
      (descriptor.tl0PictureIndex + tl0PictureIndexOffset(offsets)) & TL0_MASK;
  }
  if (descriptor.keyIndex >= 0) {
    const at = descriptor.keyIndexOffset;
    const layer = (packet.bytes[packet.payloadOffset + at] as number) & ~KEY_INDEX_MASK;
    bytes[offset + at] = layer | ((descriptor.keyIndex + keyIndexOffset(offsets)) & KEY_INDEX_MASK);
  }
}
