// Numbers that wrap: 16-bit sequence numbers and 32-bit timestamps compared (RFC 1982), and sequence numbers extended.

/**
 * `a - b` on the circle of 16 bits: -32,768 to 32,767, positive when `a` is newer.
 * Two numbers half a circle apart have no order (RFC 1982, section 3.2); here neither is newer.
 */
export function difference16(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** Whether sequence number `a` comes after `b`. */
export function isNewer16(a: number, b: number): boolean {
  return difference16(a, b) > 0;
}

/** `a - b` on the circle of 32 bits: -2^31 to 2^31 - 1, positive when timestamp `a` is later. */
export function difference32(a: number, b: number): number {
  return (a - b) | 0;
}

/** Whether timestamp `a` is later than `b`. */
export function isNewer32(a: number, b: number): boolean {
  return difference32(a, b) > 0;
}

/**
 * Gives 16-bit sequence numbers their place on a line that does not wrap (RFC 3550, appendix A.1, "extended").
 * The first keeps its value. Each is placed nearest to the highest so far, so late packets from before a wrap fall
 * where they belong; one that is older than the very first packet can have a place below 0.
 */
export class SequenceUnwrapper {
  #highest = -1;
  #started = false;

  /** The extended sequence number of a packet. */
  unwrap(sequenceNumber: number): number {
    if (!this.#started) {
      this.#started = true;
      this.#highest = sequenceNumber;
      return sequenceNumber;
    }
    const extended = this.peek(sequenceNumber);
    if (extended > this.#highest) this.#highest = extended;
    return extended;
  }

  /** Where a number would be placed, without moving on: for numbers that a peer only names, as in a NACK. */
  peek(sequenceNumber: number): number {
    if (!this.#started) return sequenceNumber;
    return this.#highest + difference16(sequenceNumber, this.#highest);
  }

  /** The highest place given so far, -1 before the first. */
  get highest(): number {
    return this.#highest;
  }
}
