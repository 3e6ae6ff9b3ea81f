// From the samples of a microphone to a level that moves as loudness is heard, and to "this person is speaking".

// Room noise of a laptop microphone with noise suppression lies near -60 dBFS; loud close speech near -10 dBFS
// (automatic gain control aims at about -18, measured in Chromium).
const FLOOR_DB = -60;
const CEILING_DB = -10;

/**
 * Maps the root mean square of samples (0 to 1 of full scale) to 0 to 1, evenly in decibels: loudness is heard
 * by ratios (IEC 60268-18 draws meters so for the same reason).
 */
export function levelOf(rms: number): number {
  if (!(rms > 0)) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/** How often a muted microphone is listened to, in milliseconds: syllables last 150 to 250 ms. */
export const SPEECH_SAMPLE_MS = 100;

// -35 dBFS: above keyboards and chairs after noise suppression, below quiet speech after gain control.
const SPEECH_LEVEL = 0.5;
// A cough or a click is shorter than 300 ms; a word that somebody wants heard is not.
const SPEECH_SAMPLES = 3;
/** How long speech counts as going on after the last loud sample, in milliseconds: pauses between sentences. */
const SPEECH_HOLD_MS = 2_000;

/** What is remembered of the last samples. */
export interface Speech {
  readonly loudInARow: number;
  /** When speech was last heard, in milliseconds; null when it was not. */
  readonly heardAt: number | null;
}

export const SILENCE: Speech = { loudInARow: 0, heardAt: null };

/** Takes one sample. */
export function hear(speech: Speech, level: number, now: number): Speech {
  const loudInARow = level >= SPEECH_LEVEL ? speech.loudInARow + 1 : 0;
  if (loudInARow >= SPEECH_SAMPLES) return { loudInARow, heardAt: now };
  const over = speech.heardAt !== null && now - speech.heardAt > SPEECH_HOLD_MS;
  return { loudInARow, heardAt: over ? null : speech.heardAt };
}
