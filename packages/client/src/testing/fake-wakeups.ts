// Wake-ups that come when a test says so.

import type { Wakeup, Wakeups } from '../signalling/wakeups.js';

export class FakeWakeups implements Wakeups {
  hidden = false;
  readonly #listeners = new Set<(wakeup: Wakeup) => void>();

  subscribe(listener: (wakeup: Wakeup) => void, { signal }: { signal: AbortSignal }): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** How many listen: nobody may when what listened is closed. */
  get listeners(): number {
    return this.#listeners.size;
  }

  tell(wakeup: Wakeup): void {
    for (const listener of [...this.#listeners]) listener(wakeup);
  }
}
