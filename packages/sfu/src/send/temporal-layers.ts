// Which frames of a stream with temporal layers a slot passes on: whole frames, and never one that lacks what it needs.

import type { FrameMarks } from '../codec/frame-marks.js';

/** How many frames are remembered for late packets: one second at 30 frames/s. A power of two. */
const REMEMBERED = 32;

/** No stream has so many: layer numbers have three bits at most. */
export const ALL_TEMPORAL_LAYERS = 255;

export class TemporalLayers {
  /** The highest layer that is wanted. */
  limit = ALL_TEMPORAL_LAYERS;
  /** The highest layer whose frames can be decoded from what was passed on. */
  #layer = ALL_TEMPORAL_LAYERS;
  /** The newest frame. */
  #timestamp = 0;
  #admitted = true;
  /** What was decided of the last frames, oldest overwritten. */
  readonly #timestamps = new Int32Array(REMEMBERED);
  readonly #decisions = new Uint8Array(REMEMBERED);
  /** The highest layer that could be decoded with it. */
  readonly #layers = new Uint8Array(REMEMBERED);
  #count = 0;

  /** A source begins, with a key frame. */
  begin(): void {
    this.#layer = this.limit;
    this.#count = 0;
  }

  /** The source's timestamps begin anew. */
  restart(): void {
    this.#count = 0;
  }

  /** Whether a packet is to be passed on. */
  admits(timestamp: number, marks: FrameMarks): boolean {
    const frame = timestamp | 0;
    const ahead = this.#count === 0 ? 1 : (frame - this.#timestamp) | 0;
    if (ahead === 0) return this.#admitted;
    if (ahead > 0) {
      const admitted = this.#decide(marks);
      this.#timestamp = frame;
      this.#admitted = admitted;
      const place = this.#count & (REMEMBERED - 1);
      this.#timestamps[place] = frame;
      this.#decisions[place] = admitted ? 1 : 0;
      this.#layers[place] = this.#layer;
      this.#count += 1;
      return admitted;
    }
    return this.#admitsLate(frame, marks);
  }

  /** Of a frame whose packets came before, what was said of them; else what holds between those before and behind it. */
  #admitsLate(frame: number, marks: FrameMarks): boolean {
    let behind = this.#layer;
    for (let back = 1; back <= REMEMBERED && back <= this.#count; back += 1) {
      const place = (this.#count - back) & (REMEMBERED - 1);
      const layer = this.#layers[place] as number;
      const ahead = ((this.#timestamps[place] as number) - frame) | 0;
      if (ahead === 0) return this.#decisions[place] === 1;
      if (ahead < 0) return marks.temporalLayer <= Math.min(layer, behind);
      behind = layer;
    }
    return marks.temporalLayer <= behind;
  }

  #decide(marks: FrameMarks): boolean {
    if (this.#layer > this.limit) this.#layer = this.limit;
    const layer = marks.temporalLayer;
    if (layer <= this.#layer) {
      if (marks.keyFrame && marks.startOfFrame) this.#layer = this.limit;
      return true;
    }
    // One layer at a time: this frame may build upon the layers below it, which must have been passed on.
    if (layer > this.limit || layer !== this.#layer + 1 || !marks.switchingUp) return false;
    this.#layer = layer;
    return true;
  }
}
