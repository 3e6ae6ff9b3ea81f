// Goodbyes (RFC 3550, section 6.6): these sources have ended.
import type { ByteWriter } from './byte-writer.js';
import { GOODBYE, MAX_COUNT, RTCP_HEADER_LENGTH } from './packet-type.js';

export interface Goodbye {
  readonly kind: 'bye';
  readonly ssrcs: readonly number[];
  /** Why, at most 255 bytes of UTF-8; mostly empty. */
  readonly reason: string;
}

export function readGoodbye(bytes: Buffer, offset: number, end: number, count: number): Goodbye | null {
  const reasonAt = offset + RTCP_HEADER_LENGTH + count * 4;
  if (reasonAt > end) return null;
  const ssrcs: number[] = [];
  for (let at = offset + RTCP_HEADER_LENGTH; at < reasonAt; at += 4) ssrcs.push(bytes.readUInt32BE(at));
  if (reasonAt === end) return { kind: 'bye', ssrcs, reason: '' };
  const textEnd = reasonAt + 1 + (bytes[reasonAt] as number);
  if (textEnd > end) return null;
  return { kind: 'bye', ssrcs, reason: bytes.toString('utf8', reasonAt + 1, textEnd) };
}

/** Writes a goodbye; sources beyond 31 go into further ones behind it, with the same reason. */
export function writeGoodbye(out: ByteWriter, goodbye: Goodbye): void {
  let from = 0;
  do {
    const ssrcs = goodbye.ssrcs.slice(from, from + MAX_COUNT);
    const start = out.beginPacket(ssrcs.length, GOODBYE);
    for (const ssrc of ssrcs) out.writeUint32(ssrc);
    if (goodbye.reason !== '') out.writeShortText(goodbye.reason);
    out.endPacket(start);
    from += MAX_COUNT;
  } while (from < goodbye.ssrcs.length);
}
