// Random valid messages of every type, for property tests: one arbitrary for each schema.

import fc, { type Arbitrary } from 'fast-check';
import type { ClientMessage } from '../src/client-message.js';
import { SERVER_ERROR_CODES } from '../src/errors.js';
import { ICE_FAILURES } from '../src/ice-server.js';
import {
  MAX_CHAT_LENGTH,
  MAX_COUNTER,
  MAX_JOIN_OFFERS,
  MAX_ROOM_LIMIT,
  MAX_SLOTS,
  MAX_UNIX_TIME,
  MAX_VIEW_WIDTH,
} from '../src/limits.js';
import { LINES } from '../src/line.js';
import type { LinkSignal } from '../src/link-signal.js';
import type { PeerMessage } from '../src/peer-message.js';
import type { ServerMessage } from '../src/server-message.js';
import {
  LAYERS,
  MAX_SLOT_PRIORITY,
  type SfuNotice,
  type SfuRequest,
  VIDEO_LINES,
} from '../src/sfu-message.js';
import { normalizeDisplayName } from '../src/text.js';
import { TOPOLOGIES } from '../src/topology.js';
import { VIDEO_CODECS } from '../src/video-codec.js';

/** An arbitrary for each type of message of a union. */
type PerType<M extends { type: string }> = { readonly [T in M['type']]: Arbitrary<Extract<M, { type: T }>> };

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

const counter = fc.integer({ min: 0, max: MAX_COUNTER });
const ofLength = (length: number) =>
  fc.string({ unit: fc.constantFrom(...BASE64URL), minLength: length, maxLength: length });
const peerId = ofLength(16);
const linkId = ofLength(12);
const text = (min: number, max: number) => fc.string({ unit: 'binary', minLength: min, maxLength: max });
const data = text(1, 300);
const token = text(1, 200);
const limit = fc.integer({ min: 1, max: MAX_ROOM_LIMIT });
const topology = fc.constantFrom(...TOPOLOGIES);
const slot = fc.integer({ min: 0, max: MAX_SLOTS - 1 });
const seatings = fc.array(fc.record({ slot, peer: peerId, line: fc.constantFrom(...LINES) }), {
  maxLength: 20,
});
const packed = fc.base64String({ minLength: 4, maxLength: 400 });

/** Names in their normal form, of every script. */
export const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom('민서', 'Zoë', '👩‍👩‍👧‍👦', 'רות', 'أحمد', 'ß', '日本語'),
  )
  .map(normalizeDisplayName)
  .filter((normal) => normal !== null);

const peerState = fc.record({
  rev: counter,
  mic: fc.boolean(),
  camera: fc.boolean(),
  screen: fc.boolean(),
  hand: fc.boolean(),
});

const peerFields = {
  id: peerId,
  name,
  order: counter,
  state: peerState,
  presence: fc.constantFrom('present', 'away'),
} as const;
const peer = fc.record(peerFields);

const iceServer = fc.record(
  {
    urls: fc.array(fc.constantFrom('stun:stun.example.org:3478', 'turns:turn.example.org?transport=tcp'), {
      minLength: 1,
      maxLength: 4,
    }),
    username: text(0, 40),
    credential: text(0, 40),
  },
  { requiredKeys: ['urls'] },
);
const iceServers = fc.array(iceServer, { maxLength: 4 });

const occupancy = fc.record({
  room: name,
  count: counter,
  limit,
  locked: fc.boolean(),
  names: fc.array(name, { maxLength: 40 }),
  topology,
});

const admission = {
  re: counter,
  self: peer,
  room: fc.record({
    name,
    limit,
    locked: fc.boolean(),
    topology,
    epoch: counter,
  }),
  token,
  graceMs: counter,
  iceServers,
};

const orNull = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | null> => fc.option(arbitrary);
const typed = <T extends string>(type: T) => fc.constant(type);

export const clientMessages: PerType<ClientMessage> = {
  hello: fc.record({ type: typed('hello'), id: counter, protocol: counter, agent: text(0, 64) }),
  peek: fc.record({ type: typed('peek'), id: counter, room: name }),
  join: fc.record(
    {
      type: typed('join'),
      id: counter,
      room: name,
      name,
      state: peerState,
      offers: fc.array(data, { maxLength: MAX_JOIN_OFFERS }),
      attempt: peerId,
      topology,
    },
    { requiredKeys: ['type', 'id', 'room', 'name', 'state', 'offers'] },
  ),
  resume: fc.record({
    type: typed('resume'),
    id: counter,
    token,
    name,
    state: peerState,
    locked: fc.boolean(),
    topology,
    epoch: counter,
  }),
  sfu: fc.record({ type: typed('sfu'), id: counter, link: linkId, offer: packed }),
  signal: fc.record({ type: typed('signal'), id: counter, to: peerId, data }),
  state: fc.record({ type: typed('state'), id: counter, state: peerState }),
  lock: fc.record({ type: typed('lock'), id: counter, locked: fc.boolean() }),
  ice: fc.record({ type: typed('ice'), id: counter }),
  report: fc.record({
    type: typed('report'),
    id: counter,
    url: fc.constantFrom('stun:stun.example.org:3478', 'turns:turn.example.org:443?transport=tcp'),
    failure: fc.constantFrom(...ICE_FAILURES),
  }),
  ping: fc.record({ type: typed('ping'), id: counter }),
  leave: fc.record({ type: typed('leave'), id: counter }),
};

export const serverMessages: PerType<ServerMessage> = {
  welcome: fc.record(
    {
      type: typed('welcome'),
      re: counter,
      protocol: counter,
      server: text(0, 64),
      videoCodecs: fc.subarray([...VIDEO_CODECS], { minLength: 1 }),
    },
    { requiredKeys: ['type', 're', 'protocol', 'server'] },
  ),
  peeked: fc.record({ type: typed('peeked'), re: counter, occupancy, iceServers }),
  joined: fc.record({
    type: typed('joined'),
    ...admission,
    peers: fc.array(fc.record({ ...peerFields, offer: orNull(counter) }), { maxLength: 6 }),
  }),
  resumed: fc.record({
    type: typed('resumed'),
    ...admission,
    peers: fc.array(peer, { maxLength: 6 }),
    rebuilt: fc.boolean(),
  }),
  'ice-servers': fc.record({ type: typed('ice-servers'), re: counter, iceServers }),
  'sfu-answer': fc.record({ type: typed('sfu-answer'), re: counter, answer: packed }),
  ok: fc.record({ type: typed('ok'), re: counter }),
  refused: fc.record(
    {
      type: typed('refused'),
      re: orNull(counter),
      code: fc.constantFrom(...SERVER_ERROR_CODES),
      limit,
      retryAfterMs: counter,
    },
    { requiredKeys: ['type', 're', 'code'] },
  ),
  occupancy: fc.record({ type: typed('occupancy'), occupancy }),
  'peer-joined': fc.record({ type: typed('peer-joined'), peer, offer: orNull(data) }),
  'peer-away': fc.record({ type: typed('peer-away'), peer: peerId }),
  'peer-back': fc.record({ type: typed('peer-back'), peer }),
  'peer-left': fc.record({
    type: typed('peer-left'),
    peer: peerId,
    reason: fc.constantFrom('left', 'expired'),
  }),
  'peer-state': fc.record({ type: typed('peer-state'), peer: peerId, state: peerState }),
  'room-locked': fc.record({ type: typed('room-locked'), locked: fc.boolean(), by: peerId }),
  'room-topology': fc.record({ type: typed('room-topology'), topology, epoch: counter }),
  'sfu-lost': fc.record({ type: typed('sfu-lost'), link: linkId }),
  'sfu-seats': fc.record({ type: typed('sfu-seats'), link: linkId, rev: counter, seats: seatings }),
  signal: fc.record({ type: typed('signal'), from: peerId, data }),
  closing: fc.record({ type: typed('closing'), reason: fc.constantFrom('restart', 'replaced') }),
};

export const peerMessages: PerType<PeerMessage> = {
  chat: fc.record({
    type: typed('chat'),
    id: linkId,
    at: fc.integer({ min: 0, max: MAX_UNIX_TIME }),
    text: text(1, 200).filter((line) => line.length <= MAX_CHAT_LENGTH),
  }),
  presence: fc.record({ type: typed('presence'), state: peerState }),
  bye: fc.record({ type: typed('bye') }),
  received: fc.record({ type: typed('received'), id: linkId }),
  view: fc.record({
    type: typed('view'),
    camera: fc.integer({ min: 0, max: MAX_VIEW_WIDTH }),
    screen: fc.integer({ min: 0, max: MAX_VIEW_WIDTH }),
    codecs: fc.array(fc.constantFrom(...VIDEO_CODECS), { maxLength: VIDEO_CODECS.length }),
  }),
  nudge: fc.record({ type: typed('nudge'), line: orNull(fc.constantFrom(...LINES)) }),
  nudged: fc.record({ type: typed('nudged'), line: fc.constantFrom(...LINES), sending: fc.boolean() }),
};

export const sfuRequests: PerType<SfuRequest> = {
  want: fc.record({
    type: typed('want'),
    rev: counter,
    slots: fc.array(
      fc.record({
        slot,
        peer: peerId,
        line: fc.constantFrom(...VIDEO_LINES),
        width: fc.integer({ min: 1, max: MAX_VIEW_WIDTH }),
        priority: fc.integer({ min: 0, max: MAX_SLOT_PRIORITY }),
      }),
      { maxLength: 20 },
    ),
  }),
  say: fc.record({ type: typed('say'), to: peerId, message: data }),
};

const layers = fc.uniqueArray(fc.constantFrom(...LAYERS));

export const sfuNotices: PerType<SfuNotice> = {
  seats: fc.record({
    type: typed('seats'),
    rev: counter,
    seats: seatings,
  }),
  reachable: fc.record({ type: typed('reachable'), peers: fc.array(peerId, { maxLength: 30 }) }),
  heard: fc.record({ type: typed('heard'), from: peerId, message: data }),
  encode: fc.record({ type: typed('encode'), camera: layers, screen: layers }),
  speaker: fc.record({ type: typed('speaker'), peer: orNull(peerId) }),
};

export const linkSignals: Readonly<Record<LinkSignal['kind'], Arbitrary<LinkSignal>>> = {
  offer: fc.record({ kind: typed('offer'), link: linkId, round: counter, sdp: data }),
  answer: fc.record({ kind: typed('answer'), link: linkId, round: counter, sdp: data }),
  candidate: fc.record({
    kind: typed('candidate'),
    link: linkId,
    candidate: text(0, 300),
    sdpMid: orNull(text(0, 32).filter((mid) => mid.length <= 32)),
    sdpMLineIndex: orNull(fc.integer({ min: 0, max: 64 })),
    usernameFragment: orNull(text(0, 100)),
  }),
  restart: fc.record({ kind: typed('restart'), link: linkId, round: counter }),
};
