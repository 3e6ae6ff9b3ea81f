// What one link can carry: congestion control from transport-wide feedback (draft-ietf-rmcat-gcc-02; feedback as in
// draft-holmer-rmcat-transport-wide-cc-extensions-01).

import { type TransportFeedback, unwrapArrival } from '../rtcp/transport-feedback.js';
import { ApplicationLimit } from './application-limit.js';
import { BitrateWindow } from './bitrate-window.js';
import { LossControl } from './loss-control.js';
import { OveruseDetector, type Usage } from './overuse-detector.js';
import { PacketGroups } from './packet-groups.js';
import { type ProbeResult, ProbeResults } from './probe-results.js';
import { QueueDelay } from './queue-delay.js';
import { RateControl } from './rate-control.js';
import { LOST, RECEIVED, SentPackets } from './sent-packets.js';
import { TrendlineFilter } from './trendline-filter.js';

/** In bit/s. Chromium starts at 300 kbit/s too; below 40 there is no audio worth hearing. */
export const START_BITRATE = 300_000;
export const MIN_BITRATE = 40_000;
export const MAX_BITRATE = 20_000_000;

/** Feedback comes every 50 to 250 ms: when it has not for this and two round trips, the path is away, in ms. */
const SILENCE_MS = 500;
/** Fewer packets than this may have been lost by chance. */
const SILENCE_PACKETS = 5;
/** From then on the estimate falls by this factor, again each so many ms. */
const SILENCE_FACTOR = 0.8;
const SILENCE_STEP_MS = 250;
/** When the path is back, it is tried with at least this share of what it carried before. */
const AFTER_SILENCE = 0.5;
/** Delays before a silence this long and after it do not compare, in ms. */
const STALE_MS = 2_000;
/** Windows of what was sent and has arrived, in ms, and of what arrived last. */
const WINDOW_MS = 475;
const RECENT_MS = 200;
/** Fewer packets than this are no rate. */
const LEAST_PACKETS = 5;
/** A queue longer than this after an overuse is drained: the rate is lower than what the path carries, in ms. */
const QUEUE_MS = 60;
/** The queue is to be gone in about this time, in ms; but never by less than this share of what the path carries. */
const DRAIN_MS = 800;
const LEAST_DRAIN = 0.4;
/** A queue that stands for longer after an overuse is not ours alone, in ms. */
const LONGEST_DRAIN_MS = 5_000;
const FIRST_RTT_MS = 100;

/** What the estimator reads of a transport-wide feedback. */
export type ArrivalReport = Pick<TransportFeedback, 'baseSequence' | 'arrivals'>;

export interface EstimatorOptions {
  /** All in bit/s. */
  start?: number;
  min?: number;
  max?: number;
}

export class BandwidthEstimator {
  /** Smoothed, with the time that feedback waits at the receiver in it while no receiver report has told better. */
  rttMs = FIRST_RTT_MS;
  /** How unevenly packets arrive, in ms: as in RFC 3550, 6.4.1, between packet groups. */
  jitterMs = 0;
  readonly min: number;
  readonly max: number;
  readonly #packets = new SentPackets();
  readonly #groups = new PacketGroups();
  readonly #trendline = new TrendlineFilter();
  readonly #detector = new OveruseDetector();
  readonly #sent = new BitrateWindow();
  readonly #acknowledged = new BitrateWindow();
  readonly #queue = new QueueDelay();
  readonly #application = new ApplicationLimit();
  readonly #probes = new ProbeResults();
  readonly #rates: RateControl;
  readonly #losses: LossControl;
  #feedbackAt = -1;
  #reportAt = -1;
  /** Packets sent since the last feedback, and when the first of them was, in ms. */
  #unanswered = 0;
  #unansweredSince = 0;
  #newestArrival = Number.NaN;
  #arrived = 0;
  #carriedBefore: number | null = null;

  constructor(options: EstimatorOptions = {}) {
    this.min = options.min ?? MIN_BITRATE;
    this.max = options.max ?? MAX_BITRATE;
    this.#rates = new RateControl({ start: options.start ?? START_BITRATE, min: this.min, max: this.max });
    this.#losses = new LossControl(this.min);
  }

  get usage(): Usage {
    return this.#detector.usage;
  }

  /** Time that packets wait in a queue on the path, in ms, as of the last feedback. */
  get queueMs(): number {
    return this.#queue.ms;
  }

  /** Share of packets lost lately, 0 to 1. */
  get loss(): number {
    return this.#losses.loss;
  }

  get inFlightBytes(): number {
    return this.#packets.inFlightBytes;
  }

  /** What was sent lately, in bit/s. */
  get sentBitrate(): number {
    return this.#sent.over(WINDOW_MS) ?? 0;
  }

  /** Less is sent than the estimate allows. */
  get applicationLimited(): boolean {
    return this.#application.limited;
  }

  /** When the path was last found overused, in ms; -Infinity when never. */
  get decreasedAt(): number {
    return this.#rates.decreasedAt;
  }

  /** A packet with a transport-wide sequence number leaves, all its bytes counted. */
  onSent(transportSequence: number, bytes: number, now: number, probeCluster = 0): void {
    this.#packets.put(transportSequence, bytes, now, probeCluster);
    this.#application.sent(bytes);
    this.#sent.add(now, bytes);
    if (probeCluster !== 0) this.#probes.sent(probeCluster, bytes, now);
    if (this.#unanswered++ === 0) this.#unansweredSince = now;
  }

  /** A cluster begins: its packets are named in `onSent`. */
  beginProbe(cluster: number, target: number): void {
    this.#probes.begin(cluster, target);
  }

  /** All packets of the cluster have been sent. */
  endProbe(cluster: number): void {
    this.#probes.end(cluster);
  }

  /** Takes feedback; the outcome of a probe when one became known by it. */
  onFeedback(feedback: ArrivalReport, now: number): ProbeResult | null {
    const silence = this.#silence(now);
    if (silence > 0) this.#comeBack(feedback, silence, now);
    else if (this.#feedbackAt >= 0 && now - this.#feedbackAt > STALE_MS) this.#forgetDelays();
    this.#feedbackAt = now;
    this.#unanswered = 0;
    this.#arrived = 0;
    this.#sent.add(now, 0);
    const overuses = this.#readArrivals(feedback, now);
    if (this.#arrived === 0) return null;
    this.#queue.settle(now);
    this.#application.update(this.estimate(now), now);
    this.#rates.update(
      {
        usage: overuses ? 'overuse' : this.#detector.usage,
        acknowledged: this.#acknowledged.over(WINDOW_MS),
        carried: this.#acknowledged.withoutGap(WINDOW_MS, LEAST_PACKETS),
        recent: this.#acknowledged.withoutGap(RECENT_MS, LEAST_PACKETS),
        sent: this.sentBitrate,
        applicationLimited: this.#application.limited,
        rttMs: this.rttMs,
      },
      now,
    );
    const result = this.#probes.take();
    if (result !== null && this.#detector.usage !== 'overuse') {
      this.#rates.raise(result.bitrate, now);
      this.#losses.raise(result.bitrate, this.#lossReport());
    }
    this.#losses.update(this.#lossReport(), now);
    return result;
  }

  /** A receiver report: share of packets lost, 0 to 1, and the round trip in ms, NaN when it has none. */
  onReceiverReport(fractionLost: number, rttMs: number, now: number): void {
    if (rttMs > 0 && rttMs < 60_000) this.rttMs += (rttMs - this.rttMs) / (this.#reportAt < 0 ? 1 : 4);
    const elapsed = this.#reportAt < 0 ? 1_000 : Math.max(now - this.#reportAt, 1);
    this.#sent.add(now, 0);
    this.#reportAt = now;
    if (this.#feedbackAt >= 0 && now - this.#feedbackAt < STALE_MS) return;
    // Without transport-wide feedback loss is all there is to go by: a report stands for about a hundred packets.
    this.#application.update(this.#rates.bitrate, now);
    this.#losses.observe(100, fractionLost * 100, elapsed, this.#lossReport(), now);
  }

  /** What the path can carry, in bit/s. */
  estimate(now: number): number {
    let bitrate = Math.min(this.#rates.bitrate, this.#losses.limit);
    if (this.#queue.ms > QUEUE_MS && now - this.#rates.decreasedAt < LONGEST_DRAIN_MS)
      bitrate *= this.#drain();
    const silence = this.#silence(now);
    if (silence > 0) bitrate *= SILENCE_FACTOR ** (1 + Math.floor(silence / SILENCE_STEP_MS));
    return Math.max(bitrate, this.min);
  }

  /** What the path carried before it was away, once after it has come back, in bit/s; else null. */
  takeRecovery(): number | null {
    const before = this.#carriedBefore;
    this.#carriedBefore = null;
    return before;
  }

  /** Whether more comes through than the path carried when it was last overused; once. */
  takeSurpassed(): boolean {
    return this.#rates.takeSurpassed();
  }

  #drain(): number {
    return Math.max(1 - (this.#queue.ms - QUEUE_MS) / DRAIN_MS, LEAST_DRAIN);
  }

  /** How long feedback is overdue, in ms; 0 while it is not. */
  #silence(now: number): number {
    if (this.#unanswered < SILENCE_PACKETS || this.#feedbackAt < 0) return 0;
    const since = Math.max(this.#unansweredSince, this.#feedbackAt);
    return Math.max(now - since - SILENCE_MS - 2 * this.rttMs, 0);
  }

  #comeBack(feedback: ArrivalReport, silence: number, now: number): void {
    const before = Math.min(this.#rates.bitrate, this.#losses.limit);
    this.#carriedBefore = before;
    this.#rates.restart(Math.max(this.estimate(now), before * AFTER_SILENCE));
    this.#acknowledged.reset();
    this.#probes.reset();
    this.#forgetDelays();
    let resumed = now - silence;
    // Lost before the newest packet that came through: in the outage, or by its end.
    for (let i = feedback.arrivals.length - 1; i >= 0; i--) {
      if (Number.isNaN(feedback.arrivals[i])) continue;
      const index = this.#packets.find(feedback.baseSequence + i);
      if (index >= 0) resumed = this.#packets.sentAt(index);
      break;
    }
    this.#losses.reset(resumed);
  }

  #forgetDelays(): void {
    this.#groups.reset();
    this.#trendline.reset();
    this.#detector.reset();
    this.#queue.reset();
  }

  /** True when any group of packets showed overuse. */
  #readArrivals(feedback: ArrivalReport, now: number): boolean {
    const { arrivals } = feedback;
    let arrived = 0;
    let received = 0;
    let lost = 0;
    let overused = false;
    let newest = -1;
    // No more than what is remembered, however long the message is.
    for (let i = Math.max(arrivals.length - this.#packets.capacity, 0); i < arrivals.length; i++) {
      const sequence = (feedback.baseSequence + i) & 0xffff;
      const index = this.#packets.find(sequence);
      if (index < 0) continue;
      const raw = arrivals[i] as number;
      const known = this.#packets.state(index);
      if (known === RECEIVED) continue;
      const sentAt = this.#packets.sentAt(index);
      const counts = sentAt >= this.#losses.countsFrom;
      if (Number.isNaN(raw)) {
        if (known === LOST) continue;
        this.#packets.settle(index, LOST);
        if (counts) lost++;
        continue;
      }
      this.#packets.settle(index, RECEIVED);
      arrived++;
      if (counts) {
        received++;
        if (known === LOST) lost--;
      }
      newest = index;
      if (this.#onArrival(index, sentAt, this.#unwrap(raw))) overused = true;
    }
    if (arrivals.length > 0) this.#packets.passed((feedback.baseSequence + arrivals.length - 1) & 0xffff);
    this.#losses.add(received, lost);
    this.#arrived = arrived;
    if (newest >= 0 && this.#reportAt < 0) {
      this.rttMs += (now - this.#packets.sentAt(newest) - this.rttMs) / 8;
    }
    return overused;
  }

  #onArrival(index: number, sentAt: number, arrivedAt: number): boolean {
    const bytes = this.#packets.bytesOf(index);
    const cluster = this.#packets.clusterOf(index);
    this.#acknowledged.add(arrivedAt, bytes);
    this.#queue.add(arrivedAt - sentAt);
    if (cluster !== 0) this.#probes.received(cluster, bytes, arrivedAt);
    if (!this.#groups.add(sentAt, arrivedAt)) return false;
    const { arrivalDelta, sendDelta, arrival } = this.#groups;
    this.jitterMs += (Math.abs(arrivalDelta - sendDelta) - this.jitterMs) / 16;
    this.#trendline.update(arrivalDelta, sendDelta, arrival);
    this.#detector.update(this.#trendline.slope, this.#trendline.count, sendDelta, arrival);
    return this.#detector.usage === 'overuse';
  }

  #unwrap(raw: number): number {
    const arrival = Number.isNaN(this.#newestArrival) ? raw : unwrapArrival(raw, this.#newestArrival);
    if (!(arrival <= this.#newestArrival)) this.#newestArrival = arrival;
    return arrival;
  }

  #lossReport() {
    return {
      sent: this.sentBitrate,
      applicationLimited: this.#application.limited,
      acknowledged: this.#acknowledged.over(WINDOW_MS) ?? 0,
      delayBased: this.#rates.bitrate,
      queueMs: this.#queue.ms,
      rttMs: this.rttMs,
    };
  }
}
