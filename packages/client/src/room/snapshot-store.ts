// The one snapshot of a room and those who listen to it.

import { createListeners, type Listeners } from '../listeners.js';
import { replaced } from '../replaced.js';
import type { RoomSnapshot } from './room.js';

/** Holds the snapshot; `set` replaces it and tells the listeners, unless nothing changed. */
export interface SnapshotStore {
  readonly current: RoomSnapshot;
  set(patch: Partial<RoomSnapshot>): void;
  subscribe: Listeners<RoomSnapshot>['add'];
  /** Forgets all listeners. */
  close(): void;
}

export function createSnapshotStore(initial: RoomSnapshot): SnapshotStore {
  const listeners = createListeners<RoomSnapshot>();
  let current = initial;
  return {
    get current() {
      return current;
    },
    set(patch) {
      const next = replaced(current, patch);
      if (next === current) return;
      current = next;
      // A listener may have set again: the others were told of the newer snapshot by then.
      listeners.tell(next, () => current !== next);
    },
    subscribe: listeners.add,
    close: listeners.clear,
  };
}

/** The list before when it holds the same items in the same order, so that a view need not look at it again. */
export function sameList<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((item, i) => item === after[i]) ? before : after;
}
