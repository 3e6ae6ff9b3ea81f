// What applications may use of the client.

export type {
  ChatLine,
  ErrorCode,
  IceServer,
  Line,
  Occupancy,
  PeerState,
  RoomInfo,
} from '@maru/protocol';
export { ERRORS, LINES, normalizeDisplayName, normalizeRoomName } from '@maru/protocol';
export { browserEnv } from './env/browser-env.js';
export type { Clock, Env, Random, Timer } from './env/env.js';
export type { LadderStep } from './link/care/ladder.js';
export type { Link, LinkPhase, LinkSnapshot, LinkStats, NoPathReason, RemoteLine } from './link/link.js';
export { createLinkFactory } from './link/link-factory.js';
export { type Loopback, startLoopback } from './link/loopback.js';
export type { LineTracks, LinkFactory, LinkWorld } from './link/peer-link.js';
export { type ErrorDetail, MaruError } from './maru-error.js';
export { createLocalMedia, type LocalMediaOptions } from './media/create-local-media.js';
export type { Device, LocalMedia, MediaSnapshot, SourceSnapshot } from './media/local-media.js';
export { openRoom, type RoomOptions } from './room/open-room.js';
export type {
  ChatEntry,
  PeerSnapshot,
  Room,
  RoomPhase,
  RoomSnapshot,
  ShownWidths,
  SignallingPhase,
} from './room/room.js';
export type { RoomWorld } from './room/world.js';
export { checkSupport } from './support/browser-support.js';
export { loadAdapterIfNeeded } from './support/load-adapter.js';
export { createTrace } from './trace/trace.js';
export type { Trace, TracedLink, TraceEvent, TraceStep } from './trace/trace-event.js';
export type { UploadOptions } from './upload/upload.js';
