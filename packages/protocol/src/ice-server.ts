// An ICE server as the server hands it to a client: RTCIceServer (W3C webrtc-pc, section 4.2.2), bounded.

import * as v from 'valibot';
import { MAX_ICE_SERVERS } from './limits.js';

const url = v.pipe(v.string(), v.maxLength(512), v.regex(/^(stun|stuns|turn|turns):/));

export const iceServerSchema = v.strictObject({
  urls: v.pipe(v.array(url), v.minLength(1), v.maxLength(MAX_ICE_SERVERS)),
  username: v.optional(v.pipe(v.string(), v.maxLength(512))),
  credential: v.optional(v.pipe(v.string(), v.maxLength(512))),
});
export type IceServer = v.InferOutput<typeof iceServerSchema>;

export const iceServersSchema = v.pipe(v.array(iceServerSchema), v.maxLength(MAX_ICE_SERVERS));
