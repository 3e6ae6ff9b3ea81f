// How much may leave, from what the congestion control of each connection says: a pure state machine, one step a sample.

/** What is known of the path to one peer, in bits per second. `available` is null where the browser does not say. */
export interface Path {
  /** W3C webrtc-stats, availableOutgoingBitrate of the selected pair. */
  readonly available: number | null;
  /** What is asked of this path, sound included. */
  readonly asked: number;
}

export interface Budget {
  /** Bits per second that may leave to all peers together; null when nothing is known to be short. */
  readonly limit: number | null;
  /** Samples in a row in which paths were short. */
  readonly short: number;
}

export const AMPLE: Budget = { limit: null, short: 0 };

/** A path with less than this share of what is asked of it is short. Estimates waver by some percent. */
const SHORT = 0.8;
/**
 * Paths that are short at the same time have one thing in common: our own uplink. A single one is short by itself, by
 * the other end's network for one, and sending less to the others would not help it.
 */
const SHORT_PATHS = 2;
/** Samples before anything is concluded: a new connection's estimate starts low and grows for some seconds. */
const SHORT_SAMPLES = 3;
/** How fast the limit is lifted when nothing is short any more, at each sample: a careful probe. */
const LIFT = 1.08;

/** The budget after one sample of all paths. `wanted` is what would be sent if nothing were short. */
export function stepBudget({ limit, short }: Budget, paths: readonly Path[], wanted: number): Budget {
  const few = paths.filter(({ available, asked }) => available !== null && available < asked * SHORT);
  if (few.length >= SHORT_PATHS) {
    if (short + 1 < SHORT_SAMPLES) return { limit, short: short + 1 };
    const found = paths.reduce((sum, { available, asked }) => sum + Math.min(available ?? asked, asked), 0);
    return { limit: found, short: short + 1 };
  }
  const lifted = limit === null ? null : limit * LIFT;
  return { limit: lifted === null || lifted >= wanted ? null : lifted, short: 0 };
}
