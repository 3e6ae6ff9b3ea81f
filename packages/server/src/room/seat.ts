// A seat: one peer's place in one room, kept while the peer is present or away.

import type { Peer, PeerState } from '@maru/protocol';
import type { Room } from './room.js';

/** One place in a room. Only the rooms' own code changes it. */
export interface Seat {
  readonly room: Room;
  readonly id: string;
  readonly name: string;
  readonly order: number;
  /** By `join`, or back from the server's former life by `resume` (RES-7). */
  readonly entered: 'join' | 'rebuild';
  /** The client's own mark of the entry that made this seat (ROOM-13); null when it gave none. */
  readonly attempt: string | null;
  state: PeerState;
  /** The connection that the peer is on; null while it is away. */
  connection: number | null;
}

/** The peer as others see it. */
export function peerOf(seat: Seat): Peer {
  return {
    id: seat.id,
    name: seat.name,
    order: seat.order,
    state: seat.state,
    presence: seat.connection === null ? 'away' : 'present',
  };
}
