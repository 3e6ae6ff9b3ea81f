// Which video slot shows whom, and when the SFU is told.

import type { SlotWant } from '@maru/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignSlots, byImportance, inSteps, type Seated, WIDTH_STEP, type Wish } from '../src/sfu/slots.js';
import { HIDE_MS, SETTLE_MS, want, wantAt } from '../src/sfu/wanting.js';

const wish = (peer: string, width = 320, line: Wish['line'] = 'camera'): Wish => ({
  peer,
  line,
  width,
  priority: 1,
});
const seatsOf = (wants: readonly SlotWant[]): Record<number, string> =>
  Object.fromEntries(wants.map(({ slot, peer, line }) => [slot, `${peer} ${line}`]));
const NO_SEATS = new Map<string, number>();

const wishes = fc
  .uniqueArray(fc.record({ peer: fc.integer({ max: 20, min: 0 }), screen: fc.boolean() }), {
    selector: ({ peer, screen }) => `${peer} ${screen}`,
    maxLength: 24,
  })
  .chain((pictures) =>
    fc.tuple(
      ...pictures.map(({ peer, screen }) =>
        fc
          .integer({ min: 2, max: 3_000 })
          .map((width) => wish(`peer ${peer}`, width, screen ? 'screen' : 'camera')),
      ),
    ),
  );
const audioSeats = fc
  .uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 10 })
  .map((peers) => new Map(peers.map((peer, slot) => [`peer ${peer}`, slot])));

describe('slots', () => {
  test('each holds one picture, each picture has one slot, and what matters most is in', () => {
    fc.assert(
      fc.property(wishes, audioSeats, fc.integer({ min: 0, max: 14 }), (all, seats, count) => {
        const wants = assignSlots([], all, seats, count);
        expect(wants).toHaveLength(Math.min(all.length, count));
        expect(new Set(wants.map(({ slot }) => slot)).size).toBe(wants.length);
        for (const { slot } of wants) expect(slot).toBeLessThan(count);
        const shown = wants.map(({ peer, line }) => `${peer} ${line}`).sort();
        const most = byImportance(all)
          .slice(0, count)
          .map(({ peer, line }) => `${peer} ${line}`)
          .sort();
        expect(shown).toEqual(most);
      }),
    );
  });

  test('who has a slot keeps it, whatever else comes and goes', () => {
    fc.assert(
      fc.property(
        wishes,
        wishes,
        audioSeats,
        fc.integer({ min: 1, max: 14 }),
        (first, then, seats, count) => {
          const before: (Seated | null)[] = Array.from({ length: count }, () => null);
          for (const seated of assignSlots([], first, seats, count)) before[seated.slot] = seated;
          const after = assignSlots(before, then, seats, count);
          for (const { slot, peer, line } of after) {
            const had = before.findIndex((seated) => seated?.peer === peer && seated.line === line);
            if (had >= 0) expect(slot).toBe(had);
          }
        },
      ),
    );
  });

  test('the same wishes are put the same', () => {
    fc.assert(
      fc.property(wishes, audioSeats, fc.integer({ min: 1, max: 14 }), (all, seats, count) => {
        const first = assignSlots([], all, seats, count);
        const before: (Seated | null)[] = Array.from({ length: count }, () => null);
        for (const seated of first) before[seated.slot] = seated;
        expect(assignSlots(before, all, seats, count)).toEqual(first);
      }),
    );
  });

  test('a camera goes to the seat of its sound, and the others leave that free', () => {
    const seats = new Map([
      ['Ann', 3],
      ['Bo', 0],
    ]);
    const wants = assignSlots(
      [],
      [wish('Cy'), wish('Bo'), wish('Ann'), wish('Ann', 900, 'screen')],
      seats,
      5,
    );
    expect(seatsOf(wants)).toEqual({ 0: 'Bo camera', 1: 'Ann screen', 2: 'Cy camera', 3: 'Ann camera' });
  });

  test('who comes back finds the former slot, which the others take only when there is no other', () => {
    const before: (Seated | null)[] = [{ peer: 'Ann', line: 'camera' }, null, null];
    expect(seatsOf(assignSlots(before, [wish('Bo'), wish('Cy')], NO_SEATS, 3))).toEqual({
      1: 'Bo camera',
      2: 'Cy camera',
    });
    expect(seatsOf(assignSlots(before, [wish('Bo'), wish('Ann')], NO_SEATS, 3))).toEqual({
      0: 'Ann camera',
      1: 'Bo camera',
    });
    expect(assignSlots(before, [wish('Bo'), wish('Cy'), wish('Di')], NO_SEATS, 3)).toHaveLength(3);
  });

  test('screens come before cameras, large ones before small', () => {
    const all = [wish('Ann', 1_900), wish('Bo', 200), wish('Cy', 300, 'screen'), wish('Di', 600)];
    expect(assignSlots([], all, NO_SEATS, 2).map(({ peer }) => peer)).toEqual(['Cy', 'Ann']);
  });

  test('widths are asked for in steps, never less than one and never more than the most', () => {
    expect([1, 32, 33, 640, 9_000].map((width) => inSteps(width, 8_192))).toEqual([
      WIDTH_STEP,
      32,
      64,
      640,
      8_192,
    ]);
  });
});

describe('[PEER-6] when it is told', () => {
  const one: SlotWant = { slot: 0, peer: 'Ann', line: 'camera', width: 320, priority: 1 };
  const other: SlotWant = { ...one, slot: 1, peer: 'Bo' };

  test('at once on a connection that was told nothing, even that nothing is seen', () => {
    expect(wantAt(want(null, [], 5))).toBe(5);
  });

  test('at once when something comes into sight', () => {
    const told = { ...want(null, [one], 0), told: [one] };
    expect(wantAt(told)).toBeNull();
    expect(wantAt(want(told, [one, other], 100))).toBe(100);
    expect(wantAt(want(told, [other], 100))).toBe(100);
  });

  test('calmly when a width changes, and not before something has been out of sight for long', () => {
    const told = { ...want(null, [one, other], 0), told: [one, other] };
    expect(wantAt(want(told, [{ ...one, width: 640 }, other], 100))).toBe(100 + SETTLE_MS);
    expect(wantAt(want(told, [one], 100))).toBe(100 + HIDE_MS);
  });

  test('not at all when all is as before again', () => {
    const told = { ...want(null, [one], 0), told: [one] };
    expect(wantAt(want(want(told, [], 100), [one], 200))).toBeNull();
  });
});
