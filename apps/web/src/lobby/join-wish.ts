// A pressed Join: kept until the room opens. A full or locked room, or a server that is away, is waited for.

import { MaruError, type RoomSnapshot } from '@maru/client';
import type { Occupancy } from '@maru/protocol';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Session } from '../app/session.js';
import { entryOf } from './entry.js';

/** Where the person at the door stands. */
type Wish =
  | { readonly at: 'none'; readonly refusal: MaruError | null }
  /** Waits for the door. `refusedAt`: the view of the room in which the last try failed; the same is not tried twice. */
  | { readonly at: 'waiting'; readonly name: string; readonly refusedAt: Occupancy | null }
  /** Asked, and not answered yet. */
  | { readonly at: 'entering'; readonly name: string };

/** Someone at the door. */
export interface JoinWish {
  /** The name to enter, or that was entered, under; null while nobody wants in. */
  readonly name: ReadonlySignal<string | null>;
  /** Why the last try was refused, unless waiting helps; null when all is well. */
  readonly refusal: ReadonlySignal<MaruError | null>;
  /** Enters under a name as soon as the door is open. */
  want(name: string): void;
  /** Stops waiting; a try under way is not taken back. */
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

export function createJoinWish(session: Pick<Session, 'roomState'> & JoinDoor): JoinWish {
  const wish = signal<Wish>({ at: 'none', refusal: null });

  async function enter(name: string, seen: RoomSnapshot): Promise<void> {
    wish.value = { at: 'entering', name };
    try {
      await session.room.join({ name });
    } catch (error) {
      // The visit ended in the middle of it (AbortError): nobody waits for the outcome.
      if (session.room.snapshot.phase === 'left') return;
      if (!(error instanceof MaruError)) throw error;
      wish.value = WAITED_FOR.has(error.code)
        ? { at: 'waiting', name, refusedAt: seen.occupancy }
        : { at: 'none', refusal: error };
    }
  }

  const stop = effect(() => {
    const now = wish.value;
    const room = session.roomState.value;
    if (now.at !== 'waiting' || room.phase !== 'lobby' || room.occupancy === now.refusedAt) return;
    if (entryOf(room).state === 'ready') void enter(now.name, room);
  });

  return {
    name: computed(() => (wish.value.at === 'none' ? null : wish.value.name)),
    refusal: computed(() => (wish.value.at === 'none' ? wish.value.refusal : null)),
    want(name) {
      if (wish.value.at !== 'entering') wish.value = { at: 'waiting', name, refusedAt: null };
    },
    giveUp() {
      if (wish.value.at === 'waiting') wish.value = { at: 'none', refusal: null };
    },
    close: stop,
  };
}

/** What of a room a wish needs. */
interface JoinDoor {
  readonly room: Pick<Session['room'], 'join' | 'snapshot'>;
}
