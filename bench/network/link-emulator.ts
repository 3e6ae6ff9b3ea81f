// What one direction of a line does to packets: how late each arrives, or that it is lost. No clock and no socket in here.

/** One direction of a line. Everything left out does nothing. */
export interface Direction {
  /** One way, in milliseconds. */
  readonly delayMs?: number;
  /** Each packet is late by up to this much more, evenly spread; the order stays. */
  readonly jitterMs?: number;
  /** Share of packets, 0 to 1, that the jitter lets be overtaken. */
  readonly reorder?: number;
  /** Share of packets, 0 to 1, that is lost, each for itself. */
  readonly loss?: number;
  /** Loss in bursts (Gilbert's model): how often a packet begins one, and how many packets it takes in the mean. */
  readonly bursts?: { readonly begin: number; readonly meanPackets: number };
  /** In kilobits per second, and how long the queue before it may get, in milliseconds; what finds it full is lost. */
  readonly rate?: { readonly kbps: number; readonly queueMs: number };
}

/** Both directions, seen from the home. */
export interface Line {
  readonly up: Direction;
  readonly down: Direction;
}

/** Numbers from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** A direction with its queue. */
export interface LinkEmulator {
  /** When a packet that enters now arrives, in the milliseconds of `now`; null when it is lost. */
  enter(bytes: number, now: number): number | null;
}

export function createLinkEmulator(direction: Direction, random: Random): LinkEmulator {
  const { delayMs = 0, jitterMs = 0, reorder = 0, loss = 0, bursts, rate } = direction;
  let sentAt = Number.NEGATIVE_INFINITY;
  let lastArrival = Number.NEGATIVE_INFINITY;
  let inBurst = false;

  function isLost(): boolean {
    if (bursts) inBurst = inBurst ? random() >= 1 / bursts.meanPackets : random() < bursts.begin;
    return inBurst || random() < loss;
  }

  /** When the last bit of the packet has left the queue; null when the queue is full. */
  function pass(bytes: number, now: number): number | null {
    if (!rate) return now;
    const start = Math.max(now, sentAt);
    if (start - now > rate.queueMs) return null;
    sentAt = start + (bytes * 8) / rate.kbps;
    return sentAt;
  }

  return {
    enter(bytes, now) {
      const passed = pass(bytes, now);
      if (passed === null || isLost()) return null;
      const arrival = passed + delayMs + random() * jitterMs;
      if (random() < reorder) return arrival;
      lastArrival = Math.max(lastArrival, arrival);
      return lastArrival;
    },
  };
}

/** Mulberry32: the same numbers for the same seed, good enough for a network. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
