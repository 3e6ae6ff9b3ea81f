// What a client and the SFU say to each other on the control data channel of their link (RFC 8831).

import * as v from 'valibot';
import { counter, list, peerId, tag, text, whole } from './fields.js';
import { MAX_PEER_MESSAGE_LENGTH, MAX_ROOM_LIMIT, MAX_SLOTS, MAX_VIEW_WIDTH } from './limits.js';
import { LINES } from './line.js';

/** Lines that can be asked for in a video slot. */
export const VIDEO_LINES = ['camera', 'screen'] as const;
export type VideoLine = (typeof VIDEO_LINES)[number];

/** The encodings of a camera, the smallest first, by their RIDs (RFC 8852). A screen has the first and the last. */
export const LAYERS = ['l', 'm', 'h'] as const;
export type Layer = (typeof LAYERS)[number];

/** Highest priority of a slot. */
export const MAX_SLOT_PRIORITY = 3;

const slot = whole(0, MAX_SLOTS - 1);

/** What a client wants to see in a slot. `width`: how wide it is drawn, in device pixels; the larger `priority`, the sooner. */
export const slotWantSchema = v.strictObject({
  slot,
  peer: peerId,
  line: v.picklist(VIDEO_LINES),
  width: whole(1, MAX_VIEW_WIDTH),
  priority: whole(0, MAX_SLOT_PRIORITY),
});
export type SlotWant = v.InferOutput<typeof slotWantSchema>;

/**
 * Everything that the client wants to see: a slot that is not named shows nothing. Slots are numbered from 0 among the video
 * slots of the link, in the order of their m-lines. Until the first `want` the SFU fills them with cameras by itself.
 */
export const wantSchema = v.strictObject({
  type: tag('want'),
  rev: counter,
  slots: list(slotWantSchema, 0, MAX_SLOTS),
});

/** A message between peers (`parsePeerMessage`), to one of them. The SFU does not read it. */
export const saySchema = v.strictObject({
  type: tag('say'),
  to: peerId,
  message: text(1, MAX_PEER_MESSAGE_LENGTH),
});

/** Anything that a client says to the SFU. */
export const sfuRequests = [wantSchema, saySchema] as const;

/** One schema for all of them, for tools that want one. */
export const sfuRequestSchema = v.variant('type', sfuRequests);
export type SfuRequest = v.InferOutput<typeof sfuRequestSchema>;

/** Who is in a slot now. Audio and video slots are numbered each from 0. */
export const seatingSchema = v.strictObject({ slot, peer: peerId, line: v.picklist(LINES) });
export type Seating = v.InferOutput<typeof seatingSchema>;

/** Who is in which slot, all of them; a slot that is not named is empty. The higher `rev` holds. */
export const seating = { rev: counter, seats: list(seatingSchema, 0, MAX_SLOTS) };
export const seatsSchema = v.strictObject({ type: tag('seats'), ...seating });

/** The others whose control channels are open: these hear what is said to them. */
export const reachableSchema = v.strictObject({
  type: tag('reachable'),
  peers: list(peerId, 0, MAX_ROOM_LIMIT * 2),
});

/** A message from another peer, who said it with `say`. */
export const heardSchema = v.strictObject({
  type: tag('heard'),
  from: peerId,
  message: text(1, MAX_PEER_MESSAGE_LENGTH),
});

/** Which encodings of the client's own pictures somebody is shown: it need not send the others. */
export const encodeSchema = v.strictObject({
  type: tag('encode'),
  camera: list(v.picklist(LAYERS), 0, LAYERS.length),
  screen: list(v.picklist(LAYERS), 0, LAYERS.length),
});

/** Who speaks most of all now; null while nobody has yet. */
export const speakerSchema = v.strictObject({ type: tag('speaker'), peer: v.nullable(peerId) });

/** Anything that the SFU says to a client. */
export const sfuNotices = [seatsSchema, reachableSchema, heardSchema, encodeSchema, speakerSchema] as const;

/** One schema for all of them, for tools that want one. */
export const sfuNoticeSchema = v.variant('type', sfuNotices);
export type SfuNotice = v.InferOutput<typeof sfuNoticeSchema>;
