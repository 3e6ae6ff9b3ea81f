// Room names: a random one that cannot be guessed, and what a person typed or pasted.

import { normalizeRoomName } from '@maru/protocol';
import { parseUrl } from '../app/parse-url.js';
import { parseRoute, roomPath } from '../app/route.js';

// Without l and o, which are read as 1 and 0 when a link is read aloud or copied by hand.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** Fills the array with random bytes; `crypto.getRandomValues` in a browser. */
export type RandomBytes = (length: number) => Uint8Array;

/** A name such as `kwte-hzma-ruvf`: 12 letters of 24, 55 random bits, so that nobody walks in by guessing. */
export function randomRoomName(randomBytes: RandomBytes = browserBytes): string {
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => randomLetter(randomBytes)).join(''),
  );
  return groups.join('-');
}

function randomLetter(randomBytes: RandomBytes): string {
  // Bytes beyond the last whole multiple are thrown away: every letter stays equally likely.
  const bound = 256 - (256 % LETTERS.length);
  for (;;) {
    const byte = randomBytes(1)[0] ?? bound;
    if (byte < bound) return LETTERS.charAt(byte % LETTERS.length);
  }
}

function browserBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** The path of the room that was typed, or of the link of this server that was pasted; null when unusable. */
export function pathOfTyped(text: string, origin: string): string | null {
  const typed = text.trim();
  const url = parseUrl(typed);
  if (url?.origin === origin && parseRoute(url.pathname, url.search).screen === 'room') {
    return url.pathname + url.search;
  }
  return normalizeRoomName(typed) === null ? null : roomPath(typed);
}
