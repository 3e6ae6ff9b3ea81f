// Names that people type: how they are brought into one form, and which are refused.

import { MAX_DISPLAY_NAME_LENGTH, MAX_ROOM_NAME_LENGTH } from './limits.js';

// C0, DEL, C1, line and paragraph separators, lone surrogates, and the bidirectional controls,
// which could make one name look like another.
const REFUSED = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

function normalizeName(text: string, maxLength: number): string | null {
  const name = text.normalize('NFC').trim();
  if (name === '' || REFUSED.test(name)) return null;
  return [...name].length <= maxLength ? name : null;
}

/**
 * Brings a room name into its one form: Unicode NFC, trimmed.
 * Returns null for a name that is empty, longer than 64 code points, or carries control characters.
 */
export function normalizeRoomName(text: string): string | null {
  return normalizeName(text, MAX_ROOM_NAME_LENGTH);
}

/** Brings a display name into its one form, by the same rules as a room name; null when refused. */
export function normalizeDisplayName(text: string): string | null {
  return normalizeName(text, MAX_DISPLAY_NAME_LENGTH);
}
