// What the SFU tells a client about the arrival of its packets, so that the client's congestion control works
// (draft-holmer-rmcat-transport-wide-cc-extensions-01).

import type { TransportFeedback } from '../rtcp/transport-feedback.js';
import { difference16 } from '../rtp/sequence-number.js';
import { BitrateWindow } from './bitrate-window.js';

/** Between two feedbacks: senders estimate from groups of packets, and react no sooner than they hear of them. */
export const LEAST_INTERVAL_MS = 50;
export const MOST_INTERVAL_MS = 100;
/** What feedback may cost of what it is about: a twentieth, as RTCP altogether (RFC 3550, section 6.2). */
const SHARE = 0.05;
/** A usual feedback, in bytes: IP, UDP, SRTCP and message. */
const FEEDBACK_BYTES = 100;
/** Packets that are remembered: about 2 s of a fast sender. A power of two. */
const HISTORY = 2_048;
/** Received packets and statuses in one feedback: it stays below 1,100 bytes however they are mixed. */
const MOST_RECEIVED = 300;
const MOST_STATUSES = 1_500;
/** Longest time between two packets of one feedback: deltas have 16 bits of 250 us (section 3.1.5). */
const MOST_DELTA_MS = 8_000;
/** Late packets this near to the unreported ones are told with them; a message of its own costs more. */
const NEAR = 64;
/** So many packets in a row from outside of the history say that the client counts anew. */
const STRANGERS = 50;

/** One per link. A packet is reported once; late ones again, in a feedback that goes back to them. */
export class ArrivalFeedback {
  /** When `take` has something to give; Infinity when nothing has come. */
  nextAt = Number.POSITIVE_INFINITY;
  /** Arrivals by sequence number, NaN = not received; valid for the HISTORY numbers up to `newest`. */
  readonly #arrivals = new Float64Array(HISTORY).fill(Number.NaN);
  readonly #rate = new BitrateWindow();
  /** Extended sequence numbers. */
  #newest = -1;
  #next = 0;
  #lateFrom = Number.POSITIVE_INFINITY;
  #lateTo = -1;
  #strangers = 0;
  #count = 0;

  #mediaSsrc = 0;

  /** `senderSsrc` is the SFU's own. */
  constructor(readonly senderSsrc: number) {}

  /**
   * A packet of the link came, RTX and padding too: everything that has a transport-wide sequence number. Its SSRC is
   * what the next feedback is addressed to: it is about all, but Chromium takes no feedback without one of its own.
   */
  onPacket(transportSequence: number, now: number, bytes: number, ssrc: number): void {
    this.#mediaSsrc = ssrc >>> 0;
    const extended = this.#extend(transportSequence);
    if (extended < 0) return;
    if (extended > this.#newest) this.#advance(extended);
    else if (!Number.isNaN(this.#arrivals[extended & (HISTORY - 1)])) return;
    if (extended < this.#next) {
      this.#lateFrom = Math.min(this.#lateFrom, extended);
      this.#lateTo = Math.max(this.#lateTo, extended);
    }
    // In steps of a delta, so that the sum of rounded deltas is the rounded time.
    this.#arrivals[extended & (HISTORY - 1)] = Math.round(now * 4) / 4;
    this.#rate.add(bytes, now);
    if (this.nextAt === Number.POSITIVE_INFINITY) this.nextAt = now + this.#interval(now);
  }

  /** The feedback that is due, or null. To be called until null: much to tell is told in several. */
  take(now: number): TransportFeedback | null {
    if (now < this.nextAt) return null;
    const oldest = Math.max(0, this.#newest - HISTORY + 1);
    if (this.#next < oldest) this.#next = oldest;
    const late = this.#lateTo >= oldest;
    const apart = late && this.#lateTo + NEAR < this.#next;
    const from = late ? Math.max(this.#lateFrom, oldest) : this.#next;
    const feedback = this.#compose(from, apart ? this.#lateTo : this.#newest);
    this.nextAt = this.#next <= this.#newest || this.#lateTo >= 0 ? now : Number.POSITIVE_INFINITY;
    return feedback;
  }

  #interval(now: number): number {
    const interval = (FEEDBACK_BYTES * 8_000) / (SHARE * this.#rate.bitrate(now));
    return Math.max(LEAST_INTERVAL_MS, Math.min(MOST_INTERVAL_MS, interval));
  }

  /** -1 for a number that is too old. The first one is a cycle up, so that none is negative. */
  #extend(transportSequence: number): number {
    if (this.#newest < 0) return this.#begin(transportSequence);
    const ahead = difference16(transportSequence, this.#newest);
    if (ahead > -HISTORY) {
      this.#strangers = 0;
      return this.#newest + ahead;
    }
    this.#strangers += 1;
    return this.#strangers < STRANGERS ? -1 : this.#begin(transportSequence);
  }

  #begin(transportSequence: number): number {
    this.#strangers = 0;
    this.#arrivals.fill(Number.NaN);
    this.#newest = 65_536 + transportSequence;
    this.#next = this.#newest;
    this.#lateFrom = Number.POSITIVE_INFINITY;
    this.#lateTo = -1;
    return this.#newest;
  }

  #advance(extended: number): void {
    if (extended - this.#newest >= HISTORY) this.#arrivals.fill(Number.NaN);
    else
      for (let between = this.#newest + 1; between < extended; between += 1) {
        this.#arrivals[between & (HISTORY - 1)] = Number.NaN;
      }
    this.#newest = extended;
  }

  /** About the numbers from the first to at most the last; both ends of the result but its beginning are received. */
  #compose(first: number, last: number): TransportFeedback | null {
    let begin = first;
    let end = first - 1;
    let received = 0;
    let previous = Number.NaN;
    for (let sequence = first; sequence <= last && received < MOST_RECEIVED; sequence += 1) {
      const arrival = this.#arrivals[sequence & (HISTORY - 1)] as number;
      if (Number.isNaN(arrival)) continue;
      if (sequence - begin >= MOST_STATUSES) {
        if (received > 0) break;
        // So long a gap is an outage that the client has noticed by itself.
        begin = sequence;
      }
      if (Math.abs(arrival - previous) > MOST_DELTA_MS) break;
      previous = arrival;
      received += 1;
      end = sequence;
    }
    this.#next = Math.max(this.#next, end + 1);
    if (end >= this.#lateTo || received === 0) {
      this.#lateFrom = Number.POSITIVE_INFINITY;
      this.#lateTo = -1;
    } else this.#lateFrom = end + 1;
    return received === 0 ? null : this.#feedback(begin, end);
  }

  #feedback(begin: number, end: number): TransportFeedback {
    const arrivals = new Float64Array(end - begin + 1);
    for (let index = 0; index < arrivals.length; index += 1) {
      arrivals[index] = this.#arrivals[(begin + index) & (HISTORY - 1)] as number;
    }
    const feedbackCount = this.#count;
    this.#count = (feedbackCount + 1) & 0xff;
    return {
      kind: 'transport-feedback',
      senderSsrc: this.senderSsrc,
      mediaSsrc: this.#mediaSsrc,
      baseSequence: begin & 0xffff,
      feedbackCount,
      arrivals,
    };
  }
}
