// Tells the SFU what is to be seen: reads it off the members, puts it into slots, and says it when it is due.

import type { VideoLine } from '@maru/protocol';
import type { Timer } from '../env/env.js';
import { LINE_KIND } from './sfu-lines.js';
import type { SfuLink } from './sfu-link.js';
import type { SfuWorld } from './sfu-world.js';
import { assignSlots, inSteps, type Seated, UNSEEN_WIDTH, type Wish } from './slots.js';
import { type Wanting, want, wantAt } from './wanting.js';

const PICTURES = ['camera', 'screen'] as const satisfies readonly VideoLine[];
/** The highest priority of the protocol, for screens; cameras that are looked at come next. */
const PRIORITY = { screen: 3, large: 2, small: 1 } as const;
/** Wider than any picture that is sent. */
const FULL_WIDTH = 8_192;

/** How wide a picture is asked for of which the application has not said how it is drawn. */
const USUAL_WIDTH: Readonly<Record<VideoLine, number>> = { camera: 640, screen: 1_280 };
/** From this width on a camera is looked at rather than noticed. */
const LARGE_WIDTH = 960;

/** How long the first wish waits for the SFU to say who is seated, so that pictures join their sounds. */
export const FIRST_SEATS_MS = 500;
/** How soon something is said again that a full channel did not take. */
const AGAIN_MS = 500;

export interface Wants {
  look(): void;
  /** Another connection is in use, on which nothing was said yet. */
  restart(): void;
  /** Says once more what was said last; false where nothing was, or it could not be said. */
  again(): boolean;
  close(): void;
}

export function createWants(world: SfuWorld, link: SfuLink): Wants {
  const { members } = world;
  const { clock } = world.env;
  let wanting: Wanting | null = null;
  /** Who is, or was last, in each slot. */
  let last: (Seated | null)[] = [];
  let startedAt = clock.now();
  let rev = 0;
  let timer: Timer | null = null;

  function wishes(): readonly Wish[] {
    return members.ids.flatMap((peer) => {
      const state = members.get(peer)?.peer.state;
      return PICTURES.flatMap((line) => {
        const width = members.shown.get(peer)?.[line] ?? USUAL_WIDTH[line];
        if (!state?.[line] || width <= UNSEEN_WIDTH) return [];
        const priority =
          line === 'screen' ? PRIORITY.screen : width >= LARGE_WIDTH ? PRIORITY.large : PRIORITY.small;
        return { peer, line, width: inSteps(width, FULL_WIDTH), priority };
      });
    });
  }

  function look(): void {
    timer?.cancel();
    timer = null;
    const { session } = link;
    if (!session?.standing || world.admission.stance.at !== 'inside') return;
    const now = clock.now();
    const seats = session.seats ?? [];
    if (!wanting && !session.seats && now < startedAt + FIRST_SEATS_MS) {
      timer = clock.after(startedAt + FIRST_SEATS_MS - now, look);
      return;
    }
    const count = session.slots('video').length;
    if (!wanting) {
      // The SFU has filled the slots by itself: who is there stays there.
      last = Array.from({ length: count }, () => null);
      for (const { slot, peer, line } of seats) {
        if (LINE_KIND[line] === 'video') last[slot] = { peer, line: line as VideoLine };
      }
    }
    const audioSeats = new Map(
      seats.flatMap(({ slot, peer, line }) => (line === 'mic' ? [[peer, slot]] : [])),
    );
    wanting = want(wanting, assignSlots(last, wishes(), audioSeats, count), now);
    for (const seated of wanting.wish) last[seated.slot] = seated;
    const dueAt = wantAt(wanting);
    if (dueAt === null) return;
    if (dueAt > now) {
      timer = clock.after(dueAt - now, look);
      return;
    }
    rev += 1;
    if (link.say({ type: 'want', rev, slots: [...wanting.wish] })) {
      wanting = { ...wanting, told: wanting.wish };
      world.trace.record({ kind: 'sfu', step: 'want', ...session.connection.traced });
    } else {
      timer = clock.after(AGAIN_MS, look);
    }
  }

  return {
    look,
    restart() {
      wanting = null;
      startedAt = clock.now();
    },
    again() {
      if (!wanting?.told) return false;
      rev += 1;
      return link.say({ type: 'want', rev, slots: [...wanting.told] });
    },
    close: () => timer?.cancel(),
  };
}
