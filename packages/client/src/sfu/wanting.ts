// When the SFU is told what is to be seen: at once when something comes into sight, and calmly otherwise (PEER-6). Pure.

import type { SlotWant } from '@maru/protocol';

/** How long a new width must stand: windows are resized in many small steps, and tiles glide for 200 ms. */
export const SETTLE_MS = 300;
/** How long something must be out of sight: who looks away for a moment finds the picture moving. */
export const HIDE_MS = 1_000;

/** What the SFU was told on the connection in use, and what it is to be told. */
export interface Wanting {
  readonly told: readonly SlotWant[] | null;
  readonly wish: readonly SlotWant[];
  /** Since when that is the wish, in milliseconds. */
  readonly since: number;
}

/** Takes in a wish. A connection that has just begun to be used was told nothing. */
export function want(before: Wanting | null, wish: readonly SlotWant[], now: number): Wanting {
  if (!before) return { told: null, wish, since: now };
  return sameWants(before.wish, wish) ? before : { ...before, wish, since: now };
}

/** When the wish is to be told; null when it has been. */
export function wantAt({ told, wish, since }: Wanting): number | null {
  if (!told) return since;
  if (sameWants(told, wish)) return null;
  if (wish.some((slot) => !shows(told, slot))) return since;
  return since + (told.some((slot) => !shows(wish, slot)) ? HIDE_MS : SETTLE_MS);
}

function shows(wants: readonly SlotWant[], { peer, line }: SlotWant): boolean {
  return wants.some((slot) => slot.peer === peer && slot.line === line);
}

function sameWants(a: readonly SlotWant[], b: readonly SlotWant[]): boolean {
  return a.length === b.length && JSON.stringify(a) === JSON.stringify(b);
}
