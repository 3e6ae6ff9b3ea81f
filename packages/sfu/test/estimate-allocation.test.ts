// Allocation: properties over random demands, and the cases that people see.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allocate,
  allocatedBitrate,
  type Choice,
  type Demand,
  UP_MARGIN,
  wantedBitrate,
} from '../src/estimate/allocation.js';
import { type LayerOption, ladder } from '../src/estimate/ladder.js';

const CAMERA: LayerOption[] = [
  { source: 'l', bitrate: 100_000, width: 320 },
  { source: 'm', bitrate: 350_000, width: 640 },
  { source: 'h', bitrate: 1_200_000, width: 1_280, temporal: [600_000, 900_000, 1_200_000] },
];
const SLOWER = CAMERA.map((layer) => ({
  ...layer,
  temporal: [0.4, 0.6, 1].map((part) => part * layer.bitrate),
}));

const option = fc.record({
  source: fc.integer({ min: 1, max: 1e6 }),
  bitrate: fc.integer({ min: 0, max: 2_500_000 }),
  width: fc.integer({ min: 160, max: 1_920 }),
});
const withTemporal = fc.tuple(option, fc.integer({ min: 0, max: 3 })).map(([layer, count]): LayerOption => {
  if (count < 2) return layer;
  const temporal = Array.from({ length: count }, (_, i) => Math.round((layer.bitrate * (i + 1)) / count));
  return { ...layer, temporal };
});
const demands = fc
  .array(
    fc.record({
      priority: fc.integer({ min: 0, max: 3 }),
      maxWidth: fc.integer({ min: 1, max: 2_000 }),
      options: fc.uniqueArray(withTemporal, { maxLength: 4, selector: ({ source }) => source }),
    }),
    { maxLength: 14 },
  )
  .map((list): Demand[] => list.map((demand, slot) => ({ ...demand, slot, held: null })));
const budget = fc.integer({ min: 0, max: 12_000_000 });

const hold = (list: readonly Demand[], choices: readonly Choice[]): Demand[] =>
  list.map((demand, i) => ({ ...demand, held: choices[i]?.step ?? null }));

describe('any demands', () => {
  test('are answered one by one, within the budget, from their own options', () => {
    fc.assert(
      fc.property(demands, budget, budget, (list, bits, reserved) => {
        const choices = allocate(list, bits, reserved);
        expect(choices.map(({ slot }) => slot)).toEqual(list.map(({ slot }) => slot));
        expect(allocatedBitrate(choices)).toBeLessThanOrEqual(Math.max(bits - reserved, 0));
        for (const [i, { step }] of choices.entries()) {
          if (step === null) continue;
          const { options, maxWidth } = list[i] as Demand;
          const layer = options.find(({ source }) => source === step.source) as LayerOption;
          expect(step.bitrate).toBeLessThanOrEqual(layer.bitrate);
          // Never larger than the smallest layer that covers what is drawn.
          const covering = options.filter(({ bitrate, width }) => bitrate > 0 && width >= maxWidth);
          const ceiling = Math.min(...covering.map(({ width }) => width));
          if (covering.length > 0) expect(layer.width).toBeLessThanOrEqual(ceiling);
        }
      }),
    );
  });

  test('all get their best when everything fits, and then cost what is wanted', () => {
    fc.assert(
      fc.property(demands, (list) => {
        const choices = allocate(list, 1e9);
        expect(allocatedBitrate(choices)).toBe(wantedBitrate(list));
        for (const [i, { step }] of choices.entries()) {
          const { options, maxWidth } = list[i] as Demand;
          expect(step).toEqual(ladder(options, maxWidth).at(-1) ?? null);
        }
      }),
    );
  });

  test('a slot alone gets no less from more', () => {
    fc.assert(
      fc.property(demands, budget, budget, (list, a, b) => {
        const alone = list.slice(0, 1);
        const less = allocatedBitrate(allocate(alone, Math.min(a, b)));
        expect(allocatedBitrate(allocate(alone, Math.max(a, b)))).toBeGreaterThanOrEqual(less);
      }),
    );
  });

  test('of equal slots the one that is shown worst is shown no worse for more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.boolean(), budget, budget, (count, mixed, a, b) => {
        const list = Array.from({ length: count }, (_, slot): Demand => {
          return { slot, priority: mixed ? slot % 2 : 1, maxWidth: 1_280, options: CAMERA, held: null };
        });
        // Of the highest priority, where there are two: what it takes may be what others had.
        const highest = list.filter(({ priority }) => count === 1 || priority === 1);
        const worst = (bits: number) => {
          const choices = allocate(list, bits);
          return Math.min(...highest.map(({ slot }) => choices[slot]?.step?.bitrate ?? 0));
        };
        expect(worst(Math.max(a, b))).toBeGreaterThanOrEqual(worst(Math.min(a, b)));
      }),
      { numRuns: 500 },
    );
  });

  test('more budget never unseats the more important for the less: seats grow in their order', () => {
    fc.assert(
      fc.property(demands, budget, budget, (list, a, b) => {
        const order = list
          .map((_, i) => i)
          .sort((x, y) => {
            const [p, q] = [list[x] as Demand, list[y] as Demand];
            return q.priority - p.priority || q.maxWidth - p.maxWidth || x - y;
          });
        const seats = (bits: number) => {
          const choices = allocate(list, bits);
          return order.map((i) => (choices[i]?.step ? '1' : '0')).join('');
        };
        expect(seats(Math.max(a, b)) >= seats(Math.min(a, b))).toBe(true);
      }),
    );
  });

  test('equal ones: the more important is never shown worse', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }), budget, (priorities, bits) => {
        const list = priorities.map((priority, slot): Demand => {
          return { slot, priority, maxWidth: 1_280, options: CAMERA, held: null };
        });
        const choices = allocate(list, bits);
        for (const [i, x] of list.entries()) {
          for (const [j, y] of list.entries()) {
            if (x.priority <= y.priority) continue;
            expect(choices[i]?.step?.bitrate ?? 0).toBeGreaterThanOrEqual(choices[j]?.step?.bitrate ?? 0);
          }
        }
      }),
    );
  });

  test('keep what they have when asked again', () => {
    fc.assert(
      fc.property(demands, budget, (list, bits) => {
        const first = allocate(list, bits);
        const second = allocate(hold(list, first), bits);
        expect(second).toEqual(first);
      }),
    );
  });

  test('do not flap: a budget that ripples by less than the margin changes each slot once at most', () => {
    fc.assert(
      fc.property(
        demands,
        fc.integer({ min: 300_000, max: 12_000_000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (list, bits, ripple) => {
          // Smaller than the margin of the cheapest step there is.
          const cheapest = Math.min(
            ...list.flatMap(({ options, maxWidth }) => ladder(options, maxWidth).map((s) => s.bitrate)),
          );
          const depth = Math.min(cheapest * UP_MARGIN * 0.9, bits / 2);
          if (!Number.isFinite(depth)) return;
          let held = hold(list, allocate(list, bits));
          // What has once fallen to the bottom of the ripple stays there.
          held = hold(held, allocate(held, bits - depth));
          const low = allocate(held, bits - depth);
          for (const part of ripple) {
            const choices = allocate(held, bits - depth * part);
            expect(choices).toEqual(low);
            held = hold(held, choices);
          }
        },
      ),
    );
  });
});

describe('what people see', () => {
  const three = (held: Demand['held'] = null): Demand[] => [
    { slot: 0, priority: 0, maxWidth: 1_280, options: CAMERA, held },
    { slot: 1, priority: 3, maxWidth: 640, options: CAMERA, held },
    { slot: 2, priority: 0, maxWidth: 320, options: CAMERA, held },
  ];
  const bitrates = (choices: readonly Choice[]) => choices.map(({ step }) => step?.bitrate ?? 0);

  test('audio first: with nothing left all video is paused', () => {
    expect(bitrates(allocate(three(), 80_000, 80_000))).toEqual([0, 0, 0]);
    expect(bitrates(allocate(three(), 60_000, 80_000))).toEqual([0, 0, 0]);
  });

  test('the most important is seen first, then all, then it is seen better', () => {
    expect(bitrates(allocate(three(), 112_000))).toEqual([0, 100_000, 0]);
    expect(bitrates(allocate(three(), 212_000))).toEqual([100_000, 100_000, 0]);
    expect(bitrates(allocate(three(), 312_000))).toEqual([100_000, 100_000, 100_000]);
    expect(bitrates(allocate(three(), 592_000))).toEqual([100_000, 350_000, 100_000]);
    expect(bitrates(allocate(three(), 842_000))).toEqual([350_000, 350_000, 100_000]);
  });

  test('fewer frames of the smallest layer come before all of them, and of no other', () => {
    const list: Demand[] = [{ slot: 0, priority: 0, maxWidth: 1_280, options: SLOWER, held: null }];
    expect(allocate(list, 70_000)[0]?.step).toEqual({ source: 'l', temporalLimit: 1, bitrate: 60_000 });
    expect(allocate(list, 112_000)[0]?.step?.temporalLimit).toBe(Number.POSITIVE_INFINITY);
    expect(allocate(list, 391_000)[0]?.step?.source).toBe('l');
    expect(allocate(list, 1_343_000)[0]?.step?.source).toBe('m');
  });

  test('a small tile never takes a large layer', () => {
    expect(bitrates(allocate(three(), 1e8))).toEqual([1_200_000, 350_000, 100_000]);
  });

  test('what does not fit is paused, and what is smaller and fits is not', () => {
    const list: Demand[] = [
      {
        slot: 0,
        priority: 1,
        maxWidth: 1_920,
        options: [{ source: 's', bitrate: 900_000, width: 1_920 }],
        held: null,
      },
      { slot: 1, priority: 0, maxWidth: 320, options: CAMERA, held: null },
    ];
    expect(bitrates(allocate(list, 500_000))).toEqual([0, 100_000]);
  });

  test('a layer that costs less than a smaller one is taken in its place', () => {
    const steps = ladder(
      [
        { source: 'l', bitrate: 200_000, width: 320 },
        { source: 'h', bitrate: 150_000, width: 1_280 },
        { source: 'off', bitrate: 0, width: 640 },
      ],
      1_280,
    );
    expect(steps.map(({ source }) => source)).toEqual(['h']);
  });

  test('what is held stays at its cost, and is not taken up again below the margin', () => {
    const list = three({ source: 'l', temporalLimit: Number.POSITIVE_INFINITY });
    expect(bitrates(allocate(list, 300_000))).toEqual([100_000, 100_000, 100_000]);
    expect(bitrates(allocate(three(), 300_000))).toEqual([100_000, 100_000, 0]);
  });

  test('a smaller tile steps down from a layer above its ceiling without a margin', () => {
    const held = { source: 'h', temporalLimit: Number.POSITIVE_INFINITY };
    const list: Demand[] = [{ slot: 0, priority: 0, maxWidth: 640, options: CAMERA, held }];
    expect(bitrates(allocate(list, 350_000))).toEqual([350_000]);
  });
});
