// Tells each peer what is shown of it, over its control channel (PEER-5).

import type { VideoCodec, View } from '@maru/protocol';
import type { Clock, Timer } from '../env/env.js';
import type { Member } from '../room/member.js';
import type { ShownWidths } from '../room/room.js';
import { type Telling, tellAt, viewOf, wish } from './telling.js';

/** How soon a view is told again that a full channel did not take. */
const AGAIN_MS = 500;

export interface Teller {
  /** Tells these peers what is due, and calls `again` when there will be more. */
  tell(
    members: readonly Member[],
    shown: ReadonlyMap<string, ShownWidths>,
    codecs: readonly VideoCodec[],
  ): void;
  close(): void;
}

export function createTeller(clock: Clock, again: () => void): Teller {
  const tellings = new WeakMap<Member, Telling>();
  let timer: Timer | null = null;

  /** Milliseconds until this peer is to be told something; null when it knows everything. */
  function tellOne(member: Member, view: View): number | null {
    const now = clock.now();
    let telling = wish(tellings.get(member), view, now);
    let dueAt = tellAt(telling);
    if (dueAt !== null && dueAt <= now) {
      const sent = member.link.send(telling.wish);
      if (sent) telling = { ...telling, told: telling.wish };
      dueAt = sent ? null : now + AGAIN_MS;
    }
    tellings.set(member, telling);
    return dueAt === null ? null : dueAt - now;
  }

  return {
    tell(members, shown, codecs) {
      timer?.cancel();
      let next: number | null = null;
      for (const member of members) {
        if (!member.dataOpen) {
          // The next channel leads to an end that may have been made anew and knows nothing.
          tellings.delete(member);
          continue;
        }
        const ms = tellOne(member, viewOf(shown.get(member.peer.id), codecs));
        if (ms !== null) next = Math.min(ms, next ?? ms);
      }
      timer = next === null ? null : clock.after(next, again);
    },
    close: () => timer?.cancel(),
  };
}
