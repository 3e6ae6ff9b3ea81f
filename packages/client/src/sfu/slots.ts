// Which video slot shows whom: from what is to be seen, and who has a slot already. Pure.

import type { SlotWant, VideoLine } from '@maru/protocol';

/** One picture that is to be seen. `width` in device pixels, above 0. */
export interface Wish {
  readonly peer: string;
  readonly line: VideoLine;
  readonly width: number;
  readonly priority: number;
}

/** What is in a slot. */
export interface Seated {
  readonly peer: string;
  readonly line: VideoLine;
}

/** Widths are asked for in steps of so many pixels, rounded up: one or two do not change what is sent. */
export const WIDTH_STEP = 32;

/** Pages ask for this of a picture that nobody sees, so that a mesh sends a first frame; the SFU need not. */
export const UNSEEN_WIDTH = 1;

/** What comes first when there are more wishes than slots: screens, then what is large, then who was first in the list. */
export function byImportance(wishes: readonly Wish[]): readonly Wish[] {
  return [...wishes].sort(
    (a, b) => Number(b.line === 'screen') - Number(a.line === 'screen') || b.width - a.width,
  );
}

/**
 * Puts wishes into `count` slots. `before`: who is or was last in each. Who has a slot keeps it, so that nobody's picture is
 * switched without need, and who comes back finds it where it is free. A camera goes
 * into the slot of its person's sound (`audioSeats`) where that is free: picture and sound of one seat are kept in step
 * by the browser. What finds no slot is left out.
 */
export function assignSlots(
  before: readonly (Seated | null)[],
  wishes: readonly Wish[],
  audioSeats: ReadonlyMap<string, number>,
  count: number,
): readonly SlotWant[] {
  const chosen = byImportance(wishes).slice(0, count);
  const slots: (Wish | null)[] = Array.from({ length: count }, () => null);
  const waiting: Wish[] = [];
  for (const wish of chosen) {
    const kept = before.findIndex((seated) => seated?.peer === wish.peer && seated.line === wish.line);
    if (kept >= 0 && kept < count && slots[kept] === null) slots[kept] = wish;
    else waiting.push(wish);
  }
  const ownSeat = ({ peer, line }: Wish): number => (line === 'camera' ? (audioSeats.get(peer) ?? -1) : -1);
  const homeless = waiting.filter((wish) => {
    const seat = ownSeat(wish);
    if (seat < 0 || seat >= count || slots[seat] !== null) return true;
    slots[seat] = wish;
    return false;
  });
  // The others leave the seats of those who may come to them, or come back, free as long as there are any.
  const seats = new Set(audioSeats.values());
  const claims = (slot: number): number => Number(seats.has(slot)) * 2 + Number(Boolean(before[slot]));
  const free = slots.flatMap((wish, slot) => (wish === null ? [slot] : []));
  const order = free.sort((a, b) => claims(a) - claims(b) || a - b);
  homeless.forEach((wish, i) => {
    const slot = order[i];
    if (slot !== undefined) slots[slot] = wish;
  });
  return slots.flatMap((wish, slot) => {
    if (wish === null) return [];
    return { slot, peer: wish.peer, line: wish.line, width: wish.width, priority: wish.priority };
  });
}

/** A width as it is asked for, at most `most`. */
export function inSteps(width: number, most: number): number {
  return Math.min(most, Math.max(1, Math.ceil(width / WIDTH_STEP)) * WIDTH_STEP);
}
