// What a room wants of the SFU now: from where this client stands towards it, and what it knows of it.

import type { Topology } from '@maru/protocol';
import type { SfuWorld } from './sfu-world.js';

export interface RoomStanding {
  /** How the room's media flows, or will once inside; null when that is not known, and after leaving. */
  readonly topology: Topology | null;
  /** Whether the server would hear an offer now. */
  readonly askable: boolean;
  /** Whether what is published may leave: never before Join. */
  readonly sending: boolean;
}

/** Reads it off. */
export function roomStanding({
  admission: { stance },
  lobby: { occupancy, peeked },
  channel: { up },
  wish,
}: Pick<SfuWorld, 'admission' | 'lobby' | 'channel' | 'wish'>): RoomStanding {
  switch (stance.at) {
    case 'left':
      return { topology: null, askable: false, sending: false };
    case 'inside': {
      const { topology } = stance.info;
      return { topology, askable: up && stance.synced && topology === 'sfu', sending: true };
    }
    case 'joining':
    case 'lobby': {
      // A room that nobody is in begins as whoever makes it wishes.
      const own = wish !== undefined && (occupancy?.count ?? 0) === 0;
      const topology = own ? wish : (occupancy?.topology ?? null);
      if (stance.at === 'joining') {
        // Right behind the join, which the server handles first (HS-3).
        return { topology, askable: up && stance.sent && topology === 'sfu', sending: stance.sent };
      }
      return { topology, askable: up && peeked && occupancy?.topology === 'sfu', sending: false };
    }
  }
}
