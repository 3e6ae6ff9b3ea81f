// Time that moves only when told to.

import type { Clock, Timer } from '../../src/env/clock.js';

interface Due {
  at: number;
  readonly every: number | null;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #now = 0;
  readonly #due = new Set<Due>();

  constructor(private readonly unixStart = 1_800_000_000_000) {}

  now(): number {
    return this.#now;
  }

  unixTime(): number {
    return this.unixStart + this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    return this.#add({ at: this.#now + ms, every: null, callback });
  }

  every(ms: number, callback: () => void): Timer {
    return this.#add({ at: this.#now + ms, every: ms, callback });
  }

  /** How many timers run. */
  get pending(): number {
    return this.#due.size;
  }

  /** Moves time on, firing what falls due in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === null) this.#due.delete(next);
      else next.at += next.every;
      next.callback();
    }
    this.#now = end;
  }

  /** Time goes by while nothing runs, as on a machine asleep: what fell due fires once when it wakes. */
  skip(ms: number): void {
    this.#now += ms;
    for (const due of [...this.#due].filter(({ at }) => at <= this.#now)) {
      if (due.every === null) this.#due.delete(due);
      else due.at = this.#now + due.every;
      due.callback();
    }
  }

  #add(due: Due): Timer {
    this.#due.add(due);
    return { cancel: () => this.#due.delete(due) };
  }
}
