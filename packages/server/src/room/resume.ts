// Coming back: to a kept place, in place of an old connection, or to a server that has lost its memory.

import { type ClientMessageOf, MAX_ROOM_LIMIT, type ServerMessageOf } from '@maru/protocol';
import { type Effect, note, refuse } from './effect.js';
import { Room } from './room.js';
import type { Grant, RoomsState } from './rooms-state.js';
import type { VerifiedClaim } from './rooms-world.js';
import { peerOf, type Seat } from './seat.js';
import { tellTopology, topologyWith } from './topology.js';

// How many a rebuilt room may hold: the bound of `peers` in `resumed` and `joined`.
const MAX_REBUILT_SEATS = MAX_ROOM_LIMIT * 2;

/** Handles `resume` of a connection that is in no room. */
export function resume(
  state: RoomsState,
  connection: number,
  message: ClientMessageOf<'resume'>,
  now: number,
): Effect[] {
  const claim = state.world.verifyToken(message.token);
  if (!claim) return refuse(connection, message.id, 'resume-refused');
  const seat = state.rooms.get(claim.room)?.seats.get(claim.peer);
  if (seat) {
    if (seat.order !== claim.order) return refuse(connection, message.id, 'resume-refused');
    return takeUp(state, connection, seat, message, claim.former);
  }
  if (claim.former && now < state.world.recoverUntil && !state.departed.has(claim.peer)) {
    return rebuild(state, connection, claim, message, now);
  }
  return refuse(connection, message.id, 'resume-refused');
}

/** Gives a seat to a new connection, whether its old one is gone (RES-3) or only seems alive (RES-5). */
function takeUp(
  state: RoomsState,
  connection: number,
  seat: Seat,
  message: ClientMessageOf<'resume'>,
  rebuilt: boolean,
): Effect[] {
  const { room } = seat;
  const grant = state.grant(seat);
  const former = seat.connection;
  if (message.state.rev > seat.state.rev) seat.state = message.state;
  state.expiry.stop(seat);
  if (former !== null) state.seats.delete(former);
  const links = state.sit(seat, connection);

  const answer = resumed(state, seat, message.id, grant, rebuilt);
  // The others are told even where they never heard of an absence: what they sent into the old socket while it was
  // dying is lost, and this is what makes them say it again (RES-9).
  return [
    { kind: 'send', to: connection, message: answer },
    ...(former === null ? [] : [{ kind: 'replace', connection: former } as const]),
    {
      kind: 'broadcast',
      to: room.connectionsBut(seat),
      message: { type: 'peer-back', peer: peerOf(seat) },
    },
    ...links,
    note('peer-back', room.name, seat.id),
  ];
}

/** Makes a place, and its room if need be, from what a peer of the server's former life remembers (RES-7). */
function rebuild(
  state: RoomsState,
  connection: number,
  claim: VerifiedClaim,
  message: ClientMessageOf<'resume'>,
  now: number,
): Effect[] {
  const known = state.rooms.get(claim.room);
  if (known && (known.seats.size >= MAX_REBUILT_SEATS || known.hasOrder(claim.order))) {
    return refuse(connection, message.id, 'resume-refused');
  }
  if (!known && state.rooms.size >= state.world.maxRooms) {
    return refuse(connection, message.id, 'server-busy');
  }
  const room = known ?? new Room(claim.room, state.world.roomLimit);
  const seat: Seat = {
    room,
    id: claim.peer,
    name: message.name,
    order: claim.order,
    entered: 'rebuild',
    attempt: null,
    state: message.state,
    connection,
  };
  const grant = state.grant(seat);
  // A lock outlives the restart in the memory of those inside, unless one of them has decided anew since.
  const remembers = message.locked && room.lockOrigin === 'default';
  const tellsLock = remembers && !room.locked;
  const evicted = remembers ? evictNewcomers(state, room, now) : [];
  if (remembers) room.lock(true, 'remembered');
  const turned = rememberTopology(state, room, seat, message);
  const links = state.sit(seat, connection);

  const to = room.connectionsBut(seat);
  return [
    ...(known ? [] : [note('room-opened', room.name, null)]),
    ...evicted,
    ...turned,
    { kind: 'send', to: connection, message: resumed(state, seat, message.id, grant, true) },
    { kind: 'broadcast', to, message: { type: 'peer-back', peer: peerOf(seat) } },
    ...(tellsLock
      ? [
          {
            kind: 'broadcast',
            to,
            message: { type: 'room-locked', locked: true, by: seat.id },
          } as const,
        ]
      : []),
    ...links,
    note('peer-rebuilt', room.name, seat.id),
    ...state.occupancyChanged(room.name, now),
  ];
}

/**
 * Takes over what the peer remembers of the topology: a room that was the SFU's is so again, and no epoch is used twice
 * (SFU-6). Where there is no SFU any more, the room is a mesh by an epoch of its own.
 */
function rememberTopology(
  { world }: RoomsState,
  room: Room,
  seat: Seat,
  { topology, epoch }: ClientMessageOf<'resume'>,
): Effect[] {
  const before = room.epoch;
  const remembered = topology === 'sfu' && world.meshLimit !== null;
  const now = remembered ? 'sfu' : topologyWith(room, room.seats.size + 1, world);
  const turns = room.topology !== now;
  // What is as the peer remembers it is still that epoch; anything else is a newer one than either knows of.
  room.recall(now, topology === now ? epoch : epoch + 1);
  if (turns && room.epoch === before) room.recall(now, before + 1);
  return room.epoch === before ? [] : tellTopology(room, seat);
}

/** Takes out everyone who came in while a remembered lock was not known yet: it was meant to keep them out. */
function evictNewcomers(state: RoomsState, room: Room, now: number): Effect[] {
  const newcomers = Array.from(room.seats.values()).filter(({ entered }) => entered === 'join');
  return newcomers.flatMap((seat) => {
    const { connection } = seat;
    const left = state.vacate(seat, 'left', now);
    return connection === null ? left : [...left, { kind: 'evict', connection } as const];
  });
}

function resumed(
  state: RoomsState,
  seat: Seat,
  re: number,
  grant: Grant,
  rebuilt: boolean,
): ServerMessageOf<'resumed'> {
  const others = Array.from(seat.room.seats.values()).filter((other) => other !== seat);
  return { type: 'resumed', ...state.admission(seat, re, grant), peers: others.map(peerOf), rebuilt };
}
