// The rooms that were entered on this device lately, newest first; kept in localStorage only.

import { normalizeRoomName } from '@maru/protocol';
import { type ReadonlySignal, signal } from '@preact/signals';
import { recall, remember } from '../app/storage.js';

/** As many as fit below the fold of a phone without becoming a list to search in. */
export const MAX_RECENT_ROOMS = 6;

const STORAGE_KEY = 'rooms';

/** Puts a room first; the oldest beyond the limit goes. */
export function withRoom(rooms: readonly string[], room: string): readonly string[] {
  return [room, ...rooms.filter((each) => each !== room)].slice(0, MAX_RECENT_ROOMS);
}

/** Reads what was stored, which anyone with the browser's tools may have changed: only usable names survive. */
export function parseRooms(stored: string | null): readonly string[] {
  if (stored === null) return [];
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    // Not ours, or cut off: the same as no list.
    return [];
  }
  if (!Array.isArray(value)) return [];
  const names = value.map((each: unknown) => (typeof each === 'string' ? normalizeRoomName(each) : null));
  return names.filter((name) => name !== null).slice(0, MAX_RECENT_ROOMS);
}

const rooms = signal(parseRooms(recall(STORAGE_KEY)));

/** The list to draw. */
export const recentRooms: ReadonlySignal<readonly string[]> = rooms;

/** Notes that a room was entered. */
export function noteRoom(room: string): void {
  store(withRoom(rooms.value, room));
}

/** Forgets a room. */
export function forgetRoom(room: string): void {
  store(rooms.value.filter((each) => each !== room));
}

function store(next: readonly string[]): void {
  rooms.value = next;
  remember(STORAGE_KEY, next.length === 0 ? null : JSON.stringify(next));
}
