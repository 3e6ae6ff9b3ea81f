// Where a receiver of lower temporal layers may switch up, for codecs that say so at a picture of layer 0, in advance.
import { difference32 } from '../rtp/sequence-number.js';

/** More than any temporal layer. */
const NONE_YET = 8;

/**
 * VP9's U bit (RFC 9628, section 4.2) and the switch indication of dependency descriptors (AV1 RTP, appendix A) stand on
 * a picture and speak of those behind it: none of these needs a picture of its layers from before. A receiver can use
 * that only until the first picture of the new layers has passed by; so a point is a picture behind one of layer 0 with
 * such a mark, when none of its layer or below, layer 0 aside, lies in between.
 */
export class SwitchingPoints {
  #timestamp = -1;
  #open = 0;
  #lowest = NONE_YET;
  #point = false;

  /**
   * Whether the picture of this packet is such a point. `open`: for a picture of layer 0, bit t set when layer t can be
   * joined behind it. `alone`: the picture itself needs none of its own layer (Chromium sets U in flexible mode so).
   * Pictures that come late are no points.
   */
  at(timestamp: number, temporalLayer: number, open: number, alone: boolean): boolean {
    const ahead = this.#timestamp < 0 ? 1 : difference32(timestamp, this.#timestamp);
    if (ahead === 0) return this.#point;
    if (ahead < 0) return false;
    this.#timestamp = timestamp;
    if (temporalLayer === 0) {
      this.#open = open;
      this.#lowest = NONE_YET;
      this.#point = false;
    } else {
      this.#point = temporalLayer < this.#lowest && (alone || ((this.#open >> temporalLayer) & 1) === 1);
      this.#lowest = Math.min(this.#lowest, temporalLayer);
    }
    return this.#point;
  }

  /** A key frame: all layers can be joined behind it, whatever its timestamp (a source may begin anew). */
  keyFrame(timestamp: number): void {
    this.#timestamp = timestamp;
    this.#open = ~0;
    this.#lowest = NONE_YET;
    this.#point = false;
  }
}
