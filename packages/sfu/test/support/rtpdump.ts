// Reads packets recorded in the format of rtptools' rtpdump, of which the payloads were cut short.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface RecordedPacket {
  /** Since the recording began, in ms. */
  readonly at: number;
  /** As long as it was; what was cut off is zeros. */
  readonly bytes: Buffer;
}

/** The text line, then 16 bytes of start time and source. */
const FILE_HEADER_LENGTH = 16;
const PACKET_HEADER_LENGTH = 8;
/** What was kept of payloads, in bytes. */
const KEPT = 12;

export function readRtpdump(fixture: string): RecordedPacket[] {
  const file = gunzipSync(readFileSync(new URL(`../fixtures/${fixture}`, import.meta.url)));
  const packets: RecordedPacket[] = [];
  let offset = file.indexOf(0x0a) + 1 + FILE_HEADER_LENGTH;
  while (offset + PACKET_HEADER_LENGTH <= file.length) {
    const next = offset + file.readUInt16BE(offset);
    const kept = file.subarray(offset + PACKET_HEADER_LENGTH, next);
    // Zero for RTCP, which is whole.
    const length = file.readUInt16BE(offset + 2) || kept.length;
    const bytes = Buffer.concat([kept], length);
    // Chromium pads no media: a packet with padding is nothing else. Its length stands in the last byte, which was cut off.
    if (length > kept.length && (bytes[0] as number) & 0x20)
      bytes[length - 1] = length - (kept.length - KEPT);
    packets.push({ at: file.readUInt32BE(offset + 4), bytes });
    offset = next;
  }
  return packets;
}
