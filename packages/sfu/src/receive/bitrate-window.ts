// The bitrate of the last second, counted in buckets: nothing is allocated per packet.

/** 20 buckets of 50 ms: a rate that is true to a twentieth, and never more than 50 ms late. */
const BUCKETS = 20;
const BUCKET_MS = 50;
/** A new stream begins with a key frame: over less than this, that alone would be taken for its rate. */
const SHORTEST_MS = 500;

export class BitrateWindow {
  readonly #bytes = new Float64Array(BUCKETS);
  #total = 0;
  /** Number of the newest bucket since time 0. */
  #newest = Number.NaN;
  #startedAt = 0;

  add(bytes: number, now: number): void {
    if (Number.isNaN(this.#newest)) {
      this.#newest = Math.floor(now / BUCKET_MS);
      this.#startedAt = now;
    }
    this.#advance(now);
    const index = this.#newest % BUCKETS;
    this.#bytes[index] = (this.#bytes[index] as number) + bytes;
    this.#total += bytes;
  }

  /** In bit/s, over the last second or since the first packet; 0 when there was none. */
  bitrate(now: number): number {
    if (Number.isNaN(this.#newest)) return 0;
    this.#advance(now);
    if (this.#total === 0) return 0;
    const windowStart = (this.#newest - BUCKETS + 1) * BUCKET_MS;
    const covered = now - Math.max(windowStart, this.#startedAt);
    return (this.#total * 8_000) / Math.max(SHORTEST_MS, covered);
  }

  #advance(now: number): void {
    const bucket = Math.floor(now / BUCKET_MS);
    const steps = bucket - this.#newest;
    if (steps <= 0) return;
    if (steps >= BUCKETS) {
      this.#bytes.fill(0);
      this.#total = 0;
    } else {
      for (let number = this.#newest + 1; number <= bucket; number += 1) {
        const index = number % BUCKETS;
        this.#total -= this.#bytes[index] as number;
        this.#bytes[index] = 0;
      }
    }
    this.#newest = bucket;
  }
}
