// What other packages may use of the protocol.

import * as CLOSE from './close-codes.js';

export {
  type ClientMessage,
  type ClientMessageOf,
  clientMessageSchema,
} from './client-message.js';
export {
  ERRORS,
  type ErrorCode,
  type ErrorEntry,
  type MessageKey,
  messageKey,
  type ServerErrorCode,
} from './errors.js';
export { describeFault, type Fault, type FaultDescription } from './fault.js';
export { ICE_FAILURES, type IceFailure, type IceServer, iceServerSchema } from './ice-server.js';
export {
  GRACE_MS,
  MAX_CHAT_LENGTH,
  MAX_COUNTER,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_ICE_SERVERS,
  MAX_JOIN_OFFERS,
  MAX_MESSAGE_BYTES,
  MAX_PACKED_SDP_LENGTH,
  MAX_PEER_MESSAGE_LENGTH,
  MAX_ROOM_LIMIT,
  MAX_ROOM_NAME_LENGTH,
  MAX_SIGNAL_LENGTH,
  MAX_SLOTS,
  MAX_TOKEN_LENGTH,
  MAX_UNPACKED_SDP_BYTES,
  MAX_VIEW_WIDTH,
} from './limits.js';
export { byLine, LINE_KIND, LINES, type Line } from './line.js';
export type { CandidateSignal, DescriptionSignal, LinkSignal, RestartSignal } from './link-signal.js';
export {
  type Parsed,
  parseClientMessage,
  parseLinkSignal,
  parsePeerMessage,
  parseServerMessage,
  parseSfuNotice,
  parseSfuRequest,
} from './parse.js';
export type { Peer, PeerState } from './peer.js';
export {
  type ChatLine,
  CONTROL_CHANNEL_ID,
  CONTROL_CHANNEL_LABEL,
  type PeerMessage,
  type View,
} from './peer-message.js';
export {
  type AnswerTo,
  type Occupancy,
  type RoomInfo,
  type SeatedPeer,
  type ServerAnswer,
  type ServerEvent,
  type ServerMessage,
  type ServerMessageOf,
  serverMessageSchema,
} from './server-message.js';
export {
  LAYERS,
  type Layer,
  MAX_SLOT_PRIORITY,
  type Seating,
  type SfuNotice,
  type SfuRequest,
  type SlotWant,
  VIDEO_LINES,
  type VideoLine,
} from './sfu-message.js';
export { normalizeDisplayName, normalizeRoomName } from './text.js';
export { TOPOLOGIES, type Topology } from './topology.js';
export { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.js';
export { VIDEO_CODECS, type VideoCodec } from './video-codec.js';

/** Close codes that Maru's server sends (RFC 6455, section 7.4.2). */
export { CLOSE };
