// Session descriptions made small for signalling: raw deflate (RFC 1951) in base64. A page has the same by
// CompressionStream('deflate-raw').

import { deflateRawSync, inflateRawSync } from 'node:zlib';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** In base64 with padding. */
export function pack(text: string): string {
  return deflateRawSync(text).toString('base64');
}

/**
 * What was packed; null when it is not sound, not UTF-8, or longer than `maxBytes` of UTF-8. A packed text that would grow
 * beyond that costs no more memory than `maxBytes`.
 */
export function unpack(packed: string, maxBytes: number): string | null {
  if (packed.length % 4 !== 0 || !BASE64.test(packed)) return null;
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: maxBytes });
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // zlib and the decoder tell by throwing what is broken, too long or not UTF-8: to the caller it is all one.
    return null;
  }
}
