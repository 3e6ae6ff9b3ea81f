// All rooms of one server, pure: a message or an event and a time go in, effects come out. No socket, clock or chance.

import type { ClientMessage, ClientMessageOf, Occupancy } from '@maru/protocol';
import { type Effect, ok, refuse } from './effect.js';
import { changeState, ice, lock, signal } from './inside.js';
import { join } from './join.js';
import { resume } from './resume.js';
import { RoomsState } from './rooms-state.js';
import type { RoomsWorld } from './rooms-world.js';
import { offerLink } from './sfu-link.js';

/** What a client may ask of the rooms; `hello` and `ping` are the socket's own business. */
export type RoomMessage = Exclude<ClientMessage, { type: 'hello' | 'ping' | 'report' }>;

export class Rooms {
  readonly #state: RoomsState;

  constructor(world: RoomsWorld) {
    this.#state = new RoomsState(world);
  }

  get roomCount(): number {
    return this.#state.rooms.size;
  }

  /** How many peers are inside and present. */
  get presentCount(): number {
    return this.#state.seats.size;
  }

  /** How many peers are away and keep their place. */
  get awayCount(): number {
    return this.#state.expiry.size;
  }

  occupancy(room: string): Occupancy {
    return this.#state.occupancy(room);
  }

  /** When `expire` next has something to do, on the clock of the commands, or null. */
  nextDeadline(): number | null {
    return this.#state.expiry.next();
  }

  /** Handles one request of a connection. A refused request changes nothing; so does one that throws (MSG-5). */
  handle(connection: number, message: RoomMessage, now: number): Effect[] {
    const state = this.#state;
    const seat = state.seats.get(connection);
    switch (message.type) {
      case 'signal':
        return seat ? signal(connection, seat, message) : refuse(connection, message.id, 'not-in-room');
      case 'state':
        return seat ? changeState(connection, seat, message) : refuse(connection, message.id, 'not-in-room');
      case 'lock':
        return seat
          ? lock(state, connection, seat, message, now)
          : refuse(connection, message.id, 'not-in-room');
      case 'ice':
        return seat ? ice(state, connection, seat, message) : refuse(connection, message.id, 'not-in-room');
      case 'sfu':
        return offerLink(state, connection, message);
      case 'leave':
        return [ok(connection, message.id), ...(seat ? state.remove(seat, 'left', now) : [])];
      case 'peek':
        return seat ? refuse(connection, message.id, 'already-joined') : this.#peek(connection, message);
      case 'join':
        return seat
          ? refuse(connection, message.id, 'already-joined')
          : join(state, connection, message, now);
      case 'resume':
        return seat
          ? refuse(connection, message.id, 'already-joined')
          : resume(state, connection, message, now);
    }
  }

  /** A connection is gone without a word: its peer is away (RES-2). */
  lost(connection: number, now: number): Effect[] {
    const state = this.#state;
    const watched = state.watchers.unwatch(connection) !== null;
    const seat = state.seats.get(connection);
    const links: Effect[] =
      watched || seat?.room.topology === 'sfu' ? [{ kind: 'sfu-disconnect', connection }] : [];
    if (!seat) return links;
    state.seats.delete(connection);
    seat.connection = null;
    state.expiry.start(seat, now + state.world.graceMs);
    return [
      ...links,
      {
        kind: 'broadcast',
        to: seat.room.connectionsBut(seat),
        message: { type: 'peer-away', peer: seat.id },
      },
      { kind: 'note', step: 'peer-away', room: seat.room.name, peer: seat.id },
    ];
  }

  /** Ends the wait for every peer whose grace period is over (RES-4). */
  expire(now: number): Effect[] {
    const state = this.#state;
    return state.expiry.takeDue(now).flatMap((seat) => state.remove(seat, 'expired', now));
  }

  /** When `tellWatchers` next has something to do, or null. */
  nextNews(): number | null {
    return this.#state.news.next();
  }

  /** Tells of the rooms that have changed since their watchers were told last (ROOM-3). */
  tellWatchers(now: number): Effect[] {
    const state = this.#state;
    return state.news.takeDue(now).flatMap((room) => state.tellWatchers(room));
  }

  #peek(connection: number, message: ClientMessageOf<'peek'>): Effect[] {
    const state = this.#state;
    const iceServers = state.world.iceServers(state.world.newPeerId());
    const before = state.watchers.roomOf(connection);
    state.watchers.watch(connection, message.room);
    const occupancy = state.occupancy(message.room);
    return [
      ...(before === null || before === message.room ? [] : [{ kind: 'sfu-unwatch', connection } as const]),
      { kind: 'send', to: connection, message: { type: 'peeked', re: message.id, occupancy, iceServers } },
    ];
  }
}
