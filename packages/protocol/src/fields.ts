// The schemas of single fields that several messages share.

import * as v from 'valibot';
import {
  MAX_COUNTER,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_PACKED_SDP_LENGTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_SIGNAL_LENGTH,
  MAX_TOKEN_LENGTH,
} from './limits.js';
import { normalizeDisplayName, normalizeRoomName } from './text.js';

// Bounds are checked by these few, not by an action of the library each: less script in the page.

/** What tells a message from others of its union. */
// @__NO_SIDE_EFFECTS__
export function tag<const T extends string>(value: T) {
  return v.picklist([value]);
}

/** A whole number in a range, both ends in. */
// @__NO_SIDE_EFFECTS__
export function whole(min: number, max: number) {
  return v.pipe(
    v.number(),
    v.check((value) => Number.isInteger(value) && value >= min && value <= max),
  );
}

/** A string whose length in UTF-16 units is in a range, both ends in. */
// @__NO_SIDE_EFFECTS__
export function text(min: number, max: number) {
  return v.pipe(
    v.string(),
    v.check(({ length }) => length >= min && length <= max),
  );
}

/** A string of a form. */
// @__NO_SIDE_EFFECTS__
export function form(pattern: RegExp) {
  return v.pipe(
    v.string(),
    v.check((value) => pattern.test(value)),
  );
}

/** An array whose length is in a range, both ends in. */
// @__NO_SIDE_EFFECTS__
export function list<S extends v.GenericSchema>(item: S, min: number, max: number) {
  return v.pipe(
    v.array(item),
    v.check(({ length }) => length >= min && length <= max),
  );
}

/** A counter: a whole number from 0 to 2^31-1. */
export const counter = whole(0, MAX_COUNTER);

/** A duration in milliseconds. */
export const milliseconds = counter;

/** A peer id: 16 characters of base64url, 96 random bits, made by the server. */
export const peerId = form(/^[A-Za-z0-9_-]{16}$/);

/** A link id: 12 characters of base64url, made by the peer that offers. */
export const linkId = form(/^[A-Za-z0-9_-]{12}$/);

// A name may arrive decomposed and padded: bound the raw text generously, the normal form exactly.
const RAW_FACTOR = 8;

function name(maxLength: number, normalize: (text: string) => string | null) {
  return v.pipe(
    text(1, maxLength * RAW_FACTOR),
    v.transform((raw) => normalize(raw) ?? ''),
    v.check((normal) => normal !== ''),
  );
}

/** A room name; parsing brings it into its normal form. */
export const roomName = name(MAX_ROOM_NAME_LENGTH, normalizeRoomName);

/** A display name; parsing brings it into its normal form. */
export const displayName = name(MAX_DISPLAY_NAME_LENGTH, normalizeDisplayName);

/** What peers say to each other through the server: opaque to it (DESIGN 4.1). */
export const signalData = text(1, MAX_SIGNAL_LENGTH);

/** A session description, packed: raw DEFLATE (RFC 1951) of its UTF-8 bytes, in base64 (RFC 4648, section 4). */
export const packedSdp = v.pipe(
  text(1, MAX_PACKED_SDP_LENGTH),
  v.check((value) => /^[A-Za-z0-9+/]+={0,2}$/.test(value)),
);

/** A resume token: opaque to the client. */
export const token = text(1, MAX_TOKEN_LENGTH);
