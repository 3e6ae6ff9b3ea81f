// Bits of a byte string, the highest first, as AV1's descriptors are written: f(n) and ns(n).

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #failed = false;

  /** Begins at a bit, counted from the first of `bytes`. */
  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#end = bytes.length * 8;
    this.#at = at;
  }

  /** More was read than there is. */
  get failed(): boolean {
    return this.#failed;
  }

  /** f(n): `count` bits, at most 32, as an unsigned number. 0 when they are not there, and ever after. */
  bits(count: number): number {
    if (this.#failed || this.#at + count > this.#end) {
      this.#failed = true;
      return 0;
    }
    let value = 0;
    let left = count;
    while (left > 0) {
      const free = 8 - (this.#at & 7);
      const taken = Math.min(free, left);
      const byte = this.#bytes[this.#at >> 3] as number;
      value = value * (1 << taken) + ((byte >> (free - taken)) & ((1 << taken) - 1));
      this.#at += taken;
      left -= taken;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** ns(n): a number below `limit`, in as few bits as that takes (AV1 RTP, appendix A.4.1). */
  below(limit: number): number {
    const width = 32 - Math.clz32(limit);
    const short = 2 ** width - limit;
    const value = this.bits(width - 1);
    if (value < short) return value;
    return value * 2 - short + this.bits(1);
  }
}
