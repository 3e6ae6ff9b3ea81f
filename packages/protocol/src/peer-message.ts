// What peers send each other on the control data channel (RFC 8831), past the server.

import * as v from 'valibot';
import { form, list, tag, text, whole } from './fields.js';
import { MAX_CHAT_LENGTH, MAX_UNIX_TIME, MAX_VIEW_WIDTH } from './limits.js';
import { LINES } from './line.js';
import { peerStateSchema } from './peer.js';
import { VIDEO_CODECS } from './video-codec.js';

/** Label of the one negotiated data channel of every link; its id is 0. */
export const CONTROL_CHANNEL_LABEL = 'control';
export const CONTROL_CHANNEL_ID = 0;

/** A line of chat. `id` lets a line sent again on a rebuilt link be recognised; `at` is Unix time in milliseconds. */
export const chatSchema = v.strictObject({
  type: tag('chat'),
  id: form(/^[A-Za-z0-9_-]{12}$/),
  at: whole(0, MAX_UNIX_TIME),
  text: text(1, MAX_CHAT_LENGTH),
});

/** The sender's state, so that a mute is seen even while the server is away. */
export const presenceSchema = v.strictObject({ type: tag('presence'), state: peerStateSchema });

/** The sender leaves the room, now. */
export const byeSchema = v.strictObject({ type: tag('bye') });

/** Says that the sender has received a chat line, so that it is not sent again. */
export const receivedSchema = v.strictObject({
  type: tag('received'),
  id: form(/^[A-Za-z0-9_-]{12}$/),
});

/**
 * What the sender shows of the receiver: how wide each whole picture is drawn, in device pixels. 0: nobody sees it, and
 * it need not be sent (PEER-5). `codecs`: those that the sender decodes well, the best first.
 */
export const viewSchema = v.strictObject({
  type: tag('view'),
  camera: whole(0, MAX_VIEW_WIDTH),
  screen: whole(0, MAX_VIEW_WIDTH),
  codecs: list(v.picklist(VIDEO_CODECS), 0, VIDEO_CODECS.length),
});

/**
 * Nothing arrives on this line that should: send its track afresh, beginning with a key frame (LAD-10). Without a line
 * it is only something to acknowledge, by which the transport below shows that the path works both ways (LAD-7).
 */
export const nudgeSchema = v.strictObject({ type: tag('nudge'), line: v.nullable(v.picklist(LINES)) });

/** The track of a line was sent afresh; `sending` is false where there is nothing to send, or its source is silent. */
export const nudgedSchema = v.strictObject({
  type: tag('nudged'),
  line: v.picklist(LINES),
  sending: v.boolean(),
});

export const peerMessages = [
  chatSchema,
  presenceSchema,
  byeSchema,
  receivedSchema,
  viewSchema,
  nudgeSchema,
  nudgedSchema,
] as const;

/** One schema for all of them, for tools that want one. */
export const peerMessageSchema = v.variant('type', peerMessages);
export type PeerMessage = v.InferOutput<typeof peerMessageSchema>;
export type ChatLine = v.InferOutput<typeof chatSchema>;
export type View = v.InferOutput<typeof viewSchema>;
