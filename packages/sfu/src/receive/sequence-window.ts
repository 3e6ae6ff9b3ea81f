// Which of the last extended sequence numbers have been received: one bit each, so that nothing is taken twice.

/** How far back is remembered, in packets: 2 s of 1,000 packets/s. A power of two. */
export const SEQUENCE_WINDOW = 2_048;

export class SequenceWindow {
  readonly #bits = new Uint32Array(SEQUENCE_WINDOW / 32);
  /** The largest number received, -1 before the first. */
  newest = -1;

  /** Takes a number: true when it is new, false when it was there already or is too old to be known. */
  take(extended: number): boolean {
    const steps = extended - this.newest;
    if (this.newest < 0 || steps >= SEQUENCE_WINDOW) {
      this.#bits.fill(0);
      this.newest = extended;
    } else if (steps > 0) {
      for (let number = this.newest + 1; number < extended; number += 1) this.#clear(number);
      this.newest = extended;
      this.#clear(extended);
    } else if (-steps >= SEQUENCE_WINDOW || this.#has(extended)) {
      return false;
    }
    const bit = extended & (SEQUENCE_WINDOW - 1);
    this.#bits[bit >> 5] = (this.#bits[bit >> 5] as number) | (1 << (bit & 31));
    return true;
  }

  #has(extended: number): boolean {
    const bit = extended & (SEQUENCE_WINDOW - 1);
    return ((this.#bits[bit >> 5] as number) & (1 << (bit & 31))) !== 0;
  }

  #clear(extended: number): void {
    const bit = extended & (SEQUENCE_WINDOW - 1);
    this.#bits[bit >> 5] = (this.#bits[bit >> 5] as number) & ~(1 << (bit & 31));
  }
}
