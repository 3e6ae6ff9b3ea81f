// One room: who is inside and whether it is locked. It lives from its first peer to its last.

import type { Occupancy, RoomInfo } from '@maru/protocol';
import type { Seat } from './seat.js';

/** Where a room's lock comes from: nobody said, a peer remembers it from before a restart, or someone decided. */
export type LockOrigin = 'default' | 'remembered' | 'decided';

export class Room {
  /** The seats by peer id, in the order in which they were taken. */
  readonly seats = new Map<string, Seat>();
  #locked = false;
  #lockOrigin: LockOrigin = 'default';
  #lastOrder = -1;

  constructor(
    readonly name: string,
    readonly limit: number,
  ) {}

  get locked(): boolean {
    return this.#locked;
  }

  get full(): boolean {
    return this.seats.size >= this.limit;
  }

  /** Unless it is `default`, what a peer remembers of a lock no longer counts. */
  get lockOrigin(): LockOrigin {
    return this.#lockOrigin;
  }

  lock(locked: boolean, origin: LockOrigin): void {
    this.#locked = locked;
    this.#lockOrigin = origin;
  }

  /** The order that the next newcomer gets: at least `floor`, above everyone who ever was inside (ROOM-4). */
  nextOrder(floor: number): number {
    return Math.max(floor, this.#lastOrder + 1);
  }

  hasOrder(order: number): boolean {
    for (const seat of this.seats.values()) if (seat.order === order) return true;
    return false;
  }

  /** The seat that a join with this mark has made already (ROOM-13). */
  seatOf(attempt: string): Seat | undefined {
    for (const seat of this.seats.values()) if (seat.attempt === attempt) return seat;
    return undefined;
  }

  seat(seat: Seat): void {
    this.seats.set(seat.id, seat);
    this.#lastOrder = Math.max(this.#lastOrder, seat.order);
  }

  /** The connections of everyone present, except one seat's. */
  connectionsBut(except: Seat): number[] {
    const connections: number[] = [];
    for (const seat of this.seats.values()) {
      if (seat !== except && seat.connection !== null) connections.push(seat.connection);
    }
    return connections;
  }

  info(): RoomInfo {
    return { name: this.name, limit: this.limit, locked: this.#locked, topology: 'mesh', epoch: 0 };
  }
}

/** How full a room is, as seen from outside; `room` is undefined when nobody is inside (ROOM-3). */
export function occupancyOf(name: string, limit: number, room: Room | undefined): Occupancy {
  if (!room) return { room: name, count: 0, limit, locked: false, names: [] };
  // A room being rebuilt may hold more than its limit (RES-7); `names` is bounded by the schema.
  const names = room.locked ? [] : Array.from(room.seats.values(), (seat) => seat.name).slice(0, limit);
  return { room: name, count: room.seats.size, limit, locked: room.locked, names };
}
