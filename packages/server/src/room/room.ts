// One room: who is inside, whether it is locked, how its media flows. It lives from its first peer to its last.

import { MAX_COUNTER, type RoomInfo, type Topology } from '@maru/protocol';
import type { Seat } from './seat.js';

/** Where a room's lock comes from: nobody said, a peer remembers it from before a restart, or someone decided. */
export type LockOrigin = 'default' | 'remembered' | 'decided';

export class Room {
  /** The seats by peer id, in the order in which they were taken. */
  readonly seats = new Map<string, Seat>();
  #locked = false;
  #lockOrigin: LockOrigin = 'default';
  #lastOrder = -1;
  #topology: Topology = 'mesh';
  #epoch = 0;

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

  get topology(): Topology {
    return this.#topology;
  }

  /** Grows with each change of the topology. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The media of a room that nobody is in yet flows this way from the start. */
  begin(topology: Topology): void {
    this.#topology = topology;
  }

  /** The media flows another way from now on (SFU-1). */
  turn(topology: Topology): void {
    if (topology === this.#topology) return;
    this.recall(topology, this.#epoch + 1);
  }

  /** So it was before a restart, or so it is at least (SFU-6). */
  recall(topology: Topology, epoch: number): void {
    this.#topology = topology;
    this.#epoch = Math.min(MAX_COUNTER, Math.max(this.#epoch, epoch));
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
    const { name, limit, locked, topology, epoch } = this;
    return { name, limit, locked, topology, epoch };
  }
}
