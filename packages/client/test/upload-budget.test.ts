// What is short, and whose fault it is: our uplink's, or that of one path alone.

import { describe, expect, test } from 'vitest';
import { AMPLE, type Budget, type Path, stepBudget } from '../src/upload/budget.js';
import { type Relief, startRelief, stepRelief } from '../src/upload/relief.js';

const WANTED = 3_000_000;
const good: Path = { available: 2_000_000, asked: 1_000_000 };
const poor: Path = { available: 300_000, asked: 1_000_000 };

function after(times: number, paths: readonly Path[], from: Budget = AMPLE): Budget {
  let budget = from;
  for (let i = 0; i < times; i += 1) budget = stepBudget(budget, paths, WANTED);
  return budget;
}

describe('the budget', () => {
  test('is open while nothing is short, and where browsers do not say', () => {
    expect(after(10, [good, good, good]).limit).toBeNull();
    expect(
      after(10, [
        { ...poor, available: null },
        { ...poor, available: null },
      ]).limit,
    ).toBeNull();
  });

  test('is open while one path alone is short: that is the other end’s network', () => {
    expect(after(10, [poor, good, good]).limit).toBeNull();
    expect(after(10, [poor]).limit).toBeNull();
  });

  test('is what the paths take together once several have been short for some samples', () => {
    expect(after(2, [poor, poor, good]).limit).toBeNull();
    expect(after(3, [poor, poor, good]).limit).toBe(300_000 + 300_000 + 1_000_000);
  });

  test('does not conclude from estimates that are still growing', () => {
    const starting = after(2, [poor, poor]);
    expect(after(1, [good, good], starting)).toEqual(AMPLE);
  });

  test('is lifted step by step, and open again when all that is wanted fits', () => {
    const limited = after(3, [poor, poor]);
    const lifted = after(1, [good, good], limited);
    expect(lifted.limit).toBeGreaterThan(limited.limit ?? 0);
    expect(lifted.limit).toBeLessThan((limited.limit ?? 0) * 1.2);
    expect(after(40, [good, good], limited)).toEqual(AMPLE);
  });
});

describe('the relief of the processor', () => {
  const limitedFor = (ms: number, from: Relief = startRelief(0), start = 0): Relief => {
    let relief = from;
    for (let now = start; now <= start + ms; now += 2_000) relief = stepRelief(relief, true, now);
    return relief;
  };

  test('steps up only when encoders have been held back for a while, and has an end', () => {
    expect(limitedFor(6_000).level).toBe(0);
    expect(limitedFor(8_000).level).toBe(1);
    expect(limitedFor(16_000).level).toBe(2);
    expect(limitedFor(600_000).level).toBe(3);
  });

  test('a moment without being held back begins the wait anew', () => {
    let relief = limitedFor(6_000);
    relief = stepRelief(relief, false, 7_000);
    relief = stepRelief(relief, true, 8_000);
    expect(stepRelief(relief, true, 15_000).level).toBe(0);
    expect(stepRelief(relief, true, 16_000).level).toBe(1);
  });

  test('steps down far more slowly than up, to nothing', () => {
    let relief = limitedFor(16_000);
    relief = stepRelief(relief, false, 18_000);
    expect(stepRelief(relief, false, 47_000).level).toBe(2);
    relief = stepRelief(relief, false, 48_000);
    expect(relief.level).toBe(1);
    relief = stepRelief(relief, false, 78_000);
    expect(relief.level).toBe(0);
    expect(stepRelief(relief, false, 200_000).level).toBe(0);
  });
});
