// What a path was able to carry when it was last overused: near to it, rates grow carefully (draft-ietf-rmcat-gcc-02, 5.5).

/** Weight of one observation (gcc, 5.5: exponential average with 0.95). */
const WEIGHT = 0.05;
/** Bounds of the variance, relative to the mean in kbit/s: Chromium's. */
const LEAST_DEVIATION = 0.4;
const MOST_DEVIATION = 2.5;

export class LinkCapacity {
  /** Mean in kbit/s, null while nothing is known. */
  #mean: number | null = null;
  #deviation = LEAST_DEVIATION;

  /** In bit/s; null while nothing is known. */
  get bitrate(): number | null {
    return this.#mean === null ? null : this.#mean * 1_000;
  }

  /** The path was overused while this much arrived, in bit/s. */
  overused(acknowledged: number): void {
    const sample = acknowledged / 1_000;
    if (this.#mean === null) {
      this.#mean = sample;
      return;
    }
    const error = this.#mean - sample;
    this.#mean += WEIGHT * (sample - this.#mean);
    const deviation = (1 - WEIGHT) * this.#deviation + (WEIGHT * error * error) / Math.max(this.#mean, 1);
    this.#deviation = Math.min(Math.max(deviation, LEAST_DEVIATION), MOST_DEVIATION);
  }

  /** Whether this rate is within three standard deviations of the capacity; -1 below, 0 within or unknown, 1 above. */
  compare(bitrate: number): -1 | 0 | 1 {
    if (this.#mean === null) return 0;
    const bound = 3 * Math.sqrt(this.#deviation * this.#mean);
    const difference = bitrate / 1_000 - this.#mean;
    if (difference > bound) return 1;
    return difference < -bound ? -1 : 0;
  }

  forget(): void {
    this.#mean = null;
    this.#deviation = LEAST_DEVIATION;
  }
}
