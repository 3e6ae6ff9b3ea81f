// What may be said about the way that media takes. Nothing is claimed before it is known.

import type { PeerSnapshot } from '@maru/client';

/** `direct`: every connected link is; `relayed`: at least one goes through a relay; null: not known, or nobody there. */
export type PathClaim = 'direct' | 'relayed' | null;

/** The claim that is true for all connected links together. */
export function pathClaim(peers: readonly Pick<PeerSnapshot, 'link' | 'stats'>[]): PathClaim {
  const known = peers.filter((peer) => peer.link === 'connected').map((peer) => peer.stats?.relayed ?? null);
  if (known.some((relayed) => relayed === true)) return 'relayed';
  return known.length > 0 && known.every((relayed) => relayed === false) ? 'direct' : null;
}
