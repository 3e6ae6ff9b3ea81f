// An ICE server as the server hands it to a client: RTCIceServer (W3C webrtc-pc, section 4.2.2), bounded.

import * as v from 'valibot';
import { form, list, text } from './fields.js';
import { MAX_ICE_SERVERS } from './limits.js';

const url = form(/^(stuns?|turns?):.{1,500}$/);

export const iceServerSchema = v.strictObject({
  urls: list(url, 1, MAX_ICE_SERVERS),
  username: v.optional(text(0, 512)),
  credential: v.optional(text(0, 512)),
});
export type IceServer = v.InferOutput<typeof iceServerSchema>;

export const iceServersSchema = list(iceServerSchema, 0, MAX_ICE_SERVERS);
