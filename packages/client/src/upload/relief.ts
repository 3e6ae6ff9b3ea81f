// When the processor is too slow, and how far its encoders are to be relieved: a pure state machine.

import { MOST_RELIEF } from './picture.js';

export interface Relief {
  /** 0 to `MOST_RELIEF`. */
  readonly level: number;
  /** Whether encoders were held back by the processor when last looked at. */
  readonly limited: boolean;
  /** Since when that is so, or since the last step, in milliseconds. */
  readonly since: number;
}

/** How long the processor must be the limit: browsers adapt by themselves within seconds, and often that is enough. */
const LIMITED_MS = 8_000;
/** How long it must not be, before more is asked of it again. */
const FREE_MS = 30_000;

export function startRelief(now: number): Relief {
  return { level: 0, limited: false, since: now };
}

/** `limited`: some encoder says `qualityLimitationReason: 'cpu'` (W3C webrtc-stats). */
export function stepRelief(before: Relief, limited: boolean, now: number): Relief {
  if (limited !== before.limited) return { ...before, limited, since: now };
  if (now - before.since < (limited ? LIMITED_MS : FREE_MS)) return before;
  const level = Math.min(MOST_RELIEF, Math.max(0, before.level + (limited ? 1 : -1)));
  return { level, limited, since: now };
}
