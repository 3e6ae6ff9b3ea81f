// A peer as others see it: who it is and what it says that it sends.

import * as v from 'valibot';
import { counter, displayName, peerId } from './fields.js';

/** What a peer says of itself. `rev` grows with each change, so that the newest wins whichever way it came. */
export const peerStateSchema = v.strictObject({
  rev: counter,
  mic: v.boolean(),
  camera: v.boolean(),
  screen: v.boolean(),
  hand: v.boolean(),
});
export type PeerState = v.InferOutput<typeof peerStateSchema>;

/** One participant's presence in one room. `order` grows with each join: the later of two is the one that offers. */
export const peerSchema = v.strictObject({
  id: peerId,
  name: displayName,
  order: counter,
  state: peerStateSchema,
  presence: v.picklist(['present', 'away']),
});
export type Peer = v.InferOutput<typeof peerSchema>;
