// A world for tests: time that moves only when told to, randomness that repeats with its seed.

import type { Clock, Env, Random, Timer } from '../env/env.js';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

interface Due extends Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still between calls of `advance`. */
export class FakeClock implements Clock {
  #now = 0;
  #order = 0;
  #due: Due[] = [];

  now(): number {
    return this.#now;
  }

  unixTime(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const due: Due = {
      at: this.#now + Math.max(0, ms),
      order: this.#order++,
      callback,
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== due);
      },
    };
    this.#due.push(due);
    return due;
  }

  /** How many timers run: nothing may be left when a test has closed what it opened. */
  get pending(): number {
    return this.#due.length;
  }

  /** Time passes while the page sleeps: what falls due meanwhile fires late, with the next `advance`. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Moves time on, firing what falls due in its order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#due
        .filter((due) => due.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      next.cancel();
      next.callback();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Randomness of mulberry32: small, even, the same for the same seed. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    unit,
    id: (length) => Array.from({ length }, () => BASE64URL.charAt(Math.floor(unit() * 64))).join(''),
  };
}

/** A fake world with its clock at hand. */
export function fakeEnv(seed = 1): Env & { readonly clock: FakeClock } {
  return { clock: new FakeClock(), random: seededRandom(seed) };
}
