// Whether we send clearly less than the estimate allows (the "application limited region" of Chromium's congestion control).

/** Share of the estimate that fills the budget: who sends more than this uses the path. */
const SHARE = 0.65;
/** How much of the budget must be unused to be limited, and how little not to be any more. */
const ENTER = 0.8;
const LEAVE = 0.5;
/** Length of the budget, in ms. */
const WINDOW_MS = 500;

export class ApplicationLimit {
  limited = false;
  #bytes = 0;
  #unused = 0;
  #updatedAt = -1;

  /** Something was sent. */
  sent(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Looks at what was sent since the last time; `estimate` in bit/s. Every 25 to 100 ms is often enough. */
  update(estimate: number, now: number): void {
    if (this.#updatedAt < 0) {
      this.#updatedAt = now;
      return;
    }
    const elapsed = now - this.#updatedAt;
    if (elapsed < 10) return;
    this.#updatedAt = now;
    const bits = this.#bytes * 8;
    this.#bytes = 0;
    const full = (estimate * SHARE * WINDOW_MS) / 1_000;
    const unused = this.#unused + (estimate * SHARE * elapsed) / 1_000 - bits;
    this.#unused = Math.min(Math.max(unused, 0), full);
    if (this.#unused > full * ENTER) this.limited = true;
    else if (this.#unused < full * LEAVE) this.limited = false;
  }
}
