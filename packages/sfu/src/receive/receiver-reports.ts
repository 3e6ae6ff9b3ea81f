// When a link's client is told how its streams arrive (RFC 3550, sections 6.2 and 6.4.2).

import type { ReceiverReport, ReportBlock } from '../rtcp/receiver-report.js';
import type { ReceiveStream } from './receive-stream.js';

/**
 * Between two reports, in milliseconds. Section 6.2 scales it by members and bandwidth, and varies it at random so that
 * members do not speak at once; here are two members, and each link counts from its own first packet. Six blocks a
 * second are 1.6 kbit/s: within 5 % of a voice alone, and what browsers take for video.
 */
export const REPORT_INTERVAL_MS = 1_000;
/** The first report comes after half of it, as in section 6.2. */
const FIRST_MS = REPORT_INTERVAL_MS / 2;
/** Blocks in one report: its count has five bits. */
const MOST_BLOCKS = 31;

/** One per link. */
export class ReceiverReports {
  /** When `take` has something to give; Infinity before the first packet. */
  nextAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** `ssrc` is the SFU's own on this link. */
  constructor(readonly ssrc: number) {}

  /** Some packet of the link came; starts the first interval, otherwise nothing. */
  onPacket(now: number): void {
    if (this.nextAt === Number.POSITIVE_INFINITY) this.nextAt = now + FIRST_MS;
  }

  /**
   * The reports that are due: a block for each stream heard since the last ones; none when it is not time, or nothing
   * was heard. They go first in a compound packet, before the source description (section 6.1).
   */
  take(now: number, streams: Iterable<ReceiveStream>): readonly ReceiverReport[] {
    if (now < this.nextAt) return [];
    const blocks: ReportBlock[] = [];
    for (const stream of streams) {
      if (stream.lastPacketAt >= this.#lastAt) blocks.push(stream.reportBlock(now));
    }
    this.#lastAt = now;
    // Counted on from when it was due, so that a slow turn does not stretch it; unless much was missed.
    this.nextAt = Math.max(this.nextAt + REPORT_INTERVAL_MS, now + FIRST_MS);
    const reports: ReceiverReport[] = [];
    for (let first = 0; first < blocks.length; first += MOST_BLOCKS) {
      reports.push({ kind: 'rr', ssrc: this.ssrc, blocks: blocks.slice(first, first + MOST_BLOCKS) });
    }
    return reports;
  }
}
