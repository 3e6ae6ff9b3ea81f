// What the address says: which screen, and the wishes in its query.

import { normalizeRoomName } from '@maru/protocol';

/** Wishes that a link can carry, for embedding and automation. */
export interface RoomWishes {
  /** `?name=`: the display name to offer, not yet checked. */
  readonly name: string | null;
  /** False with `?mic=off`. */
  readonly mic: boolean;
  /** False with `?camera=off`. */
  readonly camera: boolean;
  /** True with `?join`: skip the lobby. */
  readonly join: boolean;
  /** With `?topology=sfu`: a room that this visit makes goes through the server from the start. */
  readonly topology?: 'sfu';
}

export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'lab' }
  | { readonly screen: 'doctor' }
  | { readonly screen: 'room'; readonly room: string; readonly wishes: RoomWishes }
  | { readonly screen: 'wrong-link' };

/** Reads an address. Anything unknown, and any room name that cannot be used (ROOM-1), is a wrong link. */
export function parseRoute(pathname: string, search: string): Route {
  const parts = pathname.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { screen: 'home' };
  if (parts.length === 1 && (parts[0] === 'lab' || parts[0] === 'doctor')) return { screen: parts[0] };
  const room = parts.length === 2 && parts[0] === 'r' ? decodeRoom(parts[1] ?? '') : null;
  return room === null ? { screen: 'wrong-link' } : { screen: 'room', room, wishes: parseWishes(search) };
}

/**
 * The path of a room, `/r/<room>`; null for names that no URL can carry: `.` and `..` are taken for folders
 * (WHATWG URL, "double-dot path segment"), and those that are no room name at all.
 */
export function roomPath(name: string): string | null {
  const room = normalizeRoomName(name);
  if (room === null || room === '.' || room === '..') return null;
  return `/r/${encodeURIComponent(room)}`;
}

function decodeRoom(part: string): string | null {
  try {
    return normalizeRoomName(decodeURIComponent(part));
  } catch {
    // A stray per cent sign is no UTF-8 (URIError): a wrong link.
    return null;
  }
}

function parseWishes(search: string): RoomWishes {
  const query = new URLSearchParams(search);
  const join = query.get('join');
  return {
    name: query.get('name'),
    mic: query.get('mic') !== 'off',
    camera: query.get('camera') !== 'off',
    join: join !== null && join !== 'off' && join !== 'false',
    ...(query.get('topology') === 'sfu' && { topology: 'sfu' }),
  };
}
