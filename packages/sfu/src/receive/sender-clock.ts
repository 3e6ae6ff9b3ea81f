// A sender's clocks, learnt from its sender reports (RFC 3550, section 6.4.1): RTP timestamps of a stream <-> its wall
// clock <-> our milliseconds. Streams of one sender share its wall clock; that is what keeps lips and voice together.

import { ntpMilliseconds } from '../rtcp/ntp-time.js';
import type { SenderReport } from '../rtcp/sender-report.js';
import { difference32 } from '../rtp/sequence-number.js';

/** The smallest delay of this many periods counts: a minute, in which two clocks part by some 6 ms at worst (100 ppm). */
const PERIODS = 6;
const PERIOD_MS = 10_000;
/** A wall clock that steps by more, in milliseconds, was set: what was known of it is void. */
const CLOCK_STEP_MS = 5_000;

/**
 * One sender's wall clock beside our monotonic one; one per link, shared by the clocks of its streams. The report that
 * took least time tells the difference best; that least time itself cannot be known, and is the same for all streams.
 */
export class SenderWallClock {
  /** Smallest (arrival - wall clock) of each period; a ring. */
  readonly #smallest = new Float64Array(PERIODS).fill(Number.POSITIVE_INFINITY);
  #period = Number.NaN;
  #offset = Number.NaN;

  /** What to add to the sender's NTP milliseconds to have ours; NaN before the first report. */
  get offset(): number {
    return this.#offset;
  }

  /** Notes a report; true when the clock was found set anew. */
  onReport(ntp: number, now: number): boolean {
    const observed = now - ntp;
    const period = Math.floor(now / PERIOD_MS);
    const stepped = Math.abs(observed - this.#offset) > CLOCK_STEP_MS;
    if (stepped || Number.isNaN(this.#period) || period - this.#period >= PERIODS) {
      this.#smallest.fill(Number.POSITIVE_INFINITY);
    } else {
      for (let next = this.#period + 1; next <= period; next += 1) {
        this.#smallest[next % PERIODS] = Number.POSITIVE_INFINITY;
      }
    }
    this.#period = period;
    const index = period % PERIODS;
    this.#smallest[index] = Math.min(this.#smallest[index] as number, observed);
    this.#offset = Math.min(...this.#smallest);
    return stepped;
  }
}

/** One sender report, as far as clocks go. */
interface Anchor {
  readonly ntp: number;
  readonly rtp: number;
}

/**
 * The rate is measured over at least this much, in milliseconds: a browser under load writes reports that are off by
 * some milliseconds, 1,000 ppm of 5 s. Until then the nominal rate is nearer.
 */
const MEASURE_MS = 20_000;
/** And over at most this much, so that it follows. */
const HISTORY_MS = 60_000;
/** Of reports closer together than this, in milliseconds, the newest is enough: whoever sends thousands gains nothing by it. */
const SPACING_MS = 500;
/** Crystals differ by 100 ppm at most; what is measured beyond this is noise, or a sender that jumped. */
const MOST_DRIFT = 500e-6;

/** One per stream. */
export class SenderClock {
  /** RTP units per millisecond. */
  readonly #nominal: number;
  #rate: number;
  /** Oldest first: where the rate is measured from; the last is where times are counted from. */
  #anchors: Anchor[] = [];
  readonly #wall: SenderWallClock;

  /** `clockRate` in Hz. `wall` is the same for all streams of a sender; without it this stream is alone. */
  constructor(clockRate: number, wall: SenderWallClock = new SenderWallClock()) {
    this.#nominal = clockRate / 1_000;
    this.#rate = this.#nominal;
    this.#wall = wall;
  }

  /** How much faster than its nominal rate the stream's clock runs beside the sender's wall clock: 1e-6 is 1 ppm. */
  get drift(): number {
    return this.#rate / this.#nominal - 1;
  }

  onSenderReport(report: SenderReport, now: number): void {
    const ntp = ntpMilliseconds(report.ntpSeconds, report.ntpFraction);
    // A sender without a wall clock sets it to 0 (section 6.4.1), and can be in sync with nothing.
    if (ntp === 0) return;
    if (this.#wall.onReport(ntp, now)) this.#anchors = [];
    const last = this.#anchors.at(-1);
    // Reports that the network turned round, or repeated, say nothing new.
    if (last !== undefined && ntp <= last.ntp) return;
    const beforeLast = this.#anchors.at(-2);
    if (beforeLast !== undefined && ntp - beforeLast.ntp < SPACING_MS) this.#anchors.pop();
    this.#anchors.push({ ntp, rtp: report.rtpTimestamp });
    this.#measure();
  }

  /** When the sample with this timestamp was taken, in our milliseconds; null before the first report. */
  toLocalMs(rtpTimestamp: number): number | null {
    const last = this.#anchors.at(-1);
    if (last === undefined) return null;
    return last.ntp + difference32(rtpTimestamp, last.rtp) / this.#rate + this.#wall.offset;
  }

  /** The timestamp of a sample taken at that time, 32 bits; null before the first report. */
  rtpAt(localMs: number): number | null {
    const last = this.#anchors.at(-1);
    if (last === undefined) return null;
    const units = Math.round((localMs - this.#wall.offset - last.ntp) * this.#rate);
    return (last.rtp + (units % 2 ** 32)) >>> 0;
  }

  #measure(): void {
    const last = this.#anchors.at(-1) as Anchor;
    this.#anchors = this.#anchors.filter(({ ntp }) => last.ntp - ntp <= HISTORY_MS);
    const first = this.#anchors[0] as Anchor;
    const passed = last.ntp - first.ntp;
    if (passed < MEASURE_MS) return;
    const rate = difference32(last.rtp, first.rtp) / passed;
    if (Math.abs(rate / this.#nominal - 1) <= MOST_DRIFT) {
      this.#rate = rate;
    } else {
      // The stream's timestamps jumped: only the newest report is true.
      this.#anchors = [last];
      this.#rate = this.#nominal;
    }
  }
}
