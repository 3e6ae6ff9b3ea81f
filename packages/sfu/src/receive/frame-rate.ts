// How far the frames of a stream are apart, by the arrival of new timestamps.

import { difference32 } from '../rtp/sequence-number.js';

/** How much of a new interval counts: about the last eight frames. */
const WEIGHT = 1 / 8;
/** Times between frames are taken as no longer than this, in milliseconds: a pause is no frame rate. */
const LONGEST_MS = 2_000;
/** A timestamp that is older by more than a repair can be late (2 s at 90 kHz) is of a sender that began again. */
const RESTART_UNITS = 180_000;

export class FrameRate {
  /** Smoothed, in milliseconds; NaN before the second frame. */
  interval = Number.NaN;
  #timestamp = -1;
  #at = 0;

  /** Frames/s; 0 when not known. */
  get rate(): number {
    return this.interval > 0 ? 1_000 / this.interval : 0;
  }

  /** True when the packet is of a later frame than all before. */
  onTimestamp(timestamp: number, now: number): boolean {
    if (this.#timestamp >= 0) {
      const ahead = difference32(timestamp, this.#timestamp);
      if (ahead <= 0 && ahead > -RESTART_UNITS) return false;
      const passed = Math.min(LONGEST_MS, now - this.#at);
      this.interval = Number.isNaN(this.interval)
        ? passed
        : this.interval + (passed - this.interval) * WEIGHT;
    }
    this.#timestamp = timestamp;
    this.#at = now;
    return true;
  }

  /** The stream pauses: what follows has a rate of its own. */
  restart(): void {
    this.#timestamp = -1;
    this.interval = Number.NaN;
  }
}
