// How a viewer fares over a stretch of time, out of what the browser says at short intervals.

import { setTimeout as later } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** How often it is looked. */
export const LOOK_MS = 200;
/** A pause between two frames that is seen as a freeze: what browsers count as one is three times as long as usual, at least. */
const FREEZE_MS = 300;

/** One look. */
export interface Moment {
  /** Since the beginning of the stretch, in milliseconds. */
  readonly at: number;
  /** Of the last picture, in pixels. */
  readonly width: number;
  /** What came since the look before, in bit/s. */
  readonly bitrate: number;
  /** For how long no frame was shown, since the look before. */
  readonly frozenMs: number;
}

export interface Stretch {
  readonly moments: readonly Moment[];
  /** Share of the time in which the picture moved, 0 to 1. */
  readonly smooth: number;
  /** Share of the sound that had come in time, 0 to 1. */
  readonly sound: number;
  /** In the mean. */
  readonly width: number;
}

/** Watches for so long. */
export async function watch(viewer: Page, milliseconds: number): Promise<Stretch> {
  const look = () => viewer.evaluate(() => window.party.watched());
  const first = await look();
  const moments: Moment[] = [];
  let before = first;
  let lastShown = first.at;
  while (before.at < first.at + milliseconds) {
    await later(LOOK_MS);
    const now = await look();
    let frozenMs = 0;
    // The time up to now counts as well, as a freeze may never end.
    for (const shown of [...now.shown, now.at]) {
      const pause = shown - lastShown;
      if (pause > FREEZE_MS) frozenMs += Math.min(pause, shown - before.at);
      if (shown !== now.at) lastShown = shown;
    }
    const took = now.at - before.at;
    moments.push({
      at: now.at - first.at,
      width: now.width,
      bitrate: ((now.bytes - before.bytes) * 8_000) / took,
      frozenMs: Math.min(frozenMs, took),
    });
    before = now;
  }
  const samples = before.samples - first.samples;
  const total = before.at - first.at;
  const sum = (of: (moment: Moment) => number): number =>
    moments.reduce((all, moment) => all + of(moment), 0);
  return {
    moments,
    smooth: 1 - sum(({ frozenMs }) => frozenMs) / total,
    sound: samples === 0 ? 0 : Math.max(0, 1 - (before.concealed - first.concealed) / samples),
    width: sum(({ width }) => width) / moments.length,
  };
}

/** When the picture began to move for good, in milliseconds: from then on it did not freeze any more. */
export function movedFrom({ moments }: Stretch): number {
  const frozen = moments.findLast(({ frozenMs }) => frozenMs > 0);
  return frozen?.at ?? moments[0]?.at ?? 0;
}

/** When the picture was as wide as this for the first time; the whole stretch where it never was. */
export function wideFrom({ moments }: Stretch, width: number): number {
  const wide = moments.find((moment) => moment.width >= width) ?? moments.at(-1);
  return wide?.at ?? 0;
}
