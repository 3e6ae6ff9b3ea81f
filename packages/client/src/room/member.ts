// One other peer of the room and the link to it: who it is, whether it can be reached, how it is shown.

import type { Line, Peer, View } from '@maru/protocol';
import type { Timer } from '../env/env.js';
import type { LinkPhase } from '../link/link.js';
import type { PeerLink, PeerLinkOptions } from '../link/peer-link.js';
import { replaced } from '../replaced.js';
import type { PeerSnapshot } from './room.js';
import { SILENT, type Speaking } from './speaking.js';

export interface Member {
  peer: Peer;
  /** Another one after the room's media has taken another way. */
  link: PeerLink;
  /** What its links are made with. */
  readonly options: PeerLinkOptions;
  /** The server refused a signal to it: wait for `peer-back`, even where `peer` still says present. */
  refused: boolean;
  dataOpen: boolean;
  phase: LinkPhase;
  /** A line of chat was refused by the channel, and waits to be said again (PEER-3). */
  behind: boolean;
  /** When lines that it had not confirmed were last said to it again, in milliseconds; -Infinity for never. */
  caughtUpAt: number;
  speaking: Speaking;
  /** What this peer says that it shows of us (PEER-5); null before it has said so: everything, then. */
  sees: View | null;
  /** Lines of ours that this peer does not see, and that are not sent to it. */
  paused: ReadonlySet<Line>;
  /** Until when this peer is kept although the server does not name it (RES-8), in milliseconds, and the timer for it. */
  keptUntil: number;
  expiry: Timer | null;
  view: PeerSnapshot;
}

export const NOTHING_PAUSED: ReadonlySet<Line> = new Set();

export function createMember(peer: Peer, link: PeerLink, options: PeerLinkOptions): Member {
  return {
    peer,
    link,
    options,
    refused: false,
    dataOpen: false,
    phase: 'new',
    behind: false,
    caughtUpAt: Number.NEGATIVE_INFINITY,
    speaking: SILENT,
    sees: null,
    paused: NOTHING_PAUSED,
    keptUntil: 0,
    expiry: null,
    view: viewOf(peer, link, false),
  };
}

/** Brings the view up to date; it stays the same object when nothing about the peer changed. */
export function refreshView(member: Member): void {
  member.view = replaced(member.view, viewOf(member.peer, member.link, member.speaking.speaking));
}

function viewOf(peer: Peer, link: PeerLink, speaking: boolean): PeerSnapshot {
  const { id, name, state, presence } = peer;
  const { phase, step, reason, lines, stats } = link.snapshot;
  return {
    id,
    name,
    state,
    presence,
    link: phase,
    step,
    reason,
    ...lines,
    speaking: speaking && state.mic,
    stats,
  };
}
