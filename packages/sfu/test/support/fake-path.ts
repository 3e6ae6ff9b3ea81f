// One direction of a path between a fake client and the SFU: delay, loss, and a bottleneck with a queue.
import type { RandomBytes } from './random-bytes.js';

export interface PathOptions {
  delayMs: number;
  /** Share of packets lost, 0 to 1. */
  loss: number;
  /** In bit/s. */
  rate: number;
  /** Nothing gets through. */
  broken: boolean;
}

/** Packets that would wait longer in the bottleneck are lost, in milliseconds. */
const QUEUE_MS = 300;
/** IP and UDP headers and the tag of SRTP, in bytes. */
const OVERHEAD = 38;

export class FakePath {
  readonly options: PathOptions;
  #freeAt = 0;

  constructor(
    readonly random: RandomBytes,
    options: Partial<PathOptions> = {},
  ) {
    this.options = { delayMs: 20, loss: 0, rate: Number.POSITIVE_INFINITY, broken: false, ...options };
  }

  /** When a packet arrives that is sent now; -1 when it is lost. */
  arrival(bytes: number, now: number): number {
    const { delayMs, loss, rate, broken } = this.options;
    if (broken || (loss > 0 && this.random.below(1_000_000) < loss * 1_000_000)) return -1;
    const begins = Math.max(this.#freeAt, now);
    if (begins - now > QUEUE_MS) return -1;
    this.#freeAt = begins + ((bytes + OVERHEAD) * 8_000) / rate;
    return this.#freeAt + delayMs;
  }
}
