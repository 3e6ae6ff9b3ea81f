// Names that people type: how they are brought into one form, and which are refused.

import { MAX_DISPLAY_NAME_LENGTH, MAX_ROOM_NAME_LENGTH } from './limits.js';

// C0, DEL, C1, line and paragraph separators, lone surrogates, and the bidirectional controls,
// which could make one name look like another.
const REFUSED = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

// Format characters (among them zero-width ones), marks, spaces, and the blanks that Unicode calls letters or symbols:
// Hangul fillers and the empty Braille pattern. A name of these alone would be shown as nothing.
const INVISIBLE = /^[\p{Cf}\p{M}\p{Z}\u115F\u1160\u3164\uFFA0\u2800]*$/u;

function normalizeName(text: string, maxLength: number): string | null {
  const name = text.normalize('NFC').trim();
  if (INVISIBLE.test(name) || REFUSED.test(name)) return null;
  return [...name].length <= maxLength ? name : null;
}

/**
 * Brings a room name into its one form: Unicode NFC, trimmed.
 * Returns null for a name of which nothing can be seen, that is longer than 64 code points, or carries control characters.
 */
export function normalizeRoomName(text: string): string | null {
  return normalizeName(text, MAX_ROOM_NAME_LENGTH);
}

/** Brings a display name into its one form, by the same rules as a room name; null when refused. */
export function normalizeDisplayName(text: string): string | null {
  return normalizeName(text, MAX_DISPLAY_NAME_LENGTH);
}
