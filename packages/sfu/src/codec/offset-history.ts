// Which offsets each of the last frames of a segment has: dropped frames change them, and late packets want the old ones.
import { circleDifference } from './id-offsets.js';

/** Frames remembered: four seconds at 30 a second, and as many as a picture id of 7 bits can tell apart. */
const LENGTH = 128;

/** Offsets by the source's picture ids. A frame's are fixed as soon as it, or a later frame, is met. */
export class OffsetHistory {
  readonly #offsets = new Int32Array(LENGTH);
  #newest = -1;
  #current = 0;

  /** What a frame newer than all will have. */
  get current(): number {
    return this.#current;
  }

  /** Begins a segment; whichever frame comes first is its first. */
  begin(offsets: number): void {
    this.#newest = -1;
    this.#current = offsets;
  }

  /** Offsets of a frame. `bits`: width of its id. */
  of(pictureId: number, bits: number): number {
    this.#meet(pictureId, bits);
    return this.#offsets[pictureId % LENGTH] as number;
  }

  /** From behind this frame on, frames have other offsets. False, and nothing happens, when it is not the newest. */
  change(pictureId: number, bits: number, offsets: number): boolean {
    if (!this.#meet(pictureId, bits)) return false;
    this.#current = offsets;
    return true;
  }

  /** Fixes offsets of all frames up to this one; false when it was no new one. */
  #meet(pictureId: number, bits: number): boolean {
    const ahead = this.#newest < 0 ? LENGTH : circleDifference(pictureId, this.#newest, bits);
    if (ahead <= 0 && ahead > -LENGTH) return false;
    // Far ahead, or so far back that the source must have begun to count anew: nothing that is remembered is of use.
    const fresh = ahead > 0 && ahead < LENGTH ? ahead : LENGTH;
    for (let back = 0; back < fresh; back += 1) {
      this.#offsets[(pictureId - back + LENGTH) % LENGTH] = this.#current;
    }
    this.#newest = pictureId;
    return true;
  }
}
