// How it stands with another person, in the few ways that a tile can show.

import type { PeerSnapshot } from '@maru/client';

/** `live` says nothing, the others are said in words. */
export type PeerCondition = 'live' | 'connecting' | 'reconnecting' | 'failed';

type Facts = Pick<PeerSnapshot, 'link' | 'presence'>;

/** The one condition that link and presence come to. A link that has failed outweighs everything. */
export function peerCondition(peer: Facts): PeerCondition {
  switch (peer.link) {
    case 'failed':
      return 'failed';
    case 'reconnecting':
    case 'closed':
      return 'reconnecting';
    case 'new':
    case 'connecting':
      return peer.presence === 'away' ? 'reconnecting' : 'connecting';
    case 'connected':
      return peer.presence === 'away' ? 'reconnecting' : 'live';
  }
}

/** What the picture of a tile shows. `stale`: the last picture, which must not look alive. */
export type PictureState = 'live' | 'stale' | 'none';

/**
 * Whether a camera's or a screen's picture may be shown. `frozen` says that no new picture has come for a while, which
 * is noticed before any link says that it is in trouble.
 */
export function pictureState(
  condition: PeerCondition,
  sends: boolean,
  receiving: boolean,
  frozen: boolean,
): PictureState {
  if (!sends || condition === 'failed' || condition === 'connecting') return 'none';
  if (condition === 'reconnecting') return 'stale';
  if (!receiving) return 'none';
  return frozen ? 'stale' : 'live';
}
