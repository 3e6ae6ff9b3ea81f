// Who speaks: a level over time made into a calm yes or no.

/** How often levels are looked at: fast enough to feel immediate, five times a second. */
export const SPEAKING_POLL_MS = 200;
/** How long someone still counts as speaking after the last loud moment: pauses between words are shorter. */
export const SPEAKING_HOLD_MS = 800;

/** Level from which someone begins to speak, and below which a moment counts as silent, each 0 to 1. */
export interface SpeakingLevels {
  readonly begin: number;
  readonly stay: number;
}

/** audioLevel (W3C webrtc-stats) is linear: -35 and -40 dBov, above a quiet room after noise suppression. */
export const REMOTE_LEVELS: SpeakingLevels = { begin: 0.018, stay: 0.01 };

/** `LocalMedia.level` is even in decibels, 0 at -60 and 1 at -10 dBFS: these are the same -35 and -40 dB. */
export const OWN_LEVELS: SpeakingLevels = { begin: 0.5, stay: 0.4 };

/** Whether someone speaks, and when they were last loud, in milliseconds. */
export interface Speaking {
  readonly speaking: boolean;
  readonly loudAt: number;
}

export const SILENT: Speaking = { speaking: false, loudAt: 0 };

/** The next state for a level now. Hysteresis: it takes more to begin than to go on. */
export function hear(before: Speaking, level: number, now: number, levels: SpeakingLevels): Speaking {
  if (level >= (before.speaking ? levels.stay : levels.begin)) return { speaking: true, loudAt: now };
  if (before.speaking && now - before.loudAt >= SPEAKING_HOLD_MS) return SILENT;
  return before;
}
