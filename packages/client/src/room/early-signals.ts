// Signals of peers that this client has not been told of yet: kept for a moment, bounded.

import type { Clock } from '../env/env.js';

/** How long a signal waits for its peer: an event that is on the way arrives within a round trip. */
const KEEP_MS = 5_000;
/** Most signals kept, of all peers together; the oldest makes room. */
const MOST_KEPT = 64;

/** A small store of early signals. */
export interface EarlySignals {
  keep(from: string, data: string): void;
  /** Takes out the signals of a peer, in their order. */
  take(from: string): readonly string[];
}

export function createEarlySignals(clock: Clock): EarlySignals {
  let kept: { readonly from: string; readonly data: string; readonly until: number }[] = [];
  return {
    keep(from, data) {
      kept = [...kept.slice(1 - MOST_KEPT), { from, data, until: clock.now() + KEEP_MS }];
    },
    take(from) {
      const live = kept.filter(({ until }) => until > clock.now());
      kept = live.filter((early) => early.from !== from);
      return live.filter((early) => early.from === from).map(({ data }) => data);
    },
  };
}
