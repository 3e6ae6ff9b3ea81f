// How much of something a link may still do: a bucket that fills steadily.

export class Allowance {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #filledAt = Number.NEGATIVE_INFINITY;

  /** `perSecond` in the long run, and `atOnce` after a pause. */
  constructor(perSecond: number, atOnce: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = atOnce;
    this.#left = atOnce;
  }

  /** Takes so much of it; false, with nothing taken, where less is left. */
  take(amount: number, now: number): boolean {
    if (now > this.#filledAt) {
      this.#left = Math.min(this.#most, this.#left + (now - this.#filledAt) * this.#perMs);
      this.#filledAt = now;
    }
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
