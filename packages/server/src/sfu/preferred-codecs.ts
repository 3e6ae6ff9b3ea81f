// Which video codecs clients are told to offer the SFU.

import type { VideoCodec } from '@maru/protocol';

/**
 * Those that are preferred to VP8, and VP8 itself, which every browser has (RFC 7742, section 5). Undefined where that is VP8
 * alone: what comes behind it would only make offers long.
 */
export function preferredCodecs(allowed: readonly VideoCodec[]): VideoCodec[] | undefined {
  const place = allowed.indexOf('VP8');
  const before = new Set(place < 0 ? allowed : allowed.slice(0, place));
  return before.size > 0 ? [...before, 'VP8'] : undefined;
}
