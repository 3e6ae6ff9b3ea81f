// When a room's media goes from browser to browser, and when through the SFU.

import type { Topology } from '@maru/protocol';
import type { Effect } from './effect.js';
import type { Room } from './room.js';
import type { RoomsWorld } from './rooms-world.js';
import type { Seat } from './seat.js';

/** How the media of a room flows once so many are inside: what is the SFU's stays so (SFU-1, SFU-3). */
export function topologyWith(
  room: Room | undefined,
  size: number,
  { meshLimit }: Pick<RoomsWorld, 'meshLimit'>,
): Topology {
  if (meshLimit === null) return 'mesh';
  return room?.topology === 'sfu' || size > meshLimit ? 'sfu' : 'mesh';
}

/** Tells everyone inside but one how the media flows from now on. */
export function tellTopology(room: Room, except: Seat): Effect[] {
  const { topology, epoch } = room;
  return [
    {
      kind: 'broadcast',
      to: room.connectionsBut(except),
      message: { type: 'room-topology', topology, epoch },
    },
  ];
}

/** The links that a peer has offered to the SFU are a peer's from now on, or are of no use to it. */
export function takeLinks(seat: Seat, connection: number, watched: boolean): Effect[] {
  const { room, id: peer } = seat;
  if (room.topology === 'sfu') return [{ kind: 'sfu-sit', connection, room: room.name, peer }];
  return watched ? [{ kind: 'sfu-unwatch', connection }] : [];
}
