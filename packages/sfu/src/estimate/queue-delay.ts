// How long packets wait in a queue on the path: the one-way delay above the least that was seen lately.

/** The least delay is that of the last one to two of these spans, in ms: longer than clocks need to drift apart by a millisecond. */
const SPAN_MS = 10_000;

export class QueueDelay {
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;
  #spanBegan = Number.NEGATIVE_INFINITY;
  #current = Number.POSITIVE_INFINITY;
  #measured = 0;

  /** In ms, as of the last feedback. */
  get ms(): number {
    return this.#measured;
  }

  /** One packet: the time on the receiver's clock when it arrived less that on ours when it was sent, in ms. */
  add(transitMs: number): void {
    if (transitMs < this.#current) this.#current = transitMs;
  }

  /** All packets of one feedback were added: the quickest of them counts, so that jitter is not taken for a queue. */
  settle(now: number): void {
    if (this.#current === Number.POSITIVE_INFINITY) return;
    if (now - this.#spanBegan > SPAN_MS) {
      this.#leastBefore = this.#least;
      this.#least = Number.POSITIVE_INFINITY;
      this.#spanBegan = now;
    }
    if (this.#current < this.#least) this.#least = this.#current;
    this.#measured = this.#current - Math.min(this.#least, this.#leastBefore);
    this.#current = Number.POSITIVE_INFINITY;
  }

  /** The path may be another one now. */
  reset(): void {
    this.#least = Number.POSITIVE_INFINITY;
    this.#leastBefore = Number.POSITIVE_INFINITY;
    this.#spanBegan = Number.NEGATIVE_INFINITY;
    this.#current = Number.POSITIVE_INFINITY;
    this.#measured = 0;
  }
}
