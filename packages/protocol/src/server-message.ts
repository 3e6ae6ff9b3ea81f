// Every message from the server to a client: answers (with `re`, the id they answer) and events.

import * as v from 'valibot';
import { SERVER_ERROR_CODES } from './errors.js';
import {
  counter,
  displayName,
  linkId,
  list,
  milliseconds,
  packedSdp,
  peerId,
  roomName,
  signalData,
  tag,
  text,
  token,
  whole,
} from './fields.js';
import { iceServersSchema } from './ice-server.js';
import { MAX_ROOM_LIMIT } from './limits.js';
import { peerSchema, peerStateSchema } from './peer.js';
import { seating } from './sfu-message.js';
import { TOPOLOGIES } from './topology.js';
import { VIDEO_CODECS } from './video-codec.js';

const re = counter;
const limit = whole(1, MAX_ROOM_LIMIT);

/**
 * How full a room is, as seen from outside. A locked room keeps its names to itself. A room that was rebuilt may hold
 * more than its limit (RES-7): twice as many names fit. `topology` is the one that a newcomer will find.
 */
export const occupancySchema = v.strictObject({
  room: roomName,
  count: counter,
  limit,
  locked: v.boolean(),
  names: list(displayName, 0, MAX_ROOM_LIMIT * 2),
  topology: v.picklist(TOPOLOGIES),
});
export type Occupancy = v.InferOutput<typeof occupancySchema>;

/** What everyone inside knows about the room itself. `epoch` only grows (DESIGN, section 2: topology). */
export const roomInfoSchema = v.strictObject({
  name: roomName,
  limit,
  locked: v.boolean(),
  topology: v.picklist(TOPOLOGIES),
  epoch: counter,
});
export type RoomInfo = v.InferOutput<typeof roomInfoSchema>;

/** A peer that was inside before; `offer` is the index of the newcomer's offer that it was dealt, or null. */
export const seatedPeerSchema = v.strictObject({
  ...peerSchema.entries,
  offer: v.nullable(counter),
});
export type SeatedPeer = v.InferOutput<typeof seatedPeerSchema>;

const admission = {
  re,
  self: peerSchema,
  room: roomInfoSchema,
  token,
  graceMs: milliseconds,
  iceServers: iceServersSchema,
};

/** `videoCodecs`: what the SFU would rather pass on than VP8, the preferred first, and VP8 behind it; absent where that is nothing. */
export const welcomeSchema = v.strictObject({
  type: tag('welcome'),
  re,
  protocol: counter,
  server: text(0, 64),
  videoCodecs: v.optional(list(v.picklist(VIDEO_CODECS), 1, VIDEO_CODECS.length)),
});
export const peekedSchema = v.strictObject({
  type: tag('peeked'),
  re,
  occupancy: occupancySchema,
  iceServers: iceServersSchema,
});
export const joinedSchema = v.strictObject({
  type: tag('joined'),
  ...admission,
  peers: list(seatedPeerSchema, 0, MAX_ROOM_LIMIT * 2),
});

/** `rebuilt` says that the server lost its memory: who is missing from `peers` may still be on the way back. */
export const resumedSchema = v.strictObject({
  type: tag('resumed'),
  ...admission,
  peers: list(peerSchema, 0, MAX_ROOM_LIMIT * 2),
  rebuilt: v.boolean(),
});
export const iceServersAnswerSchema = v.strictObject({
  type: tag('ice-servers'),
  re,
  iceServers: iceServersSchema,
});
/** The SFU's answer to the offer of `sfu`, packed alike. */
export const sfuAnswerSchema = v.strictObject({ type: tag('sfu-answer'), re, answer: packedSdp });
export const okSchema = v.strictObject({ type: tag('ok'), re });

/** A request was refused and changed nothing. `re` is null when its id could not be read. */
export const refusedSchema = v.strictObject({
  type: tag('refused'),
  re: v.nullable(re),
  code: v.picklist(SERVER_ERROR_CODES),
  limit: v.optional(limit),
  retryAfterMs: v.optional(milliseconds),
});

export const occupancyEventSchema = v.strictObject({
  type: tag('occupancy'),
  occupancy: occupancySchema,
});

/** A newcomer; `offer` is its offer to this very peer, or null when it had none left. */
export const peerJoinedSchema = v.strictObject({
  type: tag('peer-joined'),
  peer: peerSchema,
  offer: v.nullable(signalData),
});
export const peerAwaySchema = v.strictObject({ type: tag('peer-away'), peer: peerId });
export const peerBackSchema = v.strictObject({ type: tag('peer-back'), peer: peerSchema });
export const peerLeftSchema = v.strictObject({
  type: tag('peer-left'),
  peer: peerId,
  reason: v.picklist(['left', 'expired']),
});
export const peerStateEventSchema = v.strictObject({
  type: tag('peer-state'),
  peer: peerId,
  state: peerStateSchema,
});
export const roomLockedSchema = v.strictObject({
  type: tag('room-locked'),
  locked: v.boolean(),
  by: peerId,
});

/** The room's media flows another way from now on: everyone makes the links of the new topology and then lets go of the old. */
export const roomTopologySchema = v.strictObject({
  type: tag('room-topology'),
  topology: v.picklist(TOPOLOGIES),
  epoch: counter,
});

/** The SFU has lost this link, and with it all that it passed on: offer another one. */
export const sfuLostSchema = v.strictObject({ type: tag('sfu-lost'), link: linkId });

/** Who is in the slots of this link, as in the notice `seats`: of a link whose control channel is not open yet. */
export const sfuSeatsSchema = v.strictObject({ type: tag('sfu-seats'), link: linkId, ...seating });
export const signalEventSchema = v.strictObject({
  type: tag('signal'),
  from: peerId,
  data: signalData,
});

/** The server is about to close this socket; the close code says what to do next. */
export const closingSchema = v.strictObject({
  type: tag('closing'),
  reason: v.picklist(['restart', 'replaced']),
});

/** Any message from the server. */
export const serverMessages = [
  signalEventSchema,
  okSchema,
  peerStateEventSchema,
  refusedSchema,
  welcomeSchema,
  peekedSchema,
  joinedSchema,
  resumedSchema,
  iceServersAnswerSchema,
  sfuAnswerSchema,
  occupancyEventSchema,
  peerJoinedSchema,
  peerAwaySchema,
  peerBackSchema,
  peerLeftSchema,
  roomLockedSchema,
  roomTopologySchema,
  sfuLostSchema,
  sfuSeatsSchema,
  closingSchema,
] as const;

/** One schema for all of them, for tools that want one. */
export const serverMessageSchema = v.variant('type', serverMessages);
export type ServerMessage = v.InferOutput<typeof serverMessageSchema>;

/** An answer: carries the id of the request that it answers. */
export type ServerAnswer = Extract<ServerMessage, { re: unknown }>;

/** An event: nobody asked for it. */
export type ServerEvent = Exclude<ServerMessage, ServerAnswer>;

/** What one type of server message carries. */
export type ServerMessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** Which message answers a request of each type, unless it is refused. `signal` is answered only by refusal. */
export interface AnswerTo {
  hello: ServerMessageOf<'welcome'>;
  peek: ServerMessageOf<'peeked'>;
  join: ServerMessageOf<'joined'>;
  resume: ServerMessageOf<'resumed'>;
  state: ServerMessageOf<'ok'>;
  lock: ServerMessageOf<'ok'>;
  ice: ServerMessageOf<'ice-servers'>;
  sfu: ServerMessageOf<'sfu-answer'>;
  report: ServerMessageOf<'ok'>;
  ping: ServerMessageOf<'ok'>;
  leave: ServerMessageOf<'ok'>;
}
