// One timer for many deadlines: it rings when the next of them is due.

import type { Clock, Timer } from './clock.js';

export class Alarm {
  #timer: Timer | null = null;

  constructor(
    private readonly clock: Clock,
    /** The next deadline on the clock's `now`, or null. */
    private readonly next: () => number | null,
    private readonly ring: (now: number) => void,
  ) {}

  /** Call after a deadline was added. A deadline that was taken away only makes it ring in vain. */
  arm(): void {
    if (this.#timer) return;
    const next = this.next();
    if (next === null) return;
    this.#timer = this.clock.after(Math.max(0, next - this.clock.now()), () => {
      this.#timer = null;
      this.ring(this.clock.now());
      this.arm();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
