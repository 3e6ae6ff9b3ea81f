// Congestion control of one link as the router uses it: estimator, probes and pacer, tied together.

import {
  type ArrivalReport,
  BandwidthEstimator,
  type EstimatorOptions,
  START_BITRATE,
} from './bandwidth-estimator.js';
import { Pacer } from './pacer.js';
import { ProbeController } from './probe-controller.js';

export class CongestionControl {
  readonly estimator: BandwidthEstimator;
  readonly probes: ProbeController;
  readonly pacer: Pacer;
  /** What would be sent if the path could carry all (`wantedBitrate`, audio, everything), in bit/s. */
  wanted = 0;
  /** The estimate as of the last tick or feedback, in bit/s. */
  bitrate: number;

  constructor(options: EstimatorOptions = {}) {
    const start = options.start ?? START_BITRATE;
    this.estimator = new BandwidthEstimator(options);
    this.probes = new ProbeController(start);
    this.pacer = new Pacer(start);
    this.bitrate = start;
  }

  /** When `tick` should be called sooner than in its usual 25 to 50 ms, in ms; Infinity when it need not. */
  get nextAt(): number {
    return Math.min(this.probes.nextAt, this.pacer.nextAt);
  }

  /** A packet leaves, media, repair or padding. The pacer was asked before. */
  onSent(transportSequence: number, bytes: number, now: number): void {
    const cluster = this.probes.cluster;
    this.estimator.onSent(transportSequence, bytes, now, cluster);
    if (cluster !== 0 && this.probes.sent(bytes, now)) this.estimator.endProbe(cluster);
  }

  onFeedback(feedback: ArrivalReport, now: number): void {
    const result = this.estimator.onFeedback(feedback, now);
    if (result !== null) this.probes.result(result, now);
    const before = this.estimator.takeRecovery();
    if (before !== null) this.probes.request(before);
    if (this.estimator.takeSurpassed()) this.probes.surpassed(now);
    this.#apply(now);
  }

  onReceiverReport(fractionLost: number, rttMs: number, now: number): void {
    this.estimator.onReceiverReport(fractionLost, rttMs, now);
    this.#apply(now);
  }

  /** Bytes of padding that should be sent now, 0 for none. Call each 25 to 50 ms, and at `nextAt`. */
  tick(now: number): number {
    this.#apply(now);
    const expired = this.probes.expire(now);
    if (expired !== 0) this.estimator.endProbe(expired);
    const { decreasedAt, jitterMs, max } = this.estimator;
    const reasons = { estimate: this.bitrate, wanted: this.wanted, max, decreasedAt, jitterMs };
    const begun = this.probes.update(reasons, now);
    if (begun !== null) this.estimator.beginProbe(begun.id, begun.target);
    return this.probes.due(now);
  }

  #apply(now: number): void {
    this.bitrate = this.estimator.estimate(now);
    this.pacer.setEstimate(this.bitrate);
  }
}
