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

/** audioLevel (W3C webrtc-stats) is linear: 0.01 is -40 dBov, above the noise of a quiet room after suppression. */
export const REMOTE_LEVELS: SpeakingLevels = { begin: 0.02, stay: 0.01 };

/** The level of our own microphone is on the scale that meters use (see `LocalMedia.level`), not linear. */
export const OWN_LEVELS: SpeakingLevels = { begin: 0.35, stay: 0.25 };

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
