// What a newcomer needs to see a stream at once: its last key frame and all that came since, while that is little.

import type { FrameMarks } from '../codec/frame-marks.js';
import type { PacketCache } from './packet-cache.js';

/** A newcomer gets it in one go: 200 packets of a small layer are 30 to 200 kB, a second of a path of 1 Mbit/s. */
const MAX_PACKETS = 200;
/** Decoding all of it must be quicker than a new key frame: 3 s are 90 frames, or 100 ms of a laptop's time. */
const MAX_AGE_MS = 3_000;

export interface PictureLimits {
  readonly maxPackets: number;
  /** From the key frame on. Longer makes sense where frames are few, as in screens that stand still. */
  readonly maxAgeMs: number;
}

/** Only the range is remembered; the packets are in the stream's cache, which is told to keep them. */
export class PictureSoFar {
  readonly #cache: PacketCache;
  readonly #limits: PictureLimits;
  /** Extended sequence numbers from the key frame's first packet to the newest; `#first` -1 when there is none. */
  #first = -1;
  #last = -1;
  #packets = 0;
  #since = 0;

  constructor(cache: PacketCache, limits: Partial<PictureLimits> = {}) {
    this.#cache = cache;
    this.#limits = { maxPackets: MAX_PACKETS, maxAgeMs: MAX_AGE_MS, ...limits };
  }

  /** Once for each packet of the stream that has been put into the cache, in the order they come. */
  onPacket(extendedSequence: number, marks: FrameMarks, now: number): void {
    if (marks.keyFrame && marks.startOfFrame && extendedSequence > this.#first) {
      this.#begin(extendedSequence, now);
    } else if (this.#first >= 0 && extendedSequence > this.#first) {
      this.#packets += 1;
      if (extendedSequence > this.#last) this.#last = extendedSequence;
    }
    if (this.#first >= 0 && this.#tooMuch(now)) this.#end();
  }

  /** The first extended sequence number; -1 when there is no picture, or a part of it is missing. */
  first(now: number): number {
    if (this.#first < 0 || this.#packets !== this.#last - this.#first + 1) return -1;
    return this.#tooMuch(now) || this.#cache.get(this.#first) === null ? -1 : this.#first;
  }

  /** Lets the cache forget a picture that is too old. `onPacket` does so itself; for streams that have fallen silent. */
  expire(now: number): void {
    if (this.#first >= 0 && this.#tooMuch(now)) this.#end();
  }

  /** All its packets together, in bytes; 0 when there is none. */
  bytes(now: number): number {
    const first = this.first(now);
    if (first < 0) return 0;
    let bytes = 0;
    for (let sequence = first; sequence <= this.#last; sequence += 1) {
      bytes += this.#cache.get(sequence)?.bytes.length ?? 0;
    }
    return bytes;
  }

  /** The newest extended sequence number. */
  get last(): number {
    return this.#last;
  }

  #begin(extendedSequence: number, now: number): void {
    this.#first = extendedSequence;
    this.#last = Math.max(extendedSequence, this.#cache.newest);
    this.#since = now;
    this.#packets = 0;
    // Its first packet may come behind others of it.
    for (let sequence = extendedSequence; sequence <= this.#last; sequence += 1) {
      if (this.#cache.get(sequence) !== null) this.#packets += 1;
    }
    this.#cache.keepFrom(extendedSequence);
  }

  #tooMuch(now: number): boolean {
    const { maxPackets, maxAgeMs } = this.#limits;
    return this.#last - this.#first >= maxPackets || now - this.#since > maxAgeMs;
  }

  #end(): void {
    this.#first = -1;
    this.#cache.keepFrom(Number.POSITIVE_INFINITY);
  }
}
