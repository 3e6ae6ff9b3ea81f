// Sender reports (RFC 3550, section 6.4.1): where a stream's RTP clock stands in its sender's time.
import type { ByteWriter } from './byte-writer.js';
import { MAX_COUNT, SENDER_REPORT } from './packet-type.js';
import {
  type ReportBlock,
  readReportBlocks,
  writeReceiverReport,
  writeReportBlocks,
} from './receiver-report.js';

export interface SenderReport {
  readonly kind: 'sr';
  readonly ssrc: number;
  /** Since 1900, 32 bits. */
  readonly ntpSeconds: number;
  /** In units of 2^-32 s. */
  readonly ntpFraction: number;
  /** The same instant on the stream's RTP clock, 32 bits. */
  readonly rtpTimestamp: number;
  /** 32 bits, as the next one; they wrap. */
  readonly packetCount: number;
  /** Of payload. */
  readonly octetCount: number;
  readonly blocks: readonly ReportBlock[];
}

const BLOCKS_OFFSET = 28;
const BLOCK_LENGTH = 24;

/** Reads the packet at `offset`; what follows its blocks is profile-specific and not looked at. */
export function readSenderReport(
  bytes: Buffer,
  offset: number,
  end: number,
  count: number,
): SenderReport | null {
  if (offset + BLOCKS_OFFSET + count * BLOCK_LENGTH > end) return null;
  return {
    kind: 'sr',
    ssrc: bytes.readUInt32BE(offset + 4),
    ntpSeconds: bytes.readUInt32BE(offset + 8),
    ntpFraction: bytes.readUInt32BE(offset + 12),
    rtpTimestamp: bytes.readUInt32BE(offset + 16),
    packetCount: bytes.readUInt32BE(offset + 20),
    octetCount: bytes.readUInt32BE(offset + 24),
    blocks: readReportBlocks(bytes, offset + BLOCKS_OFFSET, count),
  };
}

/** Writes a report; blocks beyond 31 go into a receiver report behind it (RFC 3550, section 6.1). */
export function writeSenderReport(out: ByteWriter, report: SenderReport): void {
  const blocks = report.blocks.slice(0, MAX_COUNT);
  const start = out.beginPacket(blocks.length, SENDER_REPORT);
  out.writeUint32(report.ssrc);
  out.writeUint32(report.ntpSeconds);
  out.writeUint32(report.ntpFraction);
  out.writeUint32(report.rtpTimestamp);
  out.writeUint32(report.packetCount);
  out.writeUint32(report.octetCount);
  writeReportBlocks(out, blocks);
  out.endPacket(start);
  if (report.blocks.length > MAX_COUNT) {
    writeReceiverReport(out, { kind: 'rr', ssrc: report.ssrc, blocks: report.blocks.slice(MAX_COUNT) });
  }
}
