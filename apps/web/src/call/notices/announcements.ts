// What has happened between two snapshots that somebody who does not look should hear, once.

import type { RoomSnapshot } from '@maru/client';

/** One thing to say. */
export type Announcement =
  | { readonly kind: 'joined' | 'left' | 'away' | 'back' | 'hand' | 'screen'; readonly name: string }
  | { readonly kind: 'chat'; readonly name: string; readonly text: string }
  | { readonly kind: 'server-gone' | 'server-back' | 'locked' | 'unlocked' };

type Heard = Pick<RoomSnapshot, 'phase' | 'self' | 'peers' | 'chat' | 'signalling' | 'info'>;

/** The announcements for the step from one snapshot to the next, in a fixed order. */
export function announcements(before: Heard, after: Heard): readonly Announcement[] {
  // Being put out takes everyone away at once; the screen that follows says why.
  if (after.phase !== 'joined') return [];
  // In another place of the same room everyone has a new link; nobody came or went.
  if (before.self?.id !== after.self?.id) return ofServer(before, after);
  return [...ofServer(before, after), ...ofPeople(before, after), ...ofChat(before, after)];
}

function ofServer(before: Heard, after: Heard): Announcement[] {
  const said: Announcement[] = [];
  if (before.signalling === 'open' && after.signalling === 'reconnecting') said.push({ kind: 'server-gone' });
  if (before.signalling === 'reconnecting' && after.signalling === 'open') said.push({ kind: 'server-back' });
  if (before.info && after.info && before.info.locked !== after.info.locked) {
    said.push({ kind: after.info.locked ? 'locked' : 'unlocked' });
  }
  return said;
}

function ofPeople(before: Heard, after: Heard): Announcement[] {
  const known = new Map(before.peers.map((peer) => [peer.id, peer]));
  const said: Announcement[] = [];
  for (const peer of after.peers) {
    const { name } = peer;
    const former = known.get(peer.id);
    known.delete(peer.id);
    if (!former) {
      said.push({ kind: 'joined', name });
      continue;
    }
    if (former.presence !== peer.presence) {
      said.push({ kind: peer.presence === 'away' ? 'away' : 'back', name });
    }
    if (!former.state.hand && peer.state.hand) said.push({ kind: 'hand', name });
    if (!former.state.screen && peer.state.screen) said.push({ kind: 'screen', name });
  }
  for (const gone of known.values()) said.push({ kind: 'left', name: gone.name });
  return said;
}

function ofChat(before: Heard, after: Heard): Announcement[] {
  if (before.chat === after.chat) return [];
  const known = new Set(before.chat.map((entry) => entry.id));
  return after.chat
    .filter((entry) => entry.from !== null && !known.has(entry.id))
    .map((entry) => ({ kind: 'chat', name: entry.name, text: entry.text }));
}
