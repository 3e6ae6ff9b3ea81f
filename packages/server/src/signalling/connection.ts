// One signalling socket as the server keeps it: small, as there are thousands.

import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AddressEntry } from './address-book.js';
import type { Allowance } from './rate-limit.js';

/**
 * Where a connection stands: `greeting` waits for `hello`; `excess` is one more than the server may hold, and is told
 * so when it says `hello`; `closed` is no longer listened to.
 */
export type ConnectionPhase = 'greeting' | 'excess' | 'open' | 'closed';

export interface Connection extends Allowance {
  readonly id: number;
  readonly socket: WebSocket;
  /** What the socket writes to. */
  readonly stream: Writable;
  readonly address: AddressEntry;
  phase: ConnectionPhase;
  /** Pings sent since anything was last heard. */
  unansweredPings: number;
  /** Messages refused as too fast since the allowance was last full. */
  strikes: number;
}
