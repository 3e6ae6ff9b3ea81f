// Every message from a client to the server: one strict, bounded schema each, one union.

import * as v from 'valibot';
import {
  counter,
  displayName,
  form,
  linkId,
  list,
  packedSdp,
  peerId,
  roomName,
  signalData,
  tag,
  text,
  token,
} from './fields.js';
import { ICE_FAILURES, iceServerUrl } from './ice-server.js';
import { MAX_JOIN_OFFERS } from './limits.js';
import { peerStateSchema } from './peer.js';
import { TOPOLOGIES } from './topology.js';

const id = counter;

/** First message on a socket: which protocol the client speaks. Answered by `welcome`. */
export const helloSchema = v.strictObject({
  type: tag('hello'),
  id,
  protocol: counter,
  agent: text(0, 64),
});

/** Asks about a room without joining, and subscribes to `occupancy` until the next peek or join. Answered by `peeked`. */
export const peekSchema = v.strictObject({ type: tag('peek'), id, room: roomName });

/**
 * Enters a room. Each offer is one opaque string, dealt to one peer inside. `attempt` is the client's own mark of this
 * entry, the same when it sends the join again because the answer was lost (ROOM-13). `topology` is how a room that this
 * join makes begins; one that exists stays as it is. Answered by `joined`.
 */
export const joinSchema = v.strictObject({
  type: tag('join'),
  id,
  room: roomName,
  name: displayName,
  state: peerStateSchema,
  offers: list(signalData, 0, MAX_JOIN_OFFERS),
  attempt: v.optional(form(/^[A-Za-z0-9_-]{16}$/)),
  topology: v.optional(v.picklist(TOPOLOGIES)),
});

/** Takes up a place again after its socket was lost, with what it remembers of the room. Answered by `resumed`. */
export const resumeSchema = v.strictObject({
  type: tag('resume'),
  id,
  token,
  name: displayName,
  state: peerStateSchema,
  locked: v.boolean(),
  topology: v.picklist(TOPOLOGIES),
  epoch: counter,
});

/** One opaque string to one peer of the same room. Answered only when refused. */
export const signalSchema = v.strictObject({
  type: tag('signal'),
  id,
  to: peerId,
  data: signalData,
});

/**
 * Offers a link to the SFU: inside a room whose topology is `sfu`, or while looking at one from outside, so that it is
 * ready when the person joins. `offer` is a packed description (`packSdp`). Whoever offers another link closes the one
 * before it when it stands. Answered by `sfu-answer`.
 */
export const sfuSchema = v.strictObject({ type: tag('sfu'), id, link: linkId, offer: packedSdp });

/** What this peer now sends. Answered by `ok`, broadcast as `peer-state`. */
export const stateSchema = v.strictObject({ type: tag('state'), id, state: peerStateSchema });

/** Locks or unlocks the room. Answered by `ok`, broadcast as `room-locked`. */
export const lockSchema = v.strictObject({ type: tag('lock'), id, locked: v.boolean() });

/** Asks for fresh ICE servers with fresh credentials. Answered by `ice-servers`. */
export const iceSchema = v.strictObject({ type: tag('ice'), id });

/**
 * An ICE server that the server has named gave nothing: it could not be reached, refused the credentials, or refused
 * for another reason (REP-1). For the operator's log; it says nothing of the person or the network. Answered by `ok`.
 */
export const reportSchema = v.strictObject({
  type: tag('report'),
  id,
  url: iceServerUrl,
  failure: v.picklist(ICE_FAILURES),
});

/** Asks whether the connection lives. Answered by `ok`. */
export const pingSchema = v.strictObject({ type: tag('ping'), id });

/** Leaves the room. Answered by `ok`, broadcast as `peer-left`. */
export const leaveSchema = v.strictObject({ type: tag('leave'), id });

/** Any message from a client. */
export const clientMessages = [
  signalSchema,
  stateSchema,
  pingSchema,
  helloSchema,
  peekSchema,
  joinSchema,
  resumeSchema,
  lockSchema,
  iceSchema,
  sfuSchema,
  reportSchema,
  leaveSchema,
] as const;

/** One schema for all of them, for tools that want one. */
export const clientMessageSchema = v.variant('type', clientMessages);
export type ClientMessage = v.InferOutput<typeof clientMessageSchema>;

/** What one type of client message carries. */
export type ClientMessageOf<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;
