// How bits are split over pictures: what holds for every demand, and what is sent in the usual ones.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, type Demand, SOUND_BITRATE, wantedBitrate } from '../src/upload/allocation.js';
import {
  type Encoding,
  idealEncoding,
  LEAST_BITRATE,
  MOST_RELIEF,
  type Picture,
  SCALES,
} from '../src/upload/picture.js';

const picture = (changes: Partial<Picture> = {}): Picture => ({
  peer: 'ann',
  line: 'camera',
  sourceWidth: 640,
  sourceHeight: 480,
  drawnWidth: 640,
  ...changes,
});

const demand = (pictures: readonly Picture[], changes: Partial<Demand> = {}): Demand => ({
  pictures,
  sounds: pictures.length,
  budget: null,
  speaking: false,
  relief: 0,
  ...changes,
});

const fresh = (): undefined => undefined;

const anyPicture = fc.record({
  peer: fc.constantFrom('ann', 'bo', 'cy', 'di', 'ed'),
  line: fc.constantFrom('camera' as const, 'screen' as const),
  sourceWidth: fc.integer({ min: 1, max: 4_096 }),
  sourceHeight: fc.integer({ min: 1, max: 2_304 }),
  drawnWidth: fc.integer({ min: 1, max: 8_192 }),
});
const anyDemand = fc.record({
  pictures: fc.array(anyPicture, { maxLength: 12 }),
  sounds: fc.integer({ min: 0, max: 12 }),
  budget: fc.integer({ min: 0, max: 20_000_000 }),
  speaking: fc.boolean(),
  relief: fc.integer({ min: 0, max: MOST_RELIEF }),
});

const bitrates = (encodings: readonly Encoding[]): number[] => encodings.map(({ maxBitrate }) => maxBitrate);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('for every demand', () => {
  test('the pictures stay within what sound leaves of the budget, or get no more than the least', () => {
    fc.assert(
      fc.property(anyDemand, (any) => {
        const left = any.budget - any.sounds * SOUND_BITRATE;
        const least = any.pictures.length * LEAST_BITRATE;
        expect(sum(bitrates(allocate(any, fresh)))).toBeLessThanOrEqual(Math.max(left, least));
      }),
    );
  });

  test('nobody is starved, and nobody gets more than the picture is good for', () => {
    fc.assert(
      fc.property(anyDemand, (any) => {
        const ideals = allocate({ ...any, budget: null }, fresh);
        allocate(any, fresh).forEach((encoding, i) => {
          expect(encoding.maxBitrate).toBeGreaterThanOrEqual(LEAST_BITRATE);
          expect(encoding.maxBitrate).toBeLessThanOrEqual(ideals[i]?.maxBitrate ?? 0);
          expect(encoding.scaleResolutionDownBy).toBeGreaterThanOrEqual(
            ideals[i]?.scaleResolutionDownBy ?? Number.NaN,
          );
          expect(SCALES).toContain(encoding.scaleResolutionDownBy);
        });
      }),
    );
  });

  test('more to give never takes from anyone', () => {
    fc.assert(
      fc.property(anyDemand, fc.integer({ min: 0, max: 5_000_000 }), (any, more) => {
        const before = allocate(any, fresh);
        allocate({ ...any, budget: any.budget + more }, fresh).forEach((encoding, i) => {
          expect(encoding.maxBitrate).toBeGreaterThanOrEqual(before[i]?.maxBitrate ?? Number.NaN);
          expect(encoding.scaleResolutionDownBy).toBeLessThanOrEqual(
            before[i]?.scaleResolutionDownBy ?? Number.NaN,
          );
        });
      }),
    );
  });

  test('a budget of all that is wanted gives all that is wanted', () => {
    fc.assert(
      fc.property(anyDemand, (any) => {
        const unlimited = allocate({ ...any, budget: null }, fresh);
        expect(allocate({ ...any, budget: wantedBitrate(any) }, fresh)).toEqual(unlimited);
      }),
    );
  });

  test('a camera gets more than the least only where every screen has all', () => {
    fc.assert(
      fc.property(anyDemand, (any) => {
        const ideals = allocate({ ...any, budget: null }, fresh);
        const given = allocate(any, fresh);
        const short = any.pictures.some(
          ({ line }, i) =>
            line === 'screen' && (given[i]?.maxBitrate ?? 0) < (ideals[i]?.maxBitrate ?? 0) - 1,
        );
        if (!short) return;
        any.pictures.forEach(({ line }, i) => {
          if (line === 'camera') expect(given[i]?.maxBitrate).toBe(LEAST_BITRATE);
        });
      }),
    );
  });

  test('bits that waver by a tenth settle on one size', () => {
    fc.assert(
      fc.property(anyPicture, fc.integer({ min: LEAST_BITRATE * 2, max: 4_000_000 }), (any, budget) => {
        let encoding: Encoding | undefined;
        const sizes = new Set<number>();
        for (let turn = 0; turn < 12; turn += 1) {
          const wavering = turn % 2 === 0 ? budget : budget * 0.9;
          [encoding] = allocate(demand([any], { sounds: 0, budget: wavering }), () => encoding);
          if (turn > 1) sizes.add(encoding?.scaleResolutionDownBy ?? 0);
        }
        expect(sizes.size).toBe(1);
      }),
    );
  });
});

describe('one person large and three thumbnails', () => {
  const pictures = [picture(), ...[1, 2, 3].map(() => picture({ drawnWidth: 256 }))];

  test('take about a third of four large ones', () => {
    const shared = wantedBitrate(demand(pictures, { sounds: 0 }));
    const plain = wantedBitrate(
      demand(
        pictures.map((one) => ({ ...one, drawnWidth: 640 })),
        { sounds: 0 },
      ),
    );
    expect(shared / plain).toBeLessThan(0.36);
  });

  test('are cut in this order when little is left: thumbnails first', () => {
    const ideal = bitrates(allocate(demand(pictures), fresh));
    const budget = 4 * SOUND_BITRATE + (ideal[0] ?? 0) + 3 * LEAST_BITRATE;
    const given = bitrates(allocate(demand(pictures, { budget }), fresh));
    expect(given).toEqual([ideal[0], LEAST_BITRATE, LEAST_BITRATE, LEAST_BITRATE]);
  });

  test('with a screen beside, the screen comes before all of them', () => {
    const screen = picture({ line: 'screen', sourceWidth: 1920, sourceHeight: 1080, drawnWidth: 1920 });
    const [first] = allocate(demand([...pictures, screen].reverse(), { budget: 5_000_000 }), fresh);
    expect(first).toEqual(idealEncoding(screen, false, 0));
  });
});

describe('what a picture is sent as', () => {
  test.each([
    [640, 1],
    [8_192, 1],
    [512, 1.25],
    [320, 2],
    [256, 2.5],
    [160, 4],
    [1, 16],
  ])('of 640 pixels drawn %i wide: scaled down by %d', (drawnWidth, scale) => {
    expect(idealEncoding(picture({ drawnWidth }), false, 0).scaleResolutionDownBy).toBe(scale);
  });

  test('it is never narrower than it is drawn, but for the smallest', () => {
    fc.assert(
      fc.property(anyPicture, (any) => {
        const { scaleResolutionDownBy: scale } = idealEncoding(any, false, 0);
        if (scale < 16)
          expect(any.sourceWidth / scale).toBeGreaterThanOrEqual(Math.min(any.drawnWidth, any.sourceWidth));
      }),
    );
  });

  test('a thumbnail moves at half the rate, except while its person speaks', () => {
    const thumbnail = picture({ drawnWidth: 256 });
    expect(idealEncoding(thumbnail, false, 0).maxFramerate).toBe(15);
    expect(idealEncoding(thumbnail, true, 0).maxFramerate).toBe(30);
    expect(idealEncoding(picture(), false, 0).maxFramerate).toBe(30);
    // Text is small in a small screen too.
    expect(idealEncoding({ ...thumbnail, line: 'screen' }, false, 0).maxFramerate).toBe(30);
  });

  test('each step of relief costs fewer pixels per second', () => {
    const pixelRates = Array.from({ length: MOST_RELIEF + 1 }, (_, relief) => {
      const { maxFramerate, scaleResolutionDownBy } = idealEncoding(picture(), false, relief);
      return maxFramerate / scaleResolutionDownBy ** 2;
    });
    for (let level = 1; level < pixelRates.length; level += 1) {
      expect(pixelRates[level]).toBeLessThan(pixelRates[level - 1] ?? 0);
    }
  });
});
