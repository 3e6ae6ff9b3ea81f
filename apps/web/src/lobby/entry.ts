// Whether the door is open: what the lobby says about the way in, and when to walk through.

import type { MaruError, RoomSnapshot } from '@maru/client';

/** What stands between the lobby and the room now. */
export type Entry =
  /** The server has not answered yet, or offers are being made. */
  | { readonly state: 'connecting' }
  | { readonly state: 'ready' }
  | { readonly state: 'full'; readonly limit: number }
  | { readonly state: 'locked' }
  /** The server cannot be reached; the client goes on trying. */
  | { readonly state: 'unreachable' }
  | { readonly state: 'joining' }
  /** Nothing will change by waiting: see the error. */
  | { readonly state: 'refused'; readonly error: MaruError };

/** Reads a snapshot of a room that is not joined yet. */
export function entryOf(room: RoomSnapshot): Entry {
  if (room.phase === 'joining') return { state: 'joining' };
  if (room.signalling === 'closed' && room.error !== null) return { state: 'refused', error: room.error };
  if (room.signalling !== 'open' && (room.signalling === 'reconnecting' || isUnreachable(room))) {
    return { state: 'unreachable' };
  }
  const seen = room.occupancy;
  // The server has refused to show the room at all.
  if (seen === null && room.error !== null) return { state: 'refused', error: room.error };
  if (room.signalling !== 'open' || seen === null) return { state: 'connecting' };
  if (seen.locked) return { state: 'locked' };
  if (seen.count >= seen.limit) return { state: 'full', limit: seen.limit };
  return { state: room.ready ? 'ready' : 'connecting' };
}

function isUnreachable(room: RoomSnapshot): boolean {
  return room.error?.code === 'server-unreachable';
}
