// Receiver reports and the report blocks that sender reports hold as well (RFC 3550, sections 6.4.1 and 6.4.2).
import type { ByteWriter } from './byte-writer.js';
import { MAX_COUNT, RECEIVER_REPORT } from './packet-type.js';

/** How one source is received. */
export interface ReportBlock {
  readonly ssrc: number;
  /** Loss since the last report in 1/256: 0 to 255. */
  readonly fractionLost: number;
  /** Since the beginning, signed 24 bits: duplicates can make it negative. */
  readonly cumulativeLost: number;
  /** 32 bits: the highest sequence number, and the count of wraps above it. */
  readonly highestSequence: number;
  /** Interarrival jitter in units of the source's RTP clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report from this source, 0 when there was none. */
  readonly lastSenderReport: number;
  /** Since that report came in, in units of 1/65,536 s. */
  readonly delaySinceLastSenderReport: number;
}

export interface ReceiverReport {
  readonly kind: 'rr';
  readonly ssrc: number;
  readonly blocks: readonly ReportBlock[];
}

const BLOCKS_OFFSET = 8;
const BLOCK_LENGTH = 24;

/** Reads the packet at `offset`; what follows its blocks is profile-specific and not looked at. */
export function readReceiverReport(
  bytes: Buffer,
  offset: number,
  end: number,
  count: number,
): ReceiverReport | null {
  if (offset + BLOCKS_OFFSET + count * BLOCK_LENGTH > end) return null;
  return {
    kind: 'rr',
    ssrc: bytes.readUInt32BE(offset + 4),
    blocks: readReportBlocks(bytes, offset + BLOCKS_OFFSET, count),
  };
}

/** Reads `count` blocks, for which the caller has seen that there is room. */
export function readReportBlocks(bytes: Buffer, offset: number, count: number): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let at = offset; at < offset + count * BLOCK_LENGTH; at += BLOCK_LENGTH) {
    blocks.push({
      ssrc: bytes.readUInt32BE(at),
      fractionLost: bytes.readUInt8(at + 4),
      cumulativeLost: bytes.readIntBE(at + 5, 3),
      highestSequence: bytes.readUInt32BE(at + 8),
      jitter: bytes.readUInt32BE(at + 12),
      lastSenderReport: bytes.readUInt32BE(at + 16),
      delaySinceLastSenderReport: bytes.readUInt32BE(at + 20),
    });
  }
  return blocks;
}

/** Writes a report; blocks beyond 31 go into further reports behind it (RFC 3550, section 6.1). */
export function writeReceiverReport(out: ByteWriter, report: ReceiverReport): void {
  let from = 0;
  do {
    const blocks = report.blocks.slice(from, from + MAX_COUNT);
    const start = out.beginPacket(blocks.length, RECEIVER_REPORT);
    out.writeUint32(report.ssrc);
    writeReportBlocks(out, blocks);
    out.endPacket(start);
    from += MAX_COUNT;
  } while (from < report.blocks.length);
}

export function writeReportBlocks(out: ByteWriter, blocks: readonly ReportBlock[]): void {
  for (const block of blocks) {
    out.writeUint32(block.ssrc);
    out.writeUint8(Math.max(0, Math.min(255, block.fractionLost)));
    // Clamped at its largest, not wrapped (RFC 3550, appendix A.3).
    out.writeUint24(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost)));
    out.writeUint32(block.highestSequence);
    out.writeUint32(block.jitter);
    out.writeUint32(block.lastSenderReport);
    out.writeUint32(block.delaySinceLastSenderReport);
  }
}
