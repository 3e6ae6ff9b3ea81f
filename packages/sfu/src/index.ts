// What other packages may use of the SFU.

export { VIDEO_CODECS, type VideoCodec } from './codec/codec.js';
export type { Encodings, LineName, Seated, SlotWish } from './router/room-events.js';
export { pack, unpack } from './sdp/packed-sdp.js';
export { type Opened, Sfu, type SfuLimits, type SfuOptions, type SfuStats } from './sfu.js';
