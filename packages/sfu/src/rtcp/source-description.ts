// Source descriptions (RFC 3550, section 6.5). Of the items only CNAME is kept: it ties streams to one clock.
import type { ByteWriter } from './byte-writer.js';
import { MAX_COUNT, RTCP_HEADER_LENGTH, SOURCE_DESCRIPTION } from './packet-type.js';

export interface SourceDescription {
  readonly kind: 'sdes';
  readonly chunks: readonly SourceDescriptionChunk[];
}

export interface SourceDescriptionChunk {
  readonly ssrc: number;
  /** Canonical end-point identifier, at most 255 bytes of UTF-8; empty when the chunk has none. */
  readonly cname: string;
}

const ITEM_END = 0;
const ITEM_CNAME = 1;

export function readSourceDescription(
  bytes: Buffer,
  offset: number,
  end: number,
  count: number,
): SourceDescription | null {
  const chunks: SourceDescriptionChunk[] = [];
  let at = offset + RTCP_HEADER_LENGTH;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > end) return null;
    const ssrc = bytes.readUInt32BE(at);
    at += 4;
    let cname = '';
    for (;;) {
      if (at >= end) return null;
      const type = bytes[at] as number;
      at += 1;
      if (type === ITEM_END) break;
      if (at >= end) return null;
      const textEnd = at + 1 + (bytes[at] as number);
      if (textEnd > end) return null;
      if (type === ITEM_CNAME) cname = bytes.toString('utf8', at + 1, textEnd);
      at = textEnd;
    }
    // The list of items ends with one to four zeros, so that the next chunk begins on a 32-bit boundary.
    at += -(at - offset) & 3;
    chunks.push({ ssrc, cname });
  }
  return at > end ? null : { kind: 'sdes', chunks };
}

/** Writes a description; chunks beyond 31 go into further ones behind it. */
export function writeSourceDescription(out: ByteWriter, description: SourceDescription): void {
  let from = 0;
  do {
    const chunks = description.chunks.slice(from, from + MAX_COUNT);
    const start = out.beginPacket(chunks.length, SOURCE_DESCRIPTION);
    for (const chunk of chunks) {
      out.writeUint32(chunk.ssrc);
      if (chunk.cname !== '') {
        out.writeUint8(ITEM_CNAME);
        out.writeShortText(chunk.cname);
      }
      out.writeUint8(ITEM_END);
      out.align();
    }
    out.endPacket(start);
    from += MAX_COUNT;
  } while (from < description.chunks.length);
}
