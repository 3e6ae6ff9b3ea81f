// Packets sent on one link, by transport-wide sequence number, until feedback tells what became of them.

/** What is known of a packet. `UNKNOWN`: feedback has passed it by without a word, and may still come back to it. */
export const EMPTY = 0;
export const IN_FLIGHT = 1;
export const LOST = 2;
export const RECEIVED = 3;
export const UNKNOWN = 4;

/** 512 packets are half a second of 10 Mbit/s. */
const FIRST_CAPACITY = 512;
/** 8,192 packets: two seconds at 50 Mbit/s. Half of the number space (32,768) would be the end of it. */
const LAST_CAPACITY = 8_192;
/** A packet that was not heard of for so long may be forgotten, in ms. */
const MEMORY_MS = 3_000;

/**
 * A ring that grows while feedback is late, in typed arrays: writing a packet down allocates nothing. Numbers are expected
 * in the order of sending, one after the other.
 */
export class SentPackets {
  /** Bytes that are neither known to have arrived, nor to be lost. */
  inFlightBytes = 0;
  #mask = FIRST_CAPACITY - 1;
  #times = new Float64Array(FIRST_CAPACITY);
  #bytes = new Uint16Array(FIRST_CAPACITY);
  #sequences = new Uint16Array(FIRST_CAPACITY);
  #clusters = new Uint8Array(FIRST_CAPACITY);
  #states = new Uint8Array(FIRST_CAPACITY);
  /** The oldest number that may be in flight; -1 before the first packet. */
  #oldest = -1;
  #newest = -1;

  get capacity(): number {
    return this.#mask + 1;
  }

  /** Writes down a packet of `bytes` bytes (up to 65,535) that is sent now; `cluster` is 0 to 255, 0 for no probe. */
  put(sequence: number, bytes: number, now: number, cluster: number): void {
    let index = sequence & this.#mask;
    if (this.#states[index] === IN_FLIGHT) {
      if (this.#mask + 1 < LAST_CAPACITY && now - (this.#times[index] as number) < MEMORY_MS) {
        this.#grow();
        index = sequence & this.#mask;
      } else {
        this.inFlightBytes -= this.#bytes[index] as number;
      }
    }
    this.#times[index] = now;
    this.#bytes[index] = bytes;
    this.#sequences[index] = sequence;
    this.#clusters[index] = cluster;
    this.#states[index] = IN_FLIGHT;
    this.inFlightBytes += bytes;
    this.#newest = sequence & 0xffff;
    if (this.#oldest < 0) this.#oldest = this.#newest;
  }

  /** Where the packet with this number (16 bits) is written down; -1 when it is not. */
  find(sequence: number): number {
    const index = sequence & this.#mask;
    return this.#states[index] !== EMPTY && this.#sequences[index] === (sequence & 0xffff) ? index : -1;
  }

  state(index: number): number {
    return this.#states[index] ?? EMPTY;
  }

  sentAt(index: number): number {
    return this.#times[index] as number;
  }

  bytesOf(index: number): number {
    return this.#bytes[index] as number;
  }

  clusterOf(index: number): number {
    return this.#clusters[index] as number;
  }

  /** Notes what feedback says about a packet (`LOST`, `RECEIVED`); says what was known before. */
  settle(index: number, state: number): number {
    const before = this.#states[index] as number;
    if (before === IN_FLIGHT) this.inFlightBytes -= this.#bytes[index] as number;
    this.#states[index] = state;
    return before;
  }

  /** Feedback has come as far as this number: what it left out before is no longer counted as in flight. */
  passed(sequence: number): void {
    if (this.#oldest < 0) return;
    const ahead = (sequence - this.#oldest) & 0xffff;
    const known = (this.#newest - this.#oldest) & 0xffff;
    if (ahead > known) return; // older than what was settled already, or never sent
    // What lies further back than the ring is long has been overwritten.
    let next = ahead > this.#mask ? sequence - this.#mask : this.#oldest;
    const end = (sequence + 1) & 0xffff;
    for (next &= 0xffff; next !== end; next = (next + 1) & 0xffff) {
      const index = this.find(next);
      if (index >= 0 && this.#states[index] === IN_FLIGHT) this.settle(index, UNKNOWN);
    }
    this.#oldest = end;
    // Nothing is in flight: the next packet is the oldest one.
    if (ahead === known) this.#oldest = -1;
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    const times = new Float64Array(capacity);
    const bytes = new Uint16Array(capacity);
    const sequences = new Uint16Array(capacity);
    const clusters = new Uint8Array(capacity);
    const states = new Uint8Array(capacity);
    for (let from = 0; from <= this.#mask; from++) {
      const to = (this.#sequences[from] as number) & (capacity - 1);
      if (this.#states[from] === EMPTY) continue;
      times[to] = this.#times[from] as number;
      bytes[to] = this.#bytes[from] as number;
      sequences[to] = this.#sequences[from] as number;
      clusters[to] = this.#clusters[from] as number;
      states[to] = this.#states[from] as number;
    }
    this.#mask = capacity - 1;
    this.#times = times;
    this.#bytes = bytes;
    this.#sequences = sequences;
    this.#clusters = clusters;
    this.#states = states;
  }
}
