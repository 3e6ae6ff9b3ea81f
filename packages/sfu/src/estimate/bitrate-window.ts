// A rate over the last half second: of what was sent, and of what has arrived (R_hat in draft-ietf-rmcat-gcc-02, section 5.5).

/** One bucket, in ms, and how many there are: half a second, as the draft proposes (5.5). */
const BUCKET_MS = 25;
const BUCKETS = 20;
/** From this on a silence is a gap: longer than between the frames of a slow picture. */
const GAP_BUCKETS = 4;

export class BitrateWindow {
  readonly #bytes = new Float64Array(BUCKETS);
  readonly #packets = new Uint16Array(BUCKETS);
  /** Number of the newest bucket since the clock began; -1 while there is none. */
  #newest = -1;
  #oldest = -1;

  /** Adds `bytes` at this time, in ms of whichever clock; none, to say that it is later now. */
  add(at: number, bytes: number): void {
    const bucket = Math.floor(at / BUCKET_MS);
    if (this.#newest < 0 || bucket - this.#newest >= BUCKETS * 4) {
      this.#bytes.fill(0);
      this.#packets.fill(0);
      this.#newest = bucket;
      this.#oldest = bucket;
    }
    if (bucket <= this.#newest - BUCKETS) return;
    while (this.#newest < bucket) {
      this.#newest++;
      this.#bytes[this.#newest % BUCKETS] = 0;
      this.#packets[this.#newest % BUCKETS] = 0;
    }
    const index = bucket % BUCKETS;
    this.#bytes[index] = (this.#bytes[index] as number) + bytes;
    this.#packets[index] = (this.#packets[index] as number) + 1;
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

  /**
   * The same without the longest silence in the window: how fast it went while it went. Null when less than half of the
   * window remains, or fewer than `leastPackets`.
   */
  withoutGap(windowMs: number, leastPackets: number): number | null {
    const wanted = Math.min(Math.ceil(windowMs / BUCKET_MS), BUCKETS - 1);
    if (this.#newest < 0) return null;
    let bytes = 0;
    let packets = 0;
    let silent = 0;
    let longest = 0;
    let back = Math.min(wanted, this.#newest - 1 - this.#oldest);
    let span = back;
    for (; back > 0; back--) {
      const index = (this.#newest - back) % BUCKETS;
      const count = this.#packets[index] as number;
      silent = count === 0 ? silent + 1 : 0;
      if (silent > longest) longest = silent;
      packets += count;
      bytes += this.#bytes[index] as number;
    }
    if (longest >= GAP_BUCKETS) span -= longest;
    if (span * 2 < wanted || packets < leastPackets) return null;
    return (bytes * 8_000) / (span * BUCKET_MS);
  }

  reset(): void {
    this.#newest = -1;
  }
}
