// Picture ids of VP9 (RFC 9628, section 4.2) made continuous over switches: PictureID, and TL0PICIDX where there is one.
// They do not close up over dropped frames. References count in picture ids: by P_DIFF in flexible mode, by the place
// in the picture group in the other; a receiver knows from the layers that a gap is no loss.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { PictureIdRewriter } from './codec.js';
import {
  circleDifference,
  packOffsets,
  shiftPictureId,
  TL0_MASK,
  tl0PictureIndexOffset,
  writePictureId,
} from './id-offsets.js';
import { Vp9Descriptor } from './vp9-descriptor.js';

/** Four seconds at 30 pictures a second: nothing comes later than that. */
const LATE_PICTURES = 128;

export class Vp9PictureIds implements PictureIdRewriter {
  readonly #descriptor = new Vp9Descriptor();
  #offsets = 0;
  /** The source's id of the newest picture of the segment; -1 before the first. */
  #newest = -1;
  /** Ids given to it, -1 before the first of all. */
  #pictureId = -1;
  #tl0PictureIndex = -1;

  switchTo(packet: RtpPacket): void {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return;
    const { pictureId, tl0PictureIndex } = descriptor;
    this.#offsets = packOffsets(
      this.#pictureId < 0 || pictureId < 0 ? 0 : this.#pictureId + 1 - pictureId,
      this.#tl0PictureIndex < 0 || tl0PictureIndex < 0 ? 0 : this.#tl0PictureIndex + 1 - tl0PictureIndex,
      0,
    );
    this.#newest = -1;
  }

  rewrite(packet: RtpPacket, bytes: Uint8Array, offset: number): void {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return;
    write(descriptor, this.#offsets, bytes, offset);
    this.#remember();
  }

  /** Does nothing, see above. */
  dropFrame(_packet: RtpPacket): void {}

  snapshot(): number {
    return this.#offsets;
  }

  apply(snapshot: number, packet: RtpPacket, bytes: Uint8Array, offset: number): void {
    if (this.#descriptor.read(packet)) write(this.#descriptor, snapshot, bytes, offset);
  }

  #remember(): void {
    const { pictureId, pictureIdBits, tl0PictureIndex } = this.#descriptor;
    if (pictureId >= 0) {
      const ahead = this.#newest < 0 ? 1 : circleDifference(pictureId, this.#newest, pictureIdBits);
      // Further back than any late packet: the source counts anew.
      if (ahead < 0 && ahead > -LATE_PICTURES) return;
      this.#newest = pictureId;
      this.#pictureId = shiftPictureId(pictureId, this.#offsets, pictureIdBits);
    }
    if (tl0PictureIndex >= 0) {
      this.#tl0PictureIndex = (tl0PictureIndex + tl0PictureIndexOffset(this.#offsets)) & TL0_MASK;
    }
  }
}

function write(descriptor: Vp9Descriptor, offsets: number, bytes: Uint8Array, offset: number): void {
  if (descriptor.pictureId >= 0) {
    const { pictureIdBits } = descriptor;
    const pictureId = shiftPictureId(descriptor.pictureId, offsets, pictureIdBits);
    writePictureId(bytes, offset + descriptor.pictureIdOffset, pictureId, pictureIdBits);
  }
  if (descriptor.tl0PictureIndex >= 0) {
    bytes[offset + descriptor.tl0Offset] =
      (descriptor.tl0PictureIndex + tl0PictureIndexOffset(offsets)) & TL0_MASK;
  }
}
