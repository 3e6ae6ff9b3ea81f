// The delay-based rate: additive or multiplicative increase, multiplicative decrease (draft-ietf-rmcat-gcc-02, section 5.5).

import { LinkCapacity } from './link-capacity.js';
import type { Usage } from './overuse-detector.js';

/** Factor of a decrease (gcc, 5.5: beta). */
export const DECREASE = 0.85;
/** Growth per second far from the last maximum (gcc, 5.5: eta). */
const GROWTH_PER_SECOND = 1.08;
/** Near to it: one packet per response time, which is a round trip and this, in ms (gcc, 5.5). */
const RESPONSE_MS = 100;
const PACKET_BITS = 1_200 * 8;
/** At least so many bit/s per second, on a slow path. */
const LEAST_GROWTH = 4_000;
/** The rate is at most this times what arrives, and a little (gcc, 5.5). */
const MOST_OVER_ACKNOWLEDGED = 1.5;
const LITTLE = 10_000;
/** Bounds on the time between two decreases, in ms: as long as a round trip, for the first one to be seen. */
const LEAST_PAUSE_MS = 10;
const MOST_PAUSE_MS = 200;
/** The queue that a probe makes is gone after a round trip and this; what arrives follows the new rate later, in ms. */
const PROBE_QUEUE_MS = 100;
const RAISED_MS = 600;
/** What arrived last counts alone when it differs by more than this share from what arrived over half a second. */
const STEP = 0.3;
/** Longest time that is grown for in one step, in ms. */
const LONGEST_STEP_MS = 1_000;

/** What the path has shown since the last update. */
export interface PathReport {
  usage: Usage;
  /** What arrived over half a second, in bit/s; null when not yet known. */
  acknowledged: number | null;
  /** How fast that came while it came, without gaps. */
  carried: number | null;
  /** The same over the last moment: a step down must be seen at once. */
  recent: number | null;
  /** What was sent lately, in bit/s. */
  sent: number;
  /** Less is sent than the estimate allows: what arrives says nothing about what could. */
  applicationLimited: boolean;
  rttMs: number;
}

export interface RateBounds {
  /** All in bit/s. */
  start: number;
  min: number;
  max: number;
}

export class RateControl {
  readonly #bounds: RateBounds;
  readonly #capacity = new LinkCapacity();
  #bitrate: number;
  #growing = false;
  #updatedAt = -1;
  #decreasedAt = Number.NEGATIVE_INFINITY;
  #raisedAt = Number.NEGATIVE_INFINITY;
  #surpassed = false;

  constructor(bounds: RateBounds) {
    this.#bounds = bounds;
    this.#bitrate = bounds.start;
  }

  /** In bit/s. */
  get bitrate(): number {
    return this.#bitrate;
  }

  /** When the path was last found overused, in ms; -Infinity when never. */
  get decreasedAt(): number {
    return this.#decreasedAt;
  }

  update(report: PathReport, now: number): void {
    const elapsed = this.#updatedAt < 0 ? 0 : Math.min(now - this.#updatedAt, LONGEST_STEP_MS);
    this.#updatedAt = now;
    if (report.usage === 'overuse') this.#decrease(report, now);
    else if (report.usage === 'underuse')
      this.#growing = false; // the queue empties: wait until it has
    else if (!this.#growing) this.#growing = true;
    else this.#increase(report, elapsed);
  }

  /** Takes a rate that a probe has shown to be possible. */
  raise(bitrate: number, now: number): void {
    if (bitrate <= this.#bitrate) return;
    if (this.#capacity.compare(bitrate) > 0) this.#capacity.forget();
    this.#raisedAt = now;
    this.#set(bitrate);
  }

  /** Begins again from this rate: the path was away for a while. */
  restart(bitrate: number): void {
    this.#capacity.forget();
    this.#growing = false;
    this.#updatedAt = -1;
    this.#set(bitrate);
  }

  /** Whether more has come through, since this was asked last, than the path carried when it was overused. */
  takeSurpassed(): boolean {
    const surpassed = this.#surpassed;
    this.#surpassed = false;
    return surpassed;
  }

  #increase(report: PathReport, elapsed: number): void {
    if (report.applicationLimited) return;
    const { acknowledged } = report;
    if (acknowledged !== null && this.#capacity.compare(acknowledged) > 0) {
      this.#capacity.forget();
      this.#surpassed = true;
    }
    const near =
      this.#capacity.bitrate !== null && acknowledged !== null && this.#capacity.compare(acknowledged) === 0;
    const next = near
      ? this.#bitrate + this.#additive(report.rttMs) * (elapsed / 1_000)
      : this.#bitrate * GROWTH_PER_SECOND ** (elapsed / 1_000);
    const most = acknowledged === null ? next : MOST_OVER_ACKNOWLEDGED * acknowledged + LITTLE;
    if (next > this.#bitrate) this.#set(Math.max(this.#bitrate, Math.min(next, most)));
  }

  #additive(rttMs: number): number {
    return Math.max((PACKET_BITS * 1_000) / (rttMs + RESPONSE_MS), LEAST_GROWTH);
  }

  #decrease(report: PathReport, now: number): void {
    this.#growing = false;
    // A probe's own queue: the rate it has shown is not yet reached.
    if (now - this.#raisedAt < report.rttMs + PROBE_QUEUE_MS) return;
    let arrived = carriedNow(report);
    if (arrived !== null && now - this.#raisedAt < RAISED_MS) arrived = Math.max(arrived, this.#bitrate);
    const pause = Math.min(Math.max(report.rttMs, LEAST_PAUSE_MS), MOST_PAUSE_MS);
    const far = arrived !== null && arrived < this.#bitrate / 2 && !report.applicationLimited;
    if (now - this.#decreasedAt < pause && !far) return;
    this.#decreasedAt = now;
    if (arrived === null) {
      this.#set(this.#bitrate * DECREASE);
      return;
    }
    // All that was sent has come through, and it was little: a delay that we did not make. Step back, but do not fall.
    const innocent = report.applicationLimited && arrived >= report.sent * DECREASE;
    const next = DECREASE * (innocent ? Math.max(arrived, this.#bitrate) : arrived);
    if (!innocent) {
      if (this.#capacity.compare(arrived) < 0) this.#capacity.forget();
      this.#capacity.overused(arrived);
    }
    if (next < this.#bitrate) this.#set(next);
  }

  #set(bitrate: number): void {
    this.#bitrate = Math.min(Math.max(bitrate, this.#bounds.min), this.#bounds.max);
  }
}

/** What the path carries: over half a second, unless it has clearly changed since. */
function carriedNow({ carried, recent }: PathReport): number | null {
  if (carried === null || recent === null) return recent ?? carried;
  return Math.abs(recent - carried) > carried * STEP ? recent : carried;
}
