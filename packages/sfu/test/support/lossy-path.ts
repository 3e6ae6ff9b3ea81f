// A path that loses, delays, reorders and repeats packets at random, the same again for the same seed.
import { RandomBytes } from './random-bytes.js';

/** How bad a path is. */
export interface PathQuality {
  /** Of 100 packets. */
  readonly lost: number;
  readonly doubled: number;
  /** Up to so many milliseconds later than others, evenly. */
  readonly jitterMs: number;
}

/** One arrival of the packet with this number in order of sending. */
export interface Arrival {
  readonly number: number;
  readonly at: number;
}

const DELAY_MS = 40;

export class LossyPath {
  readonly random: RandomBytes;

  constructor(
    seed: number,
    readonly quality: PathQuality,
  ) {
    this.random = new RandomBytes(seed);
  }

  /** When a packet that is sent now arrives: not at all, once, or twice. */
  send(now: number): number[] {
    if (this.random.below(100) < this.quality.lost) return [];
    const times = [this.#delayed(now)];
    if (this.random.below(100) < this.quality.doubled) times.push(this.#delayed(now));
    return times;
  }

  /** All arrivals of `count` packets sent at an even pace, in order of arrival. */
  carry(count: number, everyMs: number): Arrival[] {
    const arrivals: Arrival[] = [];
    for (let number = 0; number < count; number += 1) {
      for (const at of this.send(number * everyMs)) arrivals.push({ number, at });
    }
    return arrivals.sort((a, b) => a.at - b.at);
  }

  #delayed(now: number): number {
    return now + DELAY_MS + (this.random.below(1_000) / 1_000) * this.quality.jitterMs;
  }
}
