// When a source is asked for a key frame: many askers, few requests (PLI, RFC 4585 section 6.3.1; FIR, RFC 5104 section 4.3.1).

import type { FullIntraRequest } from '../rtcp/full-intra-request.js';
import type { PictureLossIndication } from '../rtcp/picture-loss-indication.js';

/**
 * Least time between two requests to one source, in milliseconds. Chromium's encoder ignores every request within
 * 300 ms of the last one it obeyed (kMinKeyframeSendIntervalMs), so faster asking would only be bytes.
 */
export const REQUEST_INTERVAL_MS = 300;
/**
 * Key frames that may be had in a row at that pace, before the budget below rules: a room that fills up, or a viewer
 * who flicks through pages, is served at once.
 */
const BURST = 4;
/**
 * What one key frame costs of the budget, in milliseconds: one a second in the long run. A key frame is as large as
 * five to ten others, and everybody who watches pays for the viewer whose path keeps losing them.
 */
const COST_MS = 1_000;

/** One per source stream. Not for slots: these ask here, and wait. */
export class KeyFrameRequests {
  #askedAt = Number.NEGATIVE_INFINITY;
  #sentAt = Number.NEGATIVE_INFINITY;
  #pending = false;
  /** Requested at least once since the last key frame. */
  #requested = false;
  #budget = BURST * COST_MS;
  #budgetAt = Number.NEGATIVE_INFINITY;
  #command = 0;
  #roundTripMs = 0;

  /** Whether a key frame is waited for. */
  get pending(): boolean {
    return this.#pending;
  }

  /** Somebody needs a key frame that begins from now on. */
  ask(now: number): void {
    this.#pending = true;
    if (now > this.#askedAt) this.#askedAt = now;
  }

  /** The path to the source and back, so that a request is not repeated before its key frame can have come. */
  onRoundTrip(roundTripMs: number): void {
    this.#roundTripMs = roundTripMs;
  }

  /** True: send a request now; it counts as sent. To be called at every turn, as it is also what repeats requests. */
  due(now: number): boolean {
    if (!this.#pending) return false;
    const wait = this.#requested
      ? Math.max(REQUEST_INTERVAL_MS, 1.5 * this.#roundTripMs)
      : REQUEST_INTERVAL_MS;
    if (now - this.#sentAt < wait) return false;
    if (!this.#requested && !this.#affords(now)) return false;
    this.#sentAt = now;
    this.#requested = true;
    return true;
  }

  /**
   * A key frame of the source began at `beganAt`: its first packet came then. It serves everyone who had asked by
   * then; who asked later, because that very frame came too early or with holes, still waits.
   */
  arrived(beganAt: number): void {
    if (this.#requested) {
      this.#refill(beganAt);
      this.#budget -= COST_MS;
      this.#requested = false;
      this.#command = (this.#command + 1) & 0xff;
    }
    if (beganAt >= this.#askedAt) this.#pending = false;
  }

  /**
   * The request itself, by what was negotiated for the codec (`a=rtcp-fb`); null when it was neither. A repeated FIR
   * has the number of the first, as it is the same command (RFC 5104, section 4.3.1.2).
   */
  message(
    feedback: readonly string[],
    senderSsrc: number,
    mediaSsrc: number,
  ): PictureLossIndication | FullIntraRequest | null {
    if (feedback.includes('nack pli')) return { kind: 'pli', senderSsrc, mediaSsrc };
    if (!feedback.includes('ccm fir')) return null;
    return { kind: 'fir', senderSsrc, entries: [{ ssrc: mediaSsrc, sequenceNumber: this.#command }] };
  }

  #affords(now: number): boolean {
    this.#refill(now);
    return this.#budget >= COST_MS;
  }

  #refill(now: number): void {
    const elapsed = now - this.#budgetAt;
    if (elapsed > 0) {
      this.#budget = Math.min(BURST * COST_MS, this.#budget + elapsed);
      this.#budgetAt = now;
    }
  }
}
