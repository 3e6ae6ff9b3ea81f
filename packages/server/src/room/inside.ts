// What a peer that is inside a room can ask for: signals to others, its own state, the lock, fresh ICE servers.

import type { ClientMessageOf } from '@maru/protocol';
import { type Effect, ok, refuse } from './effect.js';
import type { RoomsState } from './rooms-state.js';
import type { Seat } from './seat.js';

/** Carries a signal to one peer of the same room, under the sender's own name (SIG-1 to SIG-5). */
export function signal(connection: number, from: Seat, message: ClientMessageOf<'signal'>): Effect[] {
  const to = from.room.seats.get(message.to);
  if (!to) return refuse(connection, message.id, 'unknown-peer');
  if (to.connection === null) return refuse(connection, message.id, 'peer-away');
  return [
    { kind: 'send', to: to.connection, message: { type: 'signal', from: from.id, data: message.data } },
  ];
}

/** Takes a newer state and tells the others; an older one is only acknowledged (ROOM-10). */
export function changeState(connection: number, seat: Seat, message: ClientMessageOf<'state'>): Effect[] {
  if (message.state.rev <= seat.state.rev) return [ok(connection, message.id)];
  seat.state = message.state;
  return [
    ok(connection, message.id),
    {
      kind: 'broadcast',
      to: seat.room.connectionsBut(seat),
      message: { type: 'peer-state', peer: seat.id, state: seat.state },
    },
  ];
}

/** Locks or unlocks the room (ROOM-11). Setting what is set already tells nobody. */
export function lock(
  state: RoomsState,
  connection: number,
  seat: Seat,
  message: ClientMessageOf<'lock'>,
  now: number,
): Effect[] {
  const { room } = seat;
  const changed = room.locked !== message.locked;
  // After a restart a newcomer's word does not outweigh what those who were inside remember (RES-7).
  room.lock(message.locked, seat.entered === 'rebuild' ? 'decided' : room.lockOrigin);
  if (!changed) return [ok(connection, message.id)];
  return [
    ok(connection, message.id),
    {
      kind: 'broadcast',
      to: room.connectionsBut(seat),
      message: { type: 'room-locked', locked: message.locked, by: seat.id },
    },
    ...state.occupancyChanged(room.name, now),
  ];
}

/** Hands out ICE servers with fresh credentials. */
export function ice(
  state: RoomsState,
  connection: number,
  seat: Seat,
  message: ClientMessageOf<'ice'>,
): Effect[] {
  const iceServers = state.world.iceServers(seat.id);
  return [{ kind: 'send', to: connection, message: { type: 'ice-servers', re: message.id, iceServers } }];
}
