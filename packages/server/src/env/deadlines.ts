// Things that fall due after the same time each: the first in is the first due, so no search and no timer per thing.

export class Deadlines<T> {
  readonly #deadlines = new Map<T, number>();

  /** How many are waited for. */
  get size(): number {
    return this.#deadlines.size;
  }

  has(thing: T): boolean {
    return this.#deadlines.has(thing);
  }

  /** Adds a thing; its deadline must not be earlier than those already there. */
  start(thing: T, deadline: number): void {
    this.#deadlines.set(thing, deadline);
  }

  stop(thing: T): void {
    this.#deadlines.delete(thing);
  }

  /** When the next one is due, or null. */
  next(): number | null {
    for (const deadline of this.#deadlines.values()) return deadline;
    return null;
  }

  /** Takes out all that are due. */
  takeDue(now: number): T[] {
    const due: T[] = [];
    for (const [thing, deadline] of this.#deadlines) {
      if (deadline > now) break;
      due.push(thing);
    }
    for (const thing of due) this.#deadlines.delete(thing);
    return due;
  }
}
