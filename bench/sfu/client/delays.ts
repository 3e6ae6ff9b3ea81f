// How long packets took, counted in steps of 10 us: a million of them need no more room than one.

const STEP_MS = 0.01;
/** Whatever took longer than 2 s counts as that. */
const STEPS = 200_000;

export class Delays {
  count = 0;
  readonly #counts = new Uint32Array(STEPS);

  add(milliseconds: number): void {
    const step = Math.min(Math.max(milliseconds / STEP_MS, 0), STEPS - 1) | 0;
    this.#counts[step] = (this.#counts[step] as number) + 1;
    this.count += 1;
  }

  clear(): void {
    this.#counts.fill(0);
    this.count = 0;
  }

  /** The delay that this share of all packets did not exceed, in milliseconds. */
  quantile(share: number): number {
    let left = share * this.count;
    for (const [step, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return (step + 1) * STEP_MS;
    }
    throw new Error('Nothing arrived.');
  }
}
