// An ICE server as the server hands it to a client: RTCIceServer (W3C webrtc-pc, section 4.2.2), bounded.

import * as v from 'valibot';
import { form, list, text } from './fields.js';
import { MAX_ICE_SERVERS } from './limits.js';

/** A URL as a server is configured with it (RFC 7064, RFC 7065); it holds no password. */
export const iceServerUrl = form(/^(stuns?|turns?):.{1,500}$/);

export const iceServerSchema = v.strictObject({
  urls: list(iceServerUrl, 1, MAX_ICE_SERVERS),
  username: v.optional(text(0, 512)),
  credential: v.optional(text(0, 512)),
});
export type IceServer = v.InferOutput<typeof iceServerSchema>;

export const iceServersSchema = list(iceServerSchema, 0, MAX_ICE_SERVERS);

/** Why an ICE server gave a browser no candidate, as far as the browser says. */
export const ICE_FAILURES = ['unreachable', 'credentials', 'refused'] as const;
export type IceFailure = (typeof ICE_FAILURES)[number];
