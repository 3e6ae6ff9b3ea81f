// Who may offer a link to the SFU: those inside a room that is its own, and those who look at one from outside.

import type { ClientMessageOf } from '@maru/protocol';
import { type Effect, refuse } from './effect.js';
import type { RoomsState } from './rooms-state.js';

/** Handles `sfu` (SFU-7). The link itself is the SFU's business: its answer comes later. */
export function offerLink(state: RoomsState, connection: number, message: ClientMessageOf<'sfu'>): Effect[] {
  const seat = state.seats.get(connection);
  const room = seat ? seat.room.name : state.watchers.roomOf(connection);
  const topology = seat ? seat.room.topology : room !== null && state.occupancy(room).topology;
  if (room === null || topology !== 'sfu') return refuse(connection, message.id, 'not-sfu');
  const { id: re, link, offer } = message;
  return [{ kind: 'sfu-open', connection, re, room, peer: seat?.id ?? null, link, offer }];
}
