// Entering a room as a newcomer: who may, which offer goes to whom, who is told.

import type { ClientMessageOf, SeatedPeer } from '@maru/protocol';
import { type Effect, note, refuse } from './effect.js';
import { Room } from './room.js';
import type { RoomsState } from './rooms-state.js';
import { peerOf, type Seat } from './seat.js';
import { tellTopology, topologyWith } from './topology.js';

/** Handles `join` of a connection that is in no room (ROOM-4 to ROOM-7, ROOM-11, ROOM-13). */
export function join(
  state: RoomsState,
  connection: number,
  message: ClientMessageOf<'join'>,
  now: number,
): Effect[] {
  const { world } = state;
  const known = state.rooms.get(message.room);
  // Whoever is inside by this very attempt is neither shut out by the lock nor in its own way.
  const former = message.attempt === undefined ? undefined : known?.seatOf(message.attempt);
  if (known?.locked && !former) return refuse(connection, message.id, 'room-locked');
  if (known?.full && !former) return refuse(connection, message.id, 'room-full', known.limit);
  if (!known && state.rooms.size >= world.maxRooms) return refuse(connection, message.id, 'server-busy');

  const room = known ?? begun(state, message);
  const seat: Seat = {
    room,
    id: world.newPeerId(),
    name: message.name,
    order: room.nextOrder(world.orderFloor()),
    entered: 'join',
    attempt: message.attempt ?? null,
    state: message.state,
    connection,
  };
  const grant = state.grant(seat);

  const gone = former ? supersede(state, former, now) : [];
  const turned = turn(state, room, seat);
  const { peers, introductions } = deal(room, seat, message.offers);
  const links = state.sit(seat, connection);
  return [
    ...(known ? [] : [note('room-opened', room.name, null)]),
    ...gone,
    ...turned,
    {
      kind: 'send',
      to: connection,
      message: { type: 'joined', ...state.admission(seat, message.id, grant), peers },
    },
    ...introductions,
    ...links,
    note('peer-joined', room.name, seat.id),
    ...state.occupancyChanged(room.name, now),
  ];
}

/** A room that begins with this join, as an SFU's if the client asks for that and there is one (SFU-2). */
function begun({ world }: RoomsState, message: ClientMessageOf<'join'>): Room {
  const room = new Room(message.room, world.roomLimit);
  const asked = message.topology === 'sfu' && world.meshLimit !== null;
  room.begin(asked ? 'sfu' : topologyWith(undefined, 1, world));
  return room;
}

/** Turns a mesh that one more would make too large into the SFU's, and tells everyone but the newcomer (SFU-1). */
function turn({ world }: RoomsState, room: Room, newcomer: Seat): Effect[] {
  const topology = topologyWith(room, room.seats.size + 1, world);
  if (room.topology === topology) return [];
  room.turn(topology);
  return [note('room-turned-sfu', room.name, null), ...tellTopology(room, newcomer)];
}

/** Ends the seat of a join whose answer was lost, and its socket if that still seems alive (ROOM-13). */
function supersede(state: RoomsState, former: Seat, now: number): Effect[] {
  const { connection } = former;
  const left = state.vacate(former, 'left', now);
  return connection === null ? left : [{ kind: 'replace', connection }, ...left];
}

/**
 * Deals the newcomer's offers, one to each peer that is present, in the order of their seats (ROOM-5). Where the media
 * goes through the SFU, nobody has a use for one (SFU-5).
 */
function deal(
  room: Room,
  newcomer: Seat,
  offers: readonly string[],
): { peers: SeatedPeer[]; introductions: Effect[] } {
  const peer = peerOf(newcomer);
  const introductions: Effect[] = [];
  let next = 0;
  const peers = Array.from(room.seats.values(), (other): SeatedPeer => {
    if (other.connection === null) return { ...peerOf(other), offer: null };
    const offer = room.topology === 'mesh' ? (offers[next] ?? null) : null;
    introductions.push({ kind: 'send', to: other.connection, message: { type: 'peer-joined', peer, offer } });
    return { ...peerOf(other), offer: offer === null ? null : next++ };
  });
  return { peers, introductions };
}
