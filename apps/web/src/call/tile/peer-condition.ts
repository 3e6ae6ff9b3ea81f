// How it stands with another person, in the few ways that a tile can show.

import type { PeerSnapshot } from '@maru/client';
import type { Frames } from './use-frames.js';

/** `live` says nothing, the others are said in words. */
export type PeerCondition = 'live' | 'connecting' | 'reconnecting' | 'failed';

type Facts = Pick<PeerSnapshot, 'link' | 'presence' | 'reason'>;

/**
 * The one condition that link and presence come to. A link that has failed outweighs everything; so does a first
 * connection of which it is known what stands in its way, though it goes on being tried.
 */
export function peerCondition(peer: Facts): PeerCondition {
  switch (peer.link) {
    case 'failed':
      return 'failed';
    case 'reconnecting':
    case 'closed':
      return 'reconnecting';
    case 'new':
    case 'connecting':
      if (peer.presence === 'away') return 'reconnecting';
      return peer.reason ? 'failed' : 'connecting';
    case 'connected':
      return peer.presence === 'away' ? 'reconnecting' : 'live';
  }
}

/** What the picture of a tile shows. `stale`: the last picture, which must not look alive. */
export type PictureState = 'live' | 'stale' | 'none';

/**
 * Whether a camera's picture may be shown. `frames` says whether the pictures move, which is noticed before any link
 * says that it is in trouble: somebody whose socket alone is lost is still seen as long as they move.
 */
export function pictureState(peer: Facts, sends: boolean, receiving: boolean, frames: Frames): PictureState {
  if (!sends || frames === 'waiting') return 'none';
  switch (peer.link) {
    case 'connected':
      // Coming back into sight, the last picture bridges the moment to the next.
      if (frames === 'unseen') return 'live';
      if (frames === 'moving') return receiving ? 'live' : 'none';
      return 'stale';
    case 'reconnecting':
    case 'closed':
      return 'stale';
    case 'new':
    case 'connecting':
    case 'failed':
      return 'none';
  }
}
