// How full a room is, as seen from outside (ROOM-3).

import type { Occupancy } from '@maru/protocol';
import type { Room } from './room.js';
import type { RoomsWorld } from './rooms-world.js';
import { topologyWith } from './topology.js';

/** The occupancy of a room; `room` is undefined when nobody is inside. */
export function occupancyOf(
  name: string,
  world: Pick<RoomsWorld, 'roomLimit' | 'meshLimit'>,
  room: Room | undefined,
): Occupancy {
  const { roomLimit: limit } = world;
  const topology = topologyWith(room, (room?.seats.size ?? 0) + 1, world);
  if (!room) return { room: name, count: 0, limit, locked: false, names: [], topology };
  // A room being rebuilt may hold more than its limit (RES-7); `names` is bounded by the schema.
  const names = room.locked ? [] : Array.from(room.seats.values(), (seat) => seat.name).slice(0, limit);
  return { room: name, count: room.seats.size, limit, locked: room.locked, names, topology };
}
