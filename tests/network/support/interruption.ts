// Pictures that stop and go on: when, as the frames that were shown tell.

import type { Person } from '../../e2e/support/person.js';
import { until } from '../../e2e/support/until.js';
import { frameTimes, type Pair } from './call.js';

/** So many frames in a row, and the picture moves again: a second and a half of the lab's camera. */
const STEADY_FRAMES = 30;

/** A picture that moves has no longer pause between two frames; the camera gives one every 50 ms. */
const STEADY_PAUSE_MS = 1_000;

/** How long a call may take to come back before a test gives up on it: the whole ladder. */
const PATIENCE_MS = 90_000;

/**
 * Waits until a person's picture moves again after an interruption at `since`, and resolves with the moment of the
 * first frame after the longest pause, in Unix time.
 */
export function resumedAt(person: Person, name: string, since: number): Promise<number> {
  return until(
    `${person.name} sees ${name} move again`,
    async () => {
      const times = await frameTimes(person, name);
      const first = times.findIndex((at) => at >= since);
      if (first === -1) return null;
      const from = times.slice(Math.max(0, first - 1));
      const end = endOfLongestPause(from);
      const steady = from.slice(end);
      const isFresh = Date.now() - (steady.at(-1) ?? 0) < STEADY_PAUSE_MS;
      return isFresh && steady.length >= STEADY_FRAMES ? steady[0] : null;
    },
    PATIENCE_MS,
  );
}

/** The index of the frame that ends the longest pause. */
function endOfLongestPause(times: readonly number[]): number {
  let longest = 0;
  let end = 0;
  for (let index = 1; index < times.length; index += 1) {
    const pause = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (pause > longest) [longest, end] = [pause, index];
  }
  return end;
}

/** When both see each other move again. */
export async function bothResumedAt([one, other]: Pair, since: number): Promise<number> {
  const moments = await Promise.all([resumedAt(one, other.name, since), resumedAt(other, one.name, since)]);
  return Math.max(...moments);
}
