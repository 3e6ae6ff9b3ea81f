// The loss-based rate (draft-ietf-rmcat-gcc-02, section 6), which asks first whether the loss is ours: a radio that loses
// one packet in ten loses it at any rate.

/** Loss below which the rate may grow, and above which it must fall (gcc, 6). */
const LOW = 0.02;
const HIGH = 0.1;
/** Growth per second while little is lost. */
const GROWTH_PER_SECOND = 1.08;
/** A cut is at least so deep, that its effect can be told from chance; but it leaves this share of what arrives. */
const LEAST_CUT = 0.15;
const LEFT_OF_ARRIVED = 0.9;
/** What is sent so long after a cut, and after the queue has emptied, tells of it, in ms. */
const SETTLING_MS = 100;
/** A probe of so many times what is sent shows that there is room. */
const MORE = 1.5;
/** How fast the path's own loss is unlearnt when less is lost, in ms. */
const UNLEARN_MS = 10_000;
/** One look at the loss takes at least so long, and so many packets, in ms. */
const WINDOW_MS = 200;
const WINDOW_PACKETS = 20;
/** It is not put off for longer than this, in ms. */
const LONGEST_WINDOW_MS = 2_000;
/** The loss is known from about so many packets. */
const MEMORY_PACKETS = 100;
/** Loss that is taken for the path's own is at most this: beyond it, who sends less does better. */
const MOST_INHERENT = 0.25;
/** Certainty that a test needs: the logarithm of how much likelier one explanation is (5: 150 times, for losses come in lumps). */
const CERTAIN = 5;
/** A test that is undecided for so long is over, in ms. */
const LONGEST_TEST_MS = 4_000;
/** With so much of a queue loss is an overflow, in ms. */
const QUEUE_MS = 80;

export interface LossReport {
  /** What was sent lately, and what of it has arrived, in bit/s; 0 while it is not known. */
  sent: number;
  acknowledged: number;
  /** Less is sent than the estimate allows. */
  applicationLimited: boolean;
  /** What the delay allows, in bit/s. */
  delayBased: number;
  queueMs: number;
  rttMs: number;
}

/** A cut has been made, and its outcome tells whether it helped. */
interface Test {
  until: number;
  /** The limit before. */
  limit: number;
  /** Loss before, and what arrived then: if the loss was ours no more can, in bit/s. */
  loss: number;
  through: number;
  /** Positive: the loss does not depend on us. */
  evidence: number;
}

export class LossControl {
  /** In bit/s; Infinity while loss is no reason to limit anything. */
  limit = Number.POSITIVE_INFINITY;
  /** Only what was sent from this time on is to be counted, in ms: earlier losses have had their answer. */
  countsFrom = Number.NEGATIVE_INFINITY;
  readonly #min: number;
  #received = 0;
  #lost = 0;
  #windowBegan = -1;
  #smoothed = 0;
  /** Packets that it rests on. */
  #known = 0;
  #inherent = 0;
  #test: Test | null = null;

  /** The limit is never below `min`, in bit/s. */
  constructor(min: number) {
    this.#min = min;
  }

  /** Share of packets that the path loses whatever is sent, 0 to 0.25, as found out by trying. */
  get inherent(): number {
    return this.#inherent;
  }

  /** Share of packets lost lately, 0 to 1. */
  get loss(): number {
    return this.#smoothed;
  }

  /** Counts of one feedback. A packet that was called lost before and has arrived after all is lost -1. */
  add(received: number, lost: number): void {
    this.#received += received;
    this.#lost += lost;
  }

  /** Looks at what was counted, when it is enough. */
  update(report: LossReport, now: number): void {
    if (this.#windowBegan < 0) this.#windowBegan = now;
    const elapsed = now - this.#windowBegan;
    const lost = Math.max(this.#lost, 0);
    const packets = this.#received + lost;
    const enough = packets >= WINDOW_PACKETS && elapsed >= Math.max(WINDOW_MS, report.rttMs);
    if (!enough && elapsed < LONGEST_WINDOW_MS) return;
    this.#windowBegan = now;
    this.#received = 0;
    this.#lost = 0;
    if (packets === 0) return;
    this.observe(packets, lost, elapsed, report, now);
  }

  /** The same from a receiver report, where there is no transport-wide feedback. */
  observe(packets: number, lost: number, elapsed: number, report: LossReport, now: number): void {
    this.#known = Math.min(this.#known + packets, Math.max(MEMORY_PACKETS, (packets * 1_000) / elapsed));
    this.#smoothed += Math.min(packets / this.#known, 1) * (lost / packets - this.#smoothed);
    if (this.#smoothed < this.#inherent) {
      this.#inherent += (this.#smoothed - this.#inherent) * Math.min(elapsed / UNLEARN_MS, 1);
    }
    if (this.#test !== null) this.#judge(this.#test, packets, lost, report, now);
    const excess = (this.#smoothed - this.#inherent) / (1 - this.#inherent);
    if (excess > HIGH) {
      if (this.#test === null || this.#worse(this.#test)) this.#cut(excess, report, now);
    } else if (excess < LOW && this.#test === null) {
      this.limit *= GROWTH_PER_SECOND ** (Math.min(elapsed, LONGEST_WINDOW_MS) / 1_000);
      if (this.limit > report.delayBased * 2) this.limit = Number.POSITIVE_INFINITY;
    }
  }

  /** A probe has come through at this rate, in bit/s. */
  raise(bitrate: number, report: LossReport): void {
    if (report.applicationLimited && bitrate > report.sent * MORE) {
      // Much more came through than we send: what is lost of that little is not for want of room.
      this.#inherent = Math.min(Math.max(this.#smoothed, this.#inherent), MOST_INHERENT);
      this.#test = null;
    }
    const harmless = this.#test === null && this.#smoothed - this.#inherent < LOW;
    if (harmless && this.limit < bitrate) this.limit = bitrate;
  }

  /** What was sent before this time was lost while the path was away: that says nothing of its capacity. */
  reset(from: number): void {
    this.countsFrom = from;
    this.#received = 0;
    this.#lost = 0;
    this.#windowBegan = -1;
    this.#smoothed = this.#inherent;
    this.#known = 0;
    if (this.#test !== null) this.limit = this.#test.limit;
    this.#test = null;
  }

  #cut(excess: number, report: LossReport, now: number): void {
    const loss = this.#smoothed;
    if (report.sent <= 0) return;
    const before = this.#test?.limit ?? this.limit;
    const from = Math.min(report.applicationLimited ? report.delayBased : report.sent, this.limit);
    const cut = from * (1 - Math.max(excess / 2, LEAST_CUT));
    this.limit = Math.max(cut, report.acknowledged * LEFT_OF_ARRIVED, this.#min);
    this.#known = 0;
    this.#received = 0;
    this.#lost = 0;
    this.countsFrom = now + report.queueMs + SETTLING_MS;
    this.#test = {
      until: now + report.queueMs + report.rttMs + LONGEST_TEST_MS,
      limit: before,
      loss,
      through: report.acknowledged > 0 ? report.acknowledged : report.sent * (1 - loss),
      evidence: 0,
    };
  }

  #worse(test: Test): boolean {
    return this.#known >= MEMORY_PACKETS / 2 && this.#smoothed > test.loss * 1.5;
  }

  /** Weighs the loss after a cut: as it would be if a full path were its reason, or as it was before. */
  #judge(test: Test, packets: number, lost: number, report: LossReport, now: number): void {
    const ours = probability(1 - Math.min(1 - this.#inherent, test.through / Math.max(report.sent, 1)));
    const its = probability(test.loss);
    test.evidence += lost * Math.log(its / ours) + (packets - lost) * Math.log((1 - its) / (1 - ours));
    if (Math.abs(test.evidence) < CERTAIN && now < test.until) return;
    this.#test = null;
    if (test.evidence > 1 && report.queueMs < QUEUE_MS) {
      this.#inherent = Math.min(Math.max(test.loss, this.#inherent), MOST_INHERENT);
      this.limit = test.limit;
    }
  }
}

/** Never quite sure of anything. */
function probability(value: number): number {
  return Math.min(Math.max(value, 0.005), 0.995);
}
