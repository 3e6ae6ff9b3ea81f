// The m-line of data channels in an offer or an answer (RFC 8841).

import type { MediaDescription } from 'sdp-transform';
import { type Reading, read, refuse } from './reading.js';

/** What its absence means, in bytes (RFC 8841, section 6.1). */
const DEFAULT_MAX_MESSAGE_SIZE = 65_536;

export interface SctpEnd {
  readonly sctpPort: number;
  /** In bytes; 0 = of any size. */
  readonly maxMessageSize: number;
}

export function readSctp(media: MediaDescription): Reading<SctpEnd> {
  if (String(media.payloads ?? '').trim() !== 'webrtc-datachannel')
    return refuse('Its data is not data channels.');
  const { sctpPort = 0, maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE } = media;
  if (!(sctpPort >= 1 && sctpPort <= 65_535)) return refuse('Its data channels have no SCTP port.');
  if (!Number.isSafeInteger(maxMessageSize)) return refuse('Its largest message has no sound size.');
  return read({ sctpPort, maxMessageSize });
}
