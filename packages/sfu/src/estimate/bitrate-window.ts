// A rate over the last half second: of what was sent, and of what has arrived (R_hat in draft-ietf-rmcat-gcc-02, section 5.5).

/** One bucket, in ms, and how many there are: half a second, as the draft proposes (5.5). */
const BUCKET_MS = 25;
const BUCKETS = 20;

export class BitrateWindow {
  readonly #bytes = new Float64Array(BUCKETS);
  /** Number of the newest bucket since the clock began; -1 while there is none. */
  #newest = -1;
  #oldest = -1;

  /** Adds `bytes` at this time, in ms of whichever clock; none, to say that it is later now. */
  add(at: number, bytes: number): void {
    const bucket = Math.floor(at / BUCKET_MS);
    if (this.#newest < 0 || bucket - this.#newest >= BUCKETS * 4) {
      this.#bytes.fill(0);
      this.#newest = bucket;
      this.#oldest = bucket;
    }
    if (bucket <= this.#newest - BUCKETS) return;
    while (this.#newest < bucket) {
      this.#newest++;
      this.#bytes[this.#newest % BUCKETS] = 0;
    }
    const index = bucket % BUCKETS;
    this.#bytes[index] = (this.#bytes[index] as number) + bytes;
  }

  /** In bit/s over the last `windowMs` (up to 475) before the newest addition; null when less is known. */
  over(windowMs: number): number | null {
    const wanted = Math.min(Math.ceil(windowMs / BUCKET_MS), BUCKETS - 1);
    // The newest bucket is still filling, and the first one began anywhere.
    if (this.#newest < 0 || this.#newest - 1 - this.#oldest < wanted) return null;
    let bytes = 0;
    for (let back = 1; back <= wanted; back++)
      bytes += this.#bytes[(this.#newest - back) % BUCKETS] as number;
    return (bytes * 8_000) / (wanted * BUCKET_MS);
  }

  reset(): void {
    this.#newest = -1;
  }
}
