// When a peer is told what we show of it: at once when something is seen again, and calmly otherwise. Pure.

import type { VideoCodec, View } from '@maru/protocol';
import type { ShownWidths } from '../room/room.js';

/** Widths are told in steps of so many pixels, rounded up: one or two do not change what is sent. */
const STEP = 32;

/** Wider than any picture that is sent, and within what may be told: in full. */
export const FULL_WIDTH = 8_192;

/** How long a new width must stand: windows are resized in many small steps, and tiles glide for 200 ms. */
const SETTLE_MS = 300;
/** How long something must be out of sight: who looks away for a moment finds the picture moving. */
const HIDE_MS = 1_000;

/** What a peer was told on the channel that is open now, and what it is to be told. */
export interface Telling {
  readonly told: View | null;
  readonly wish: View;
  /** Since when that is the wish, in milliseconds. */
  readonly since: number;
}

/** What is shown, as it is told. What the application has not said is shown in full. */
export function viewOf(shown: ShownWidths | undefined, codecs: readonly VideoCodec[]): View {
  return {
    type: 'view',
    camera: inSteps(shown?.camera),
    screen: inSteps(shown?.screen),
    codecs: [...codecs],
  };
}

/** Takes in a wish. A channel that has just opened was told nothing. */
export function wish(before: Telling | undefined, view: View, now: number): Telling {
  if (!before) return { told: null, wish: view, since: now };
  return sameView(before.wish, view) ? before : { ...before, wish: view, since: now };
}

/** When the wish is to be told; null when it has been. */
export function tellAt({ told, wish: next, since }: Telling): number | null {
  if (!told) return since;
  if (sameView(told, next)) return null;
  if ((told.camera === 0 && next.camera > 0) || (told.screen === 0 && next.screen > 0)) return since;
  const hides = (told.camera > 0 && next.camera === 0) || (told.screen > 0 && next.screen === 0);
  return since + (hides ? HIDE_MS : SETTLE_MS);
}

function inSteps(width: number = FULL_WIDTH): number {
  return Math.min(FULL_WIDTH, Math.max(0, Math.ceil(width / STEP) * STEP));
}

function sameView(a: View, b: View): boolean {
  return a.camera === b.camera && a.screen === b.screen && a.codecs.join() === b.codecs.join();
}
