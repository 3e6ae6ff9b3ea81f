// The sequence numbers of a slot: those of its sources, with what is left out closed up and what was lost left open.

/** How many of a source's packets are remembered: a late one is placed, or dropped, by its own place here. */
const WINDOW = 1_024;
/** What is written in the window beside reserved numbers, which are never negative. */
const DROPPED = -1;
const SENT = -2;

export class SlotSequence {
  /** The number after the highest that was given out or reserved, extended beyond 16 bits. */
  #next: number;
  /** Extended sequence numbers of the current source: the first that belongs here, and the highest so far. */
  #first = 0;
  #highest = -1;
  /** Per packet of the source: DROPPED, SENT, or the number kept for it until it comes. Made with the first packet. */
  #window: Int32Array | null = null;

  /** `initial`: the first number, 16 bits. */
  constructor(initial: number) {
    this.#next = initial;
  }

  /** The highest number given out or reserved, extended; one less than the initial one at first. */
  get last(): number {
    return this.#next - 1;
  }

  /** A source begins with this packet. Nothing before it has a place from now on. */
  begin(extendedSequence: number): void {
    this.#first = extendedSequence;
    this.#highest = extendedSequence - 1;
  }

  /** Nothing of the current source before this packet has a place any more; numbers kept for it stay open. */
  forgetBefore(extendedSequence: number): void {
    this.#first = extendedSequence;
  }

  /** Whether the packet is ahead of all others of this source. */
  isNewest(extendedSequence: number): boolean {
    return extendedSequence > this.#highest;
  }

  /** The extended number for a packet of the source; -1 when it has none: dropped, sent before, or too late. */
  take(extendedSequence: number): number {
    if (extendedSequence > this.#highest) {
      const window = this.#advance(extendedSequence);
      window[extendedSequence & (WINDOW - 1)] = SENT;
      return this.#next++;
    }
    const reserved = this.reserved(extendedSequence);
    if (reserved >= 0) (this.#window as Int32Array)[extendedSequence & (WINDOW - 1)] = SENT;
    return reserved;
  }

  /**
   * Leaves a packet of the source out: the numbers close up. Where a number was already kept for it,
   * because later packets came first, that number is returned and should be filled; -1 otherwise.
   */
  skip(extendedSequence: number): number {
    if (extendedSequence <= this.#highest) return this.reserved(extendedSequence);
    const window = this.#advance(extendedSequence);
    window[extendedSequence & (WINDOW - 1)] = DROPPED;
    return -1;
  }

  /** The number that is kept for a packet of the source that has not come; -1 when there is none. */
  reserved(extendedSequence: number): number {
    if (extendedSequence < this.#first || extendedSequence > this.#highest) return -1;
    if (this.#highest - extendedSequence >= WINDOW) return -1;
    return Math.max(-1, (this.#window as Int32Array)[extendedSequence & (WINDOW - 1)] as number);
  }

  /** For which packet of the source a number (16 bits) is kept; -1 when for none. */
  awaited(sequenceNumber: number): number {
    const oldest = Math.max(this.#first, this.#highest - WINDOW + 1);
    for (let source = this.#highest; source >= oldest; source -= 1) {
      const reserved = this.reserved(source);
      if (reserved >= 0 && (reserved & 0xffff) === sequenceNumber) return source;
    }
    return -1;
  }

  /** Keeps numbers for the packets before this one that are missing, so that the receiver asks for them. */
  #advance(extendedSequence: number): Int32Array {
    let window = this.#window;
    if (window === null) {
      window = new Int32Array(WINDOW);
      this.#window = window;
    }
    let missing = this.#highest + 1;
    // A gap longer than all that is remembered cannot be mended: it stays open by one number, which says enough.
    if (extendedSequence - missing >= WINDOW) missing = extendedSequence - 1;
    for (; missing < extendedSequence; missing += 1) window[missing & (WINDOW - 1)] = this.#next++;
    this.#highest = extendedSequence;
    return window;
  }
}
