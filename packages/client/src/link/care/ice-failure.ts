// What the error code of an ICE server comes to (RFC 8489, section 14.8; RFC 8656, section 18.1).

import type { IceFailure } from '@maru/protocol';

/** W3C webrtc-pc, RTCPeerConnectionIceErrorEvent: from here on the server could not be reached at all. */
export const UNREACHABLE = 701;

/** Unauthenticated, stale nonce, wrong credentials: what the server was told of who asks did not satisfy it. */
const CREDENTIALS: readonly number[] = [401, 438, 441];

/** Puts an error code into terms. Everything else is a server that answered and would not (quota, forbidden, busy). */
export function iceFailure(errorCode: number): IceFailure {
  if (errorCode >= UNREACHABLE) return 'unreachable';
  return CREDENTIALS.includes(errorCode) ? 'credentials' : 'refused';
}
