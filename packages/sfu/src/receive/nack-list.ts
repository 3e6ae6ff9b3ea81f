// The holes of one stream: asked for again (Generic NACK, RFC 4585 section 6.2.1) until filled, or given up.

/**
 * A hole waits this long before it is asked for, in milliseconds: packets that overtake each other in one burst are
 * mostly put right within it, and it is little beside the round trip that the repair takes.
 */
export const REORDER_GRACE_MS = 10;
/** Requests for one hole are at least this far apart, in milliseconds, however short the round trip. */
export const LEAST_REPEAT_MS = 20;
/** Requests for one hole, at most. */
export const MAX_REQUESTS = 10;
/** Holes at a time: half a second of 1,000 packets/s. More is an outage, which a key frame ends sooner. */
export const MAX_HOLES = 500;
/** A picture that has stood still for so long, in milliseconds, is sooner had by a key frame than by one more try. */
export const MAX_HOLE_AGE_MS = 1_000;

/** When the next request is due, and how often there was one. */
interface Hole {
  readonly since: number;
  dueAt: number;
  requests: number;
}

/** Not for audio without NACK: nothing is missed there. */
export class NackList {
  /** Ascending by nature: holes are only ever found in front. */
  readonly #holes = new Map<number, Hole>();
  /** When there is something to do next; Infinity when nothing is missing. */
  nextAt = Number.POSITIVE_INFINITY;
  /** Holes given up since the last look: without a key frame the picture stays broken. The owner sets it back. */
  gaveUp = false;

  /** With 0 requests a hole is given up after the grace: for video without NACK. */
  constructor(readonly maxRequests: number = MAX_REQUESTS) {}

  get size(): number {
    return this.#holes.size;
  }

  /** The packets from `from` up to but without `to` are missing. */
  missing(from: number, to: number, now: number): void {
    if (this.#holes.size + (to - from) > MAX_HOLES) {
      this.giveUp();
      return;
    }
    const dueAt = now + REORDER_GRACE_MS;
    for (let sequence = from; sequence < to; sequence += 1) {
      this.#holes.set(sequence, { since: now, dueAt, requests: 0 });
    }
    if (dueAt < this.nextAt) this.nextAt = dueAt;
  }

  /** The packet has come, whichever way. */
  filled(sequence: number): void {
    if (this.#holes.delete(sequence) && this.#holes.size === 0) this.nextAt = Number.POSITIVE_INFINITY;
  }

  /** A key frame begins with this packet: nobody needs what was before. */
  keyFrameAt(sequence: number): void {
    for (const hole of this.#holes.keys()) {
      if (hole >= sequence) break;
      this.#holes.delete(hole);
    }
    if (this.#holes.size === 0) this.nextAt = Number.POSITIVE_INFINITY;
  }

  /** Everything is given up: the stream jumped, or too much is missing. */
  giveUp(): void {
    this.#holes.clear();
    this.nextAt = Number.POSITIVE_INFINITY;
    this.gaveUp = true;
  }

  /** Extended numbers to be asked for now, ascending; they count as asked for. */
  due(now: number, roundTripMs: number): readonly number[] {
    if (now < this.nextAt) return [];
    const due: number[] = [];
    const repeat = Math.max(LEAST_REPEAT_MS, roundTripMs);
    const oldest = now - Math.max(MAX_HOLE_AGE_MS, 3 * roundTripMs);
    this.nextAt = Number.POSITIVE_INFINITY;
    for (const [sequence, hole] of this.#holes) {
      if (hole.dueAt <= now) {
        if (hole.requests >= this.maxRequests || hole.since < oldest) {
          this.#holes.delete(sequence);
          this.gaveUp = true;
          continue;
        }
        hole.requests += 1;
        hole.dueAt = now + repeat;
        due.push(sequence);
      }
      if (hole.dueAt < this.nextAt) this.nextAt = hole.dueAt;
    }
    return due;
  }
}
