// Whether a microphone that is on gives no sound at all: unplugged, switched off on the cable, or the wrong one.

/** Long enough that a person has moved or breathed, in milliseconds. */
export const SILENT_AFTER_MS = 6_000;

/**
 * Below this loudness nothing is heard. A working microphone in a quiet room still gives noise; one that is
 * switched off gives digital silence, that is exactly zero.
 */
export const SILENT_BELOW = 0.002;

/** When the silence began, on the clock of the caller; null while there is sound. */
export type Silence = number | null;

/** Takes one measurement of loudness, 0 to 1. */
export function stepSilence(since: Silence, level: number, now: number): Silence {
  if (level >= SILENT_BELOW) return null;
  return since ?? now;
}

/** True once it has been silent for too long to be chance. */
export function isSilent(since: Silence, now: number): boolean {
  return since !== null && now - since >= SILENT_AFTER_MS;
}
