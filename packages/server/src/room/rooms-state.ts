// What all rooms together hold, and the steps that several requests share. Changed only by this folder.

import type { IceServer, Occupancy, Peer, RoomInfo } from '@maru/protocol';
import { Deadlines } from '../env/deadlines.js';
import { type Effect, note } from './effect.js';
import { occupancyOf } from './occupancy.js';
import { OccupancyNews } from './occupancy-news.js';
import type { Room } from './room.js';
import type { RoomsWorld } from './rooms-world.js';
import { peerOf, type Seat } from './seat.js';
import { takeLinks } from './topology.js';
import { Watchers } from './watchers.js';

/** What an admitted peer gets besides the view of the room. Made before anything changes, as making it may fail. */
export interface Grant {
  readonly token: string;
  readonly iceServers: IceServer[];
}

export class RoomsState {
  readonly rooms = new Map<string, Room>();
  /** The one index from connection to room and peer: nothing ever scans rooms. */
  readonly seats = new Map<number, Seat>();
  readonly watchers = new Watchers();
  readonly news = new OccupancyNews();
  /** When which away peer loses its place. */
  readonly expiry = new Deadlines<Seat>();
  /** Peers that went while former tokens still count: such a token must not bring them back (RES-4). */
  readonly departed = new Set<string>();

  constructor(readonly world: RoomsWorld) {}

  grant(seat: Seat): Grant {
    const { room, id, order } = seat;
    return {
      token: this.world.issueToken({ room: room.name, peer: id, order }),
      iceServers: this.world.iceServers(id),
    };
  }

  /** The part that `joined` and `resumed` have in common. */
  admission(
    seat: Seat,
    re: number,
    grant: Grant,
  ): Grant & {
    re: number;
    self: Peer;
    room: RoomInfo;
    graceMs: number;
  } {
    return { re, self: peerOf(seat), room: seat.room.info(), graceMs: this.world.graceMs, ...grant };
  }

  /**
   * Puts a peer into its seat, on this connection, which stops looking in from outside. Returns what becomes of the links
   * to the SFU that it has offered from there.
   */
  sit(seat: Seat, connection: number): Effect[] {
    const watched = this.watchers.unwatch(connection) !== null;
    this.rooms.set(seat.room.name, seat.room);
    seat.connection = connection;
    seat.room.seat(seat);
    this.seats.set(connection, seat);
    return takeLinks(seat, connection, watched);
  }

  /** Takes a peer out for good and tells everyone else, once. An empty room is forgotten (ROOM-11). */
  remove(seat: Seat, reason: 'left' | 'expired', now: number): Effect[] {
    const { room } = seat;
    const effects = this.vacate(seat, reason, now);
    if (room.seats.size === 0) {
      this.rooms.delete(room.name);
      effects.push(note('room-closed', room.name, null));
      if (room.topology === 'sfu') effects.push({ kind: 'sfu-close', room: room.name });
    }
    effects.push(...this.occupancyChanged(room.name, now));
    return effects;
  }

  /** The same for a seat whose room goes on, as someone else is about to sit in it. */
  vacate(seat: Seat, reason: 'left' | 'expired', now: number): Effect[] {
    const { room } = seat;
    const to = room.connectionsBut(seat);
    room.seats.delete(seat.id);
    this.expiry.stop(seat);
    if (seat.connection !== null) this.seats.delete(seat.connection);
    if (now < this.world.recoverUntil) this.departed.add(seat.id);
    else this.departed.clear();
    return [
      ...(room.topology === 'sfu' ? [{ kind: 'sfu-leave', peer: seat.id } as const] : []),
      { kind: 'broadcast', to, message: { type: 'peer-left', peer: seat.id, reason } },
      note(reason === 'left' ? 'peer-left' : 'peer-expired', room.name, seat.id),
    ];
  }

  occupancy(name: string): Occupancy {
    return occupancyOf(name, this.world, this.rooms.get(name));
  }

  /** A room has changed as seen from outside: its watchers are told now, or with what else changes soon (ROOM-3). */
  occupancyChanged(name: string, now: number): Effect[] {
    const watched = this.watchers.of(name).length > 0;
    return watched && this.news.change(name, now) ? this.tellWatchers(name) : [];
  }

  /** Tells those who look in from outside how full the room is now. */
  tellWatchers(name: string): Effect[] {
    const to = this.watchers.of(name);
    if (to.length === 0) return [];
    return [{ kind: 'broadcast', to, message: { type: 'occupancy', occupancy: this.occupancy(name) } }];
  }
}
