// What may be said about the way that media takes. Nothing is claimed before it is known.

import type { PeerSnapshot } from '@maru/client';

/**
 * `server`: everything goes by way of this server, which can read it; `direct`: every connected link is; `relayed`: at
 * least one goes through a relay; null: not known, or nobody there.
 */
export type PathClaim = 'server' | 'direct' | 'relayed' | null;

/** The claim that is true for all connected links together, in a room whose media takes this way. */
export function pathClaim(
  peers: readonly Pick<PeerSnapshot, 'link' | 'stats'>[],
  topology: 'mesh' | 'sfu' = 'mesh',
): PathClaim {
  // Said before anything has come that way too: it is what the server may read.
  if (topology === 'sfu') return peers.length > 0 ? 'server' : null;
  const known = peers.filter((peer) => peer.link === 'connected').map((peer) => peer.stats?.relayed ?? null);
  if (known.some((relayed) => relayed === true)) return 'relayed';
  return known.length > 0 && known.every((relayed) => relayed === false) ? 'direct' : null;
}
