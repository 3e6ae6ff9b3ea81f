// The lines that are put between a viewer and the SFU, the same each way unless said otherwise.

import { createLinkEmulator, type Direction, type Line, seeded } from '../network/link-emulator.js';

export interface Condition {
  /** Part of a figure's name. */
  readonly name: string;
  readonly line: Line;
}

/** A line across a country without faults, which each condition adds its own to. */
const GOOD: Direction = { delayMs: 20 };
const both = (direction: Direction): Line => ({ up: direction, down: direction });

export const PERFECT: Line = both({});

/** What is looked at on each for a while, once it has settled. */
export const STEADY: readonly Condition[] = [
  { name: 'loss_2', line: both({ ...GOOD, loss: 0.02 }) },
  { name: 'loss_5', line: both({ ...GOOD, loss: 0.05 }) },
  { name: 'loss_10', line: both({ ...GOOD, loss: 0.1 }) },
  { name: 'delay_50', line: both({ delayMs: 50 }) },
  { name: 'delay_200', line: both({ delayMs: 200 }) },
  { name: 'jitter_30', line: both({ ...GOOD, jitterMs: 30 }) },
];

/** As much as the largest picture takes, and room for the smallest only. */
export const WIDE: Line = { up: GOOD, down: { ...GOOD, rate: { kbps: 3_000, queueMs: 300 } } };
export const NARROW: Line = { up: GOOD, down: { ...GOOD, rate: { kbps: 500, queueMs: 300 } } };

/** A line that becomes another one at any time; the same chances in every run. */
export class ChangingLine {
  #up = createLinkEmulator({}, seeded(1));
  #down = createLinkEmulator({}, seeded(2));

  become({ up, down }: Line): void {
    this.#up = createLinkEmulator(up, seeded(1));
    this.#down = createLinkEmulator(down, seeded(2));
  }

  /** For how many milliseconds a packet is held that comes now; null when it is lost. */
  hold(bytes: number, direction: 'up' | 'down'): number | null {
    const now = performance.now();
    const arrival = (direction === 'up' ? this.#up : this.#down).enter(bytes, now);
    return arrival === null ? null : Math.max(0, arrival - now);
  }
}
