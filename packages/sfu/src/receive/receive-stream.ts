// One incoming stream (one SSRC with its repairs): what has come, what is missing, and what is reported of it.

import { middleOfNtp, ntpMilliseconds } from '../rtcp/ntp-time.js';
import type { ReportBlock } from '../rtcp/receiver-report.js';
import type { SenderReport } from '../rtcp/sender-report.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import { BitrateWindow } from './bitrate-window.js';
import { MAX_REQUESTS, NackList } from './nack-list.js';
import { MAX_DROPOUT, ReceptionStatistics } from './reception-statistics.js';
import { SequenceWindow } from './sequence-window.js';

/** What a stream is, for as long as it lives. */
export interface ReceiveStreamOptions {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  /** Of its RTP timestamps, in Hz. */
  readonly clockRate: number;
  /** Whether Generic NACK was negotiated. */
  readonly nack: boolean;
}

/** The newest sender report of the stream. */
export interface ReceivedSenderReport {
  /** The sender's wall clock, in milliseconds since 1900. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
  /** When it came, in our milliseconds. */
  readonly at: number;
  /** The middle 32 bits of its NTP time: the LSR of report blocks. */
  readonly middle: number;
}

const NONE: readonly number[] = [];

/** Sans-IO: packets and times in, numbers out. Times in milliseconds, of one monotonic clock. */
export class ReceiveStream {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  /** When the last packet came, repaired or not; -Infinity before the first. */
  lastPacketAt = Number.NEGATIVE_INFINITY;
  lastSenderReport: ReceivedSenderReport | null = null;
  /** Packets taken, each once. */
  packets = 0;
  /** Of those, how many came as a repair. */
  recovered = 0;
  /** Packets not taken: double, or too late. */
  discarded = 0;
  readonly statistics: ReceptionStatistics;
  readonly #window = new SequenceWindow();
  readonly #rate = new BitrateWindow();
  readonly #holes: NackList | null;
  #restarts = 0;

  constructor({ ssrc, kind, clockRate, nack }: ReceiveStreamOptions) {
    this.ssrc = ssrc;
    this.kind = kind;
    this.statistics = new ReceptionStatistics(clockRate);
    this.#holes = nack || kind === 'video' ? new NackList(nack ? MAX_REQUESTS : 0) : null;
  }

  /** The largest extended sequence number taken, -1 before the first. */
  get newest(): number {
    return this.#window.newest;
  }

  /** When `nacks` has something to do; Infinity when nothing is missing. */
  get nackAt(): number {
    return this.#holes === null ? Number.POSITIVE_INFINITY : this.#holes.nextAt;
  }

  /** How many packets are missing and not given up. */
  get missing(): number {
    return this.#holes === null ? 0 : this.#holes.size;
  }

  /**
   * Takes a packet; `recovered` says that it came as RTX. The extended sequence number, which never runs backwards
   * by a restart of the sender: 65,536 and up. -1 for one that was there already, is too late, or whose jump is not
   * believed yet: such a packet is not to be forwarded.
   */
  receive(packet: RtpPacket, now: number, recovered = false): number {
    const { sequenceNumber } = packet;
    const extended = recovered
      ? this.statistics.extend(sequenceNumber)
      : this.statistics.onPacket(sequenceNumber, packet.timestamp, now);
    if (extended < 0) {
      this.discarded += 1;
      return -1;
    }
    const restarted = this.statistics.restarts !== this.#restarts;
    const before = this.#window.newest;
    // A repair far ahead of all that came is of another time: it must not move the window.
    if ((recovered && extended - before > MAX_DROPOUT) || !this.#window.take(extended)) {
      this.discarded += 1;
      return -1;
    }
    if (this.#holes !== null) this.#note(extended, before, restarted, now);
    this.#restarts = this.statistics.restarts;
    this.packets += 1;
    if (recovered) this.recovered += 1;
    this.lastPacketAt = now;
    this.#rate.add(packet.payloadOffset + packet.payloadLength, now);
    return extended;
  }

  /** A key frame begins with this packet: what is missing before it is needed no more. */
  keyFrameBegan(extended: number): void {
    this.#holes?.keyFrameAt(extended);
  }

  /** 16-bit sequence numbers to ask for now, ascending; they count as asked for. Empty before `nackAt`. */
  nacks(now: number, roundTripMs: number): readonly number[] {
    if (this.#holes === null || now < this.#holes.nextAt) return NONE;
    return this.#holes.due(now, roundTripMs).map((extended) => extended & 0xffff);
  }

  /** True once after packets of a video stream were given up: only a key frame mends the picture. */
  takeKeyFrameNeed(): boolean {
    if (this.#holes === null || !this.#holes.gaveUp) return false;
    this.#holes.gaveUp = false;
    return this.kind === 'video';
  }

  onSenderReport(report: SenderReport, now: number): void {
    const { ntpSeconds, ntpFraction, rtpTimestamp } = report;
    this.lastSenderReport = {
      ntpMs: ntpMilliseconds(ntpSeconds, ntpFraction),
      rtpTimestamp,
      at: now,
      middle: middleOfNtp(ntpSeconds, ntpFraction),
    };
  }

  /** What a receiver report says of the stream; ends an interval of `fractionLost`. */
  reportBlock(now: number): ReportBlock {
    const { statistics, lastSenderReport } = this;
    return {
      ssrc: this.ssrc,
      fractionLost: statistics.takeFractionLost(),
      cumulativeLost: statistics.cumulativeLost,
      highestSequence: statistics.reportedHighest,
      jitter: Math.min(0xffffffff, Math.floor(statistics.jitter)),
      lastSenderReport: lastSenderReport === null ? 0 : lastSenderReport.middle,
      delaySinceLastSenderReport:
        lastSenderReport === null
          ? 0
          : Math.min(0xffffffff, Math.round((now - lastSenderReport.at) * 65.536)),
    };
  }

  /** Bit/s of the last second: headers and payloads, repairs too, padding not. */
  bitrate(now: number): number {
    return this.#rate.bitrate(now);
  }

  #note(extended: number, before: number, restarted: boolean, now: number): void {
    const holes = this.#holes as NackList;
    if (restarted) {
      // The first packet after the jump was not believed; it can be had again.
      holes.giveUp();
      holes.missing(extended - 1, extended, now);
    } else if (before >= 0 && extended > before) {
      if (extended > before + 1) holes.missing(before + 1, extended, now);
    } else {
      holes.filled(extended);
    }
  }
}
