// When to tell the watchers of a room that it has changed: at once after a quiet while, else all changes together.

import { Deadlines } from '../env/deadlines.js';

/**
 * At most this often the watchers of one room are told, in milliseconds (ROOM-3). Each telling costs a message to every
 * watcher: without a bound, a few who join and leave in front of many make the server write as fast as it can.
 */
export const OCCUPANCY_INTERVAL_MS = 250;

export class OccupancyNews {
  /** Rooms told lately, with the end of their interval. */
  readonly #told = new Deadlines<string>();
  /** Those of them that have changed since. */
  readonly #changed = new Set<string>();

  /** Notes a change of a room that is watched; true when its watchers are to be told now. */
  change(room: string, now: number): boolean {
    if (this.#told.has(room)) {
      this.#changed.add(room);
      return false;
    }
    this.#told.start(room, now + OCCUPANCY_INTERVAL_MS);
    return true;
  }

  /** When `takeDue` next has something to do, or null. */
  next(): number | null {
    return this.#told.next();
  }

  /** The rooms whose interval is over and whose watchers are to be told now. */
  takeDue(now: number): string[] {
    const due = this.#told.takeDue(now).filter((room) => this.#changed.delete(room));
    for (const room of due) this.#told.start(room, now + OCCUPANCY_INTERVAL_MS);
    return due;
  }
}
