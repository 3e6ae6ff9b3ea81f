// Where this client stands towards the room: a union, each state with only what it needs.

import type { Peer, PeerState, RoomInfo } from '@maru/protocol';
import type { Timer } from '../env/env.js';
import type { MaruError } from '../maru-error.js';
import type { ReadyOffer } from './prepared-offers.js';

export type Stance = InLobby | Joining | Inside | Left;

/** Outside. `error`: why the last join failed. */
export interface InLobby {
  readonly at: 'lobby';
  readonly error: MaruError | null;
}

/** A join is wanted; `sent` while it is on its way, on the socket that is open now. */
export interface Joining {
  readonly at: 'joining';
  readonly name: string;
  readonly deadline: Timer;
  sent: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** Inside, whether or not the server can be reached now. */
export interface Inside {
  readonly at: 'inside';
  readonly name: string;
  self: Peer;
  info: RoomInfo;
  token: string;
  /** True while the server knows us on the socket that is open now. */
  synced: boolean;
}

/** Outside for good. `error`: why, unless by will. */
export interface Left {
  readonly at: 'left';
  readonly error: MaruError | null;
}

/** What a join or a resume was sent with. */
export interface Sent {
  readonly state: PeerState;
  readonly offers: readonly ReadyOffer[];
}
