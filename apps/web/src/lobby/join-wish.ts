// A pressed Join: kept until the room opens. A full or locked room, or a server that is away, is waited for.

import { MaruError, type RoomSnapshot } from '@maru/client';
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Session } from '../app/session.js';
import { entryOf } from './entry.js';

/** Someone at the door. */
export interface JoinWish {
  /** The name to enter under; null while nobody wants in. */
  readonly name: ReadonlySignal<string | null>;
  /** Why the last try was refused, unless waiting helps; null when all is well. */
  readonly refusal: ReadonlySignal<MaruError | null>;
  /** Enters under a name as soon as the door is open. */
  want(name: string): void;
  /** Stops waiting. */
  giveUp(): void;
  /** Ends the wish with the screen; a join under way goes on. */
  close(): void;
}

// Refusals after which the room is certain to be seen anew: a seat or lock event, or a peek on a new socket.
const WAITED_FOR: ReadonlySet<string> = new Set([
  'room-full',
  'room-locked',
  'server-unreachable',
  'server-closing',
]);

export function createJoinWish(session: Pick<Session, 'room' | 'roomState'>): JoinWish {
  const name = signal<string | null>(null);
  const refusal = signal<MaruError | null>(null);
  // The view of the room in which the last try was refused: only a newer one is worth another try.
  let refusedAt: RoomSnapshot['occupancy'] = null;

  async function enter(as: string, room: RoomSnapshot): Promise<void> {
    try {
      await session.room.join({ name: as });
    } catch (error) {
      // The visit ended in the middle of it (AbortError): nobody waits for the outcome.
      if (session.room.snapshot.phase === 'left') return;
      if (!(error instanceof MaruError)) throw error;
      refusedAt = room.occupancy;
      if (WAITED_FOR.has(error.code)) return;
      name.value = null;
      refusal.value = error;
    }
  }

  const stop = effect(() => {
    const room = session.roomState.value;
    const as = name.value;
    if (as === null || room.phase !== 'lobby' || room.occupancy === refusedAt) return;
    if (entryOf(room).state === 'ready') void enter(as, room);
  });

  return {
    name,
    refusal,
    want(as) {
      refusedAt = null;
      refusal.value = null;
      name.value = as;
    },
    giveUp() {
      name.value = null;
    },
    close: stop,
  };
}
