// Which frames of a stream with temporal and spatial layers a slot passes on: never one that lacks what it needs.

import type { FrameMarks } from '../codec/frame-marks.js';

/** How many pictures are remembered for late packets: one second at 30 pictures/s. A power of two. */
const REMEMBERED = 32;

/** No stream has so many, of either kind: layer numbers have three bits at most. */
export const ALL_LAYERS = 255;

export class LayerFilter {
  /** The highest temporal layer that is wanted. */
  temporalLimit = ALL_LAYERS;
  /** The highest spatial layer that is wanted, of those inside the stream (VP9 and AV1 SVC). */
  spatialLimit = ALL_LAYERS;
  /** Of the picture that was asked about last: whether anything of it is passed on, and its highest spatial layer then. */
  shown = true;
  top = ALL_LAYERS;
  /** The highest layers whose frames can be decoded from what was passed on. */
  #temporalLayer = ALL_LAYERS;
  #spatialLayer = ALL_LAYERS;
  /** The newest picture. */
  #timestamp = 0;
  #admitted = true;
  /** What was decided of the last pictures, oldest overwritten. */
  readonly #timestamps = new Int32Array(REMEMBERED);
  readonly #decisions = new Uint8Array(REMEMBERED);
  /** The highest layers that could be decoded with each. */
  readonly #temporalLayers = new Uint8Array(REMEMBERED);
  readonly #spatialLayers = new Uint8Array(REMEMBERED);
  #count = 0;

  /** The highest spatial layer that its receiver can decode now; lower than the limit while a key frame is waited for. */
  get spatialLayer(): number {
    return this.#spatialLayer;
  }

  /** A source begins, with a key frame. */
  begin(): void {
    this.#temporalLayer = this.temporalLimit;
    this.#spatialLayer = this.spatialLimit;
    this.#count = 0;
  }

  /** The source's timestamps begin anew. */
  restart(): void {
    this.#count = 0;
  }

  /** Whether a packet is to be passed on. */
  admits(timestamp: number, marks: FrameMarks): boolean {
    const picture = timestamp | 0;
    const ahead = this.#count === 0 ? 1 : (picture - this.#timestamp) | 0;
    if (ahead < 0) return this.#admitsLate(picture, marks);
    if (ahead > 0) {
      this.#admitted = this.#decide(marks);
      this.#timestamp = picture;
      const place = this.#count & (REMEMBERED - 1);
      this.#timestamps[place] = picture;
      this.#decisions[place] = this.#admitted ? 1 : 0;
      this.#temporalLayers[place] = this.#temporalLayer;
      this.#spatialLayers[place] = this.#spatialLayer;
      this.#count += 1;
    }
    this.shown = this.#admitted;
    this.top = this.#spatialLayer;
    return this.shown && marks.spatialLayer <= this.top;
  }

  /** Of a picture whose packets came before, what was said of it; else what holds between those before and behind it. */
  #admitsLate(picture: number, marks: FrameMarks): boolean {
    let temporalLayer = this.#temporalLayer;
    let spatialLayer = this.#spatialLayer;
    for (let back = 1; back <= REMEMBERED && back <= this.#count; back += 1) {
      const place = (this.#count - back) & (REMEMBERED - 1);
      const ahead = ((this.#timestamps[place] as number) - picture) | 0;
      const temporal = this.#temporalLayers[place] as number;
      const spatial = this.#spatialLayers[place] as number;
      if (ahead === 0) {
        this.shown = this.#decisions[place] === 1;
        this.top = spatial;
        return this.shown && marks.spatialLayer <= spatial;
      }
      if (ahead < 0) {
        temporalLayer = Math.min(temporalLayer, temporal);
        spatialLayer = Math.min(spatialLayer, spatial);
        break;
      }
      temporalLayer = temporal;
      spatialLayer = spatial;
    }
    this.shown = marks.temporalLayer <= temporalLayer;
    this.top = spatialLayer;
    return this.shown && marks.spatialLayer <= spatialLayer;
  }

  /** Of a picture by its first packet to come: whether it is passed on at all, and from now on up to which layers. */
  #decide(marks: FrameMarks): boolean {
    if (this.#temporalLayer > this.temporalLimit) this.#temporalLayer = this.temporalLimit;
    if (this.#spatialLayer > this.spatialLimit) this.#spatialLayer = this.spatialLimit;
    const beginning = marks.keyFrame && marks.startOfFrame;
    // Pictures of a spatial layer need the one before of the same layer, but not behind a key frame.
    if (beginning) this.#spatialLayer = this.spatialLimit;
    const layer = marks.temporalLayer;
    if (layer <= this.#temporalLayer) {
      if (beginning) this.#temporalLayer = this.temporalLimit;
      return true;
    }
    // One layer at a time: this picture may build upon the layers below it, which must have been passed on.
    if (layer > this.temporalLimit || layer !== this.#temporalLayer + 1 || !marks.switchingUp) return false;
    this.#temporalLayer = layer;
    return true;
  }
}
