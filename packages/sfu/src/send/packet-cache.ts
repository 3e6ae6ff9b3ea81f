// The last packets of one incoming stream, as they came: what retransmissions and newcomers are served from.

import { type FrameMarks, NO_MARKS } from '../codec/frame-marks.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';

/**
 * How long packets are kept. A receiver asks again once per round trip: three times on a path of 400 ms,
 * which is more than a picture can wait; libwebrtc's own senders keep at least 1 s.
 */
const MAX_AGE_MS = 1_500;
/** One and a half seconds at 10 Mbit/s, more than any layer of a camera or screen takes. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Places to begin with: one second of a layer of 1.5 Mbit/s. A power of two. */
const FIRST_PLACES = 256;
/** Places at most: 2 MiB in packets of 512 bytes. Small ones beyond that are forgotten sooner. A power of two. */
const MAX_PLACES = 4_096;
/** How far behind the oldest packet one may come that is still taken. */
const MAX_REORDERING = 32;

export interface CacheLimits {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

export class PacketCache {
  readonly #limits: CacheLimits;
  #places = FIRST_PLACES;
  #packets: (RtpPacket | null)[] = new Array(FIRST_PLACES).fill(null);
  #marks: (FrameMarks | null)[] = new Array(FIRST_PLACES).fill(null);
  #arrivals = new Float64Array(FIRST_PLACES);
  /** Extended sequence numbers in here: from `#tail` up to, not including, `#head`. Equal when there are none. */
  #tail = 0;
  #head = 0;
  #bytes = 0;
  #keepFrom = Number.POSITIVE_INFINITY;

  constructor(limits: Partial<CacheLimits> = {}) {
    this.#limits = { maxAgeMs: MAX_AGE_MS, maxBytes: MAX_BYTES, ...limits };
  }

  /** Bytes of all packets in here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The newest extended sequence number; -1 when empty. */
  get newest(): number {
    return this.#head === this.#tail ? -1 : this.#head - 1;
  }

  /** Time does not drive out packets from this number on, only lack of room does. Infinity: as ever. */
  keepFrom(extendedSequence: number): void {
    this.#keepFrom = extendedSequence;
  }

  /** Keeps the packet itself, not a copy. `now` is when it arrived, in milliseconds. */
  put(extendedSequence: number, packet: RtpPacket, now: number, marks: FrameMarks = NO_MARKS): void {
    if (this.#head === this.#tail || extendedSequence >= this.#head + MAX_PLACES) {
      this.clear();
      this.#tail = extendedSequence;
      this.#head = extendedSequence;
    }
    if (extendedSequence < this.#tail) {
      // Packets of a stream's first moment may come in any order; later ones that are so late are of no use.
      if (this.#tail - extendedSequence > MAX_REORDERING || this.#head - extendedSequence > this.#places)
        return;
      this.#tail = extendedSequence;
    }
    while (extendedSequence - this.#tail >= this.#places) {
      if (this.#places < MAX_PLACES) this.#grow();
      else this.#dropOldest();
    }
    if (extendedSequence >= this.#head) this.#head = extendedSequence + 1;
    const place = extendedSequence & (this.#places - 1);
    const former = this.#packets[place];
    if (former) this.#bytes -= former.bytes.length;
    this.#packets[place] = packet;
    this.#marks[place] = marks;
    this.#arrivals[place] = now;
    this.#bytes += packet.bytes.length;
    while (this.#bytes > this.#limits.maxBytes && this.#tail < this.#head - 1) this.#dropOldest();
    this.expire(now);
  }

  /** Forgets what is too old. `put` does so itself; for streams that have fallen silent. */
  expire(now: number): void {
    const oldest = now - this.#limits.maxAgeMs;
    while (this.#tail < this.#head && this.#tail < this.#keepFrom) {
      const place = this.#tail & (this.#places - 1);
      if (this.#packets[place] && (this.#arrivals[place] as number) >= oldest) return;
      this.#dropOldest();
    }
  }

  get(extendedSequence: number): RtpPacket | null {
    if (extendedSequence < this.#tail || extendedSequence >= this.#head) return null;
    return this.#packets[extendedSequence & (this.#places - 1)] ?? null;
  }

  /** The marks that were put with the packet; null when it is not here. */
  marks(extendedSequence: number): FrameMarks | null {
    if (extendedSequence < this.#tail || extendedSequence >= this.#head) return null;
    return this.#marks[extendedSequence & (this.#places - 1)] ?? null;
  }

  /** When the packet arrived, in milliseconds; NaN when it is not here. */
  arrival(extendedSequence: number): number {
    if (!this.get(extendedSequence)) return Number.NaN;
    return this.#arrivals[extendedSequence & (this.#places - 1)] as number;
  }

  /** Forgets everything: the stream has ended, while slots may remember it for a while. */
  clear(): void {
    this.#places = FIRST_PLACES;
    this.#packets = new Array(FIRST_PLACES).fill(null);
    this.#marks = new Array(FIRST_PLACES).fill(null);
    this.#arrivals = new Float64Array(FIRST_PLACES);
    this.#tail = this.#head;
    this.#bytes = 0;
  }

  #dropOldest(): void {
    const place = this.#tail & (this.#places - 1);
    this.#bytes -= this.#packets[place]?.bytes.length ?? 0;
    this.#packets[place] = null;
    this.#marks[place] = null;
    this.#tail += 1;
  }

  #grow(): void {
    const places = this.#places * 2;
    const packets: (RtpPacket | null)[] = new Array(places).fill(null);
    const marks: (FrameMarks | null)[] = new Array(places).fill(null);
    const arrivals = new Float64Array(places);
    for (let sequence = this.#tail; sequence < this.#head; sequence += 1) {
      const from = sequence & (this.#places - 1);
      const to = sequence & (places - 1);
      packets[to] = this.#packets[from] ?? null;
      marks[to] = this.#marks[from] ?? null;
      arrivals[to] = this.#arrivals[from] as number;
    }
    this.#places = places;
    this.#packets = packets;
    this.#marks = marks;
    this.#arrivals = arrivals;
  }
}
