// What two peers say to each other inside `signal`: the server never reads it.

import * as v from 'valibot';
import { counter, linkId, tag, text, whole } from './fields.js';
import { MAX_SIGNAL_LENGTH } from './limits.js';

const sdp = text(1, MAX_SIGNAL_LENGTH);

/**
 * A session description (RFC 8829) of one link. `round` counts the offers of that link from 0: an answer
 * carries the round of its offer, so that a late one is told from the one that is waited for.
 */
export const descriptionSignalSchema = v.strictObject({
  kind: v.picklist(['offer', 'answer']),
  link: linkId,
  round: counter,
  sdp,
});

/** A trickled candidate (RFC 8838) of one link. An empty `candidate` ends the generation (W3C webrtc-pc, section 4.8.2). */
export const candidateSignalSchema = v.strictObject({
  kind: tag('candidate'),
  link: linkId,
  candidate: text(0, 2_048),
  sdpMid: v.nullable(text(0, 32)),
  sdpMLineIndex: v.nullable(whole(0, 64)),
  usernameFragment: v.nullable(text(0, 256)),
});

/**
 * Asks the other end to restart ICE on the connection that this link and round name (LAD-6): where the one that does
 * not climb notices first that nothing arrives.
 */
export const restartSignalSchema = v.strictObject({ kind: tag('restart'), link: linkId, round: counter });

/** Anything inside `signal` and inside the offers of `join`. */
export const linkSignals = [descriptionSignalSchema, candidateSignalSchema, restartSignalSchema] as const;

/** One schema for all of them, for tools that want one. */
export const linkSignalSchema = v.variant('kind', linkSignals);
export type LinkSignal = v.InferOutput<typeof linkSignalSchema>;
export type DescriptionSignal = v.InferOutput<typeof descriptionSignalSchema>;
export type CandidateSignal = v.InferOutput<typeof candidateSignalSchema>;
export type RestartSignal = v.InferOutput<typeof restartSignalSchema>;
