// Every bound of the protocol, in one place, so that both sides and the documents agree.

/** Longest room name, in Unicode code points after normalisation. */
export const MAX_ROOM_NAME_LENGTH = 64;

/** Longest display name, in Unicode code points after normalisation. */
export const MAX_DISPLAY_NAME_LENGTH = 64;

/** Most peers that a room may ever be configured to hold. */
export const MAX_ROOM_LIMIT = 100;

/** Most offers that a `join` carries: a mesh has no more peers for them. */
export const MAX_JOIN_OFFERS = 15;

/**
 * Longest opaque string inside `signal`, and longest offer inside `join`, in UTF-16 units.
 * A four-line offer of Chromium with all its codecs and candidates measures about 12,000.
 */
export const MAX_SIGNAL_LENGTH = 65_536;

/**
 * Longest packed description of an SFU link, in characters of base64. One of twenty-odd m-lines is about 60,000 characters of
 * SDP, which repeat themselves: packed it is about 4,000.
 */
export const MAX_PACKED_SDP_LENGTH = 32_768;

/** Longest description that is unpacked, in UTF-8 bytes: more is no description but an attack. */
export const MAX_UNPACKED_SDP_BYTES = 262_144;

/** Most slots that an SFU link has, audio and video together. */
export const MAX_SLOTS = 64;

/** Largest message a server reads, in bytes: a `join` with an offer for each peer of a large room. */
export const MAX_MESSAGE_BYTES = 262_144;

/** Largest number that an `id`, a `rev` or an `order` may reach. */
export const MAX_COUNTER = 2_147_483_647;

/** How long a peer whose socket was lost keeps its place, in milliseconds (DESIGN: 30 s). */
export const GRACE_MS = 30_000;

/** Longest text of one chat message, in UTF-16 units. */
export const MAX_CHAT_LENGTH = 4_000;

/** Latest moment that a `Date` can hold, in milliseconds of Unix time (ECMA-262, section 21.4.1.1). */
export const MAX_UNIX_TIME = 8_640_000_000_000_000;

/** Largest message on the control data channel, in UTF-16 units. */
export const MAX_PEER_MESSAGE_LENGTH = 32_768;

/** Widest picture that a peer may say that it draws, in device pixels. */
export const MAX_VIEW_WIDTH = 16_384;

/** Most ICE servers handed to a client, and most URLs of each. */
export const MAX_ICE_SERVERS = 16;

/** Longest resume token, in characters. */
export const MAX_TOKEN_LENGTH = 1_024;
