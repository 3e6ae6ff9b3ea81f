// A STUN Binding: which address the server sees us at (RFC 8489, section 2).

import { NetworkFailure } from '../network-failure.js';
import { errorCode, type TransportAddress, textAttribute, xorAddress } from './attributes.js';
import { sealMessage } from './integrity.js';
import { ATTRIBUTE, METHOD, newTransactionId } from './message.js';
import type { StunSocket } from './stun-socket.js';

export interface Binding {
  /** This machine as the server sees it. */
  readonly mapped: TransportAddress;
  /** What the server calls itself, if it says. */
  readonly software: string | null;
}

/** Asks once. Rejects with a `NetworkFailure`. */
export async function bind(socket: StunSocket): Promise<Binding> {
  const request = {
    method: METHOD.binding,
    class: 'request',
    transactionId: newTransactionId(),
    attributes: [],
  } as const;
  const response = await socket.exchange(sealMessage(request, null));
  const error = errorCode(response);
  if (error) throw new NetworkFailure('error-response', error.reason, { status: error.code });
  const mapped = xorAddress(response, ATTRIBUTE.xorMappedAddress);
  if (!mapped) throw new NetworkFailure('not-stun', 'the answer names no address');
  return { mapped, software: textAttribute(response, ATTRIBUTE.software) };
}
