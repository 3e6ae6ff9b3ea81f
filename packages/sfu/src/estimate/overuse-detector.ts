// The overuse detector with its adaptive threshold (draft-ietf-rmcat-gcc-02, section 5.4).

/** What the trend of the delay says about the use of the path. */
export type Usage = 'normal' | 'overuse' | 'underuse';

/** The trend is so small that it is made larger before it is compared: Chromium's gain, and its bound on the count. */
const GAIN = 4;
const MOST_DELTAS = 60;
/** Threshold at the start and its bounds (gcc, 5.4: del_var_th), in ms. */
const FIRST_THRESHOLD = 12.5;
const LOWEST_THRESHOLD = 6;
const HIGHEST_THRESHOLD = 600;
/** How fast the threshold follows a larger and a smaller trend (gcc, 5.4: K_u and K_d). */
const UP = 0.0087;
const DOWN = 0.039;
/** A trend that is further away than this is a spike, and does not move the threshold, in ms. */
const SPIKE = 15;
/** The trend must have been too large for longer than this (gcc, 5.4: overuse_time_th), in ms. */
const OVERUSE_MS = 10;
/** Longest time that one step of the threshold may be about, in ms. */
const LONGEST_STEP_MS = 100;

export class OveruseDetector {
  usage: Usage = 'normal';
  #threshold = FIRST_THRESHOLD;
  #previousSlope = 0;
  #overMs = -1;
  #overCount = 0;
  #updatedAt = -1;

  get threshold(): number {
    return this.#threshold;
  }

  /** `slope` and `count` of the trendline, time between the two groups when sent, and their arrival, in ms. */
  update(slope: number, count: number, sendDelta: number, arrival: number): void {
    const trend = Math.min(count, MOST_DELTAS) * slope * GAIN;
    if (trend > this.#threshold) {
      this.#overMs = this.#overMs < 0 ? sendDelta / 2 : this.#overMs + sendDelta;
      this.#overCount++;
      // Not while it is falling already: the queue is then on its way to empty.
      if (this.#overMs > OVERUSE_MS && this.#overCount > 1 && slope >= this.#previousSlope) {
        this.#overMs = 0;
        this.#overCount = 0;
        this.usage = 'overuse';
      }
    } else {
      this.#overMs = -1;
      this.#overCount = 0;
      this.usage = trend < -this.#threshold ? 'underuse' : 'normal';
    }
    this.#previousSlope = slope;
    this.#adapt(Math.abs(trend), arrival);
  }

  /** After a silence; what was learnt about the path's own jitter is kept. */
  reset(): void {
    this.usage = 'normal';
    this.#previousSlope = 0;
    this.#overMs = -1;
    this.#overCount = 0;
    this.#updatedAt = -1;
  }

  #adapt(trend: number, arrival: number): void {
    const elapsed = this.#updatedAt < 0 ? 0 : Math.min(arrival - this.#updatedAt, LONGEST_STEP_MS);
    this.#updatedAt = arrival;
    if (trend > this.#threshold + SPIKE) return;
    const speed = trend < this.#threshold ? DOWN : UP;
    const next = this.#threshold + speed * (trend - this.#threshold) * elapsed;
    this.#threshold = Math.min(Math.max(next, LOWEST_THRESHOLD), HIGHEST_THRESHOLD);
  }
}
