// The watchdog of a link (LAD-10): finds lines that should flow and do not, though the path is up. Pure: time is an argument.

import type { Line } from '@maru/protocol';
import type { Received } from './stats-summary.js';

/**
 * How long nothing may come on a line that should flow: a sender that reconfigures its encoder, or a key frame that was
 * lost and asked for again, is back in under 3 s even on bad networks.
 */
export const STALL_MS = 6_000;

/** How soon a nudge that was not acknowledged is said again: the page of the other end may be frozen. */
export const UNHEARD_MS = 30_000;

/** After a fresh connection for its sake, how long the watchdog holds back at first; each time twice as long. */
export const HOLD_MS = 60_000;

/** Ticks further apart than this say that this page slept, and could have seen nothing. */
const TICK_GAP_MS = 6_000;

/**
 * The lines that are watched. A shared screen may rightly stand still without a packet, and the sound of one is silent
 * more often than not.
 */
const WATCHED: readonly Line[] = ['mic', 'camera'];

interface LineWatch {
  /** What had come when something last came. */
  readonly count: number;
  readonly flowedAt: number;
  readonly nudgedAt: number | null;
  /** When the other end said that it had sent its track afresh. */
  readonly answeredAt: number | null;
}

export interface WatchdogTick {
  readonly now: number;
  /** Whether a line should flow: it is said to be sent, and asked for. */
  expects(line: Line): boolean;
  received(line: Line): Received | undefined;
}

export interface Watchdog {
  /** Looks once. `stalled`: a nudge was answered and did not help. */
  look(tick: WatchdogTick): { readonly nudge: readonly Line[]; readonly stalled: boolean };
  /** The other end has sent a line afresh, or says that its source is silent. */
  answered(line: Line, sending: boolean, now: number): void;
}

/** Makes a watchdog; it lives as long as its link, over all of its connections. */
export function createWatchdog(): Watchdog {
  const lines = new Map<Line, LineWatch>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let holdUntil = Number.NEGATIVE_INFINITY;
  let holdMs = HOLD_MS;

  function lookAt(
    line: Line,
    { now, expects, received }: WatchdogTick,
    slept: boolean,
  ): 'nudge' | 'stalled' | null {
    const { packets = 0, frames = null } = received(line) ?? {};
    const count = frames ?? packets;
    const known = lines.get(line);
    if (!known || slept || !expects(line) || count !== known.count) {
      lines.set(line, { count, flowedAt: now, nudgedAt: null, answeredAt: null });
      return null;
    }
    const { nudgedAt, answeredAt } = known;
    if (answeredAt !== null) return now - answeredAt >= STALL_MS ? 'stalled' : null;
    const due = nudgedAt === null ? known.flowedAt + STALL_MS : nudgedAt + UNHEARD_MS;
    if (now < due) return null;
    lines.set(line, { ...known, nudgedAt: now });
    return 'nudge';
  }

  return {
    look(tick) {
      const { now } = tick;
      const slept = now - lookedAt > TICK_GAP_MS;
      lookedAt = now;
      const found = WATCHED.map((line) => [line, lookAt(line, tick, slept)] as const);
      const stalled = now >= holdUntil && found.some(([, what]) => what === 'stalled');
      if (stalled) {
        lines.clear();
        holdUntil = now + holdMs;
        holdMs *= 2;
      }
      return { nudge: found.flatMap(([line, what]) => (what === 'nudge' ? [line] : [])), stalled };
    },
    answered(line, sending, now) {
      const known = lines.get(line);
      if (known?.nudgedAt == null || known.answeredAt !== null) return;
      // A source that is silent is no fault of the path: it is given as long again.
      lines.set(line, sending ? { ...known, answeredAt: now } : { ...known, flowedAt: now, nudgedAt: null });
    },
  };
}
