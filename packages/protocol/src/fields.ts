// The schemas of single fields that several messages share.

import * as v from 'valibot';
import {
  MAX_COUNTER,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_SIGNAL_LENGTH,
  MAX_TOKEN_LENGTH,
} from './limits.js';
import { normalizeDisplayName, normalizeRoomName } from './text.js';

/** A counter: a whole number from 0 to 2^31-1. */
export const counter = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_COUNTER));

/** A duration in milliseconds. */
export const milliseconds = counter;

/** A peer id: 16 characters of base64url, 96 random bits, made by the server. */
export const peerId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16}$/));

/** A link id: 12 characters of base64url, made by the peer that offers. */
export const linkId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{12}$/));

// A name may arrive decomposed and padded: bound the raw text generously, the normal form exactly.
const RAW_FACTOR = 8;

function name(maxLength: number, normalize: (text: string) => string | null) {
  return v.pipe(
    v.string(),
    v.maxLength(maxLength * RAW_FACTOR),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const normal = normalize(dataset.value);
      if (normal !== null) return normal;
      addIssue({ message: 'not a usable name' });
      return NEVER;
    }),
  );
}

/** A room name; parsing brings it into its normal form. */
export const roomName = name(MAX_ROOM_NAME_LENGTH, normalizeRoomName);

/** A display name; parsing brings it into its normal form. */
export const displayName = name(MAX_DISPLAY_NAME_LENGTH, normalizeDisplayName);

/** What peers say to each other through the server: opaque to it (DESIGN 4.1). */
export const signalData = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SIGNAL_LENGTH));

/** A resume token: opaque to the client. */
export const token = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TOKEN_LENGTH));
