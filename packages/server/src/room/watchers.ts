// Who looks at which room from outside: one room per connection (ROOM-3).

export class Watchers {
  readonly #roomOf = new Map<number, string>();
  readonly #watching = new Map<string, Set<number>>();

  /** Watches a room instead of any other. */
  watch(connection: number, room: string): void {
    this.unwatch(connection);
    this.#roomOf.set(connection, room);
    const watching = this.#watching.get(room);
    if (watching) watching.add(connection);
    else this.#watching.set(room, new Set([connection]));
  }

  /** The room that a connection looks at, or null. */
  roomOf(connection: number): string | null {
    return this.#roomOf.get(connection) ?? null;
  }

  /** Returns the room that it has looked at, or null. */
  unwatch(connection: number): string | null {
    const room = this.#roomOf.get(connection);
    if (room === undefined) return null;
    this.#roomOf.delete(connection);
    const watching = this.#watching.get(room);
    watching?.delete(connection);
    if (watching?.size === 0) this.#watching.delete(room);
    return room;
  }

  /** The connections that watch a room. */
  of(room: string): readonly number[] {
    const watching = this.#watching.get(room);
    return watching ? [...watching] : [];
  }
}
