// Reception statistics beside a model that knows what was really sent (RFC 3550, appendices A.1, A.3, A.8).

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIRST_CYCLE,
  MAX_DROPOUT,
  MAX_MISORDER,
  ReceptionStatistics,
} from '../src/receive/reception-statistics.js';
import { LossyPath } from './support/lossy-path.js';

const RATE = 90_000;

/** What the report must say, from true numbers that never wrap. */
class NaiveModel {
  jitter = 0;
  readonly #numbers: number[] = [];
  #before: { at: number; timestamp: number } | null = null;
  #expectedPrior = 0;
  #receivedPrior = 0;

  add(number: number, timestamp: number, at: number): void {
    this.#numbers.push(number);
    if (this.#before !== null) {
      const transits = (at - this.#before.at) * (RATE / 1_000) - (timestamp - this.#before.timestamp);
      this.jitter += (Math.abs(transits) - this.jitter) / 16;
    }
    this.#before = { at, timestamp };
  }

  get highest(): number {
    return Math.max(...this.#numbers);
  }

  get expected(): number {
    return this.highest - (this.#numbers[0] as number) + 1;
  }

  get lost(): number {
    return this.expected - this.#numbers.length;
  }

  fraction(): number {
    const expected = this.expected - this.#expectedPrior;
    const lost = expected - (this.#numbers.length - this.#receivedPrior);
    this.#expectedPrior = this.expected;
    this.#receivedPrior = this.#numbers.length;
    return expected > 0 && lost > 0 ? Math.min(255, Math.floor((256 * lost) / expected)) : 0;
  }
}

const quality = fc.record({
  lost: fc.integer({ min: 0, max: 40 }),
  doubled: fc.integer({ min: 0, max: 20 }),
  jitterMs: fc.integer({ min: 0, max: 150 }),
});

describe('statistics of a stream', () => {
  test('equal the naive model over any path, over wraps of numbers and timestamps', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        quality,
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (seed, path, firstNumber, firstTimestamp) => {
          const statistics = new ReceptionStatistics(RATE);
          const model = new NaiveModel();
          const arrivals = new LossyPath(seed, path).carry(400, 3);
          // Nothing is known of cycles before the first packet that comes.
          const cycles = (firstNumber + (arrivals[0]?.number ?? 0)) & ~0xffff;
          let heard = 0;
          for (const { number, at } of arrivals) {
            const truly = firstNumber + number - cycles;
            const timestamp = firstTimestamp + Math.floor(number / 4) * 1_080;
            const extended = statistics.onPacket(truly & 0xffff, timestamp >>> 0, at);
            if (extended !== FIRST_CYCLE + truly) expect.fail(`${truly} became ${extended}`);
            model.add(truly, timestamp, at);
            heard += 1;
            if (heard % 50 === 0) expect(statistics.takeFractionLost()).toBe(model.fraction());
          }
          fc.pre(heard > 0);
          expect(statistics.cumulativeLost).toBe(model.lost);
          expect(statistics.reportedHighest).toBe(model.highest);
          expect(statistics.jitter).toBeCloseTo(model.jitter, 6);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a wrapped number adds a cycle to what is reported', () => {
    const statistics = new ReceptionStatistics(RATE);
    for (let number = 65_000; number < 65_536 * 3; number += 400) statistics.onPacket(number & 0xffff, 0, 0);
    expect(statistics.reportedHighest).toBeGreaterThan(65_536 * 2);
    expect(statistics.reportedHighest >>> 16).toBe(2);
  });

  test('a jump is believed when a second packet confirms it, and numbers go on upwards', () => {
    const statistics = new ReceptionStatistics(RATE);
    statistics.onPacket(40_000, 0, 0);
    statistics.onPacket(40_001, 0, 10);
    expect(statistics.onPacket(100, 0, 20)).toBe(-1);
    const extended = statistics.onPacket(101, 0, 30);
    expect(extended).toBe(FIRST_CYCLE + 65_536 + 101);
    expect(statistics.restarts).toBe(1);
    expect(statistics.cumulativeLost).toBe(0);
    expect(statistics.onPacket(102, 0, 40)).toBe(extended + 1);
  });

  test('one stray packet changes nothing', () => {
    const statistics = new ReceptionStatistics(RATE);
    statistics.onPacket(1_000, 0, 0);
    expect(statistics.onPacket(30_000, 0, 5)).toBe(-1);
    expect(statistics.onPacket(1_001, 0, 10)).toBe(FIRST_CYCLE + 1_001);
    expect(statistics.onPacket(50_000, 0, 15)).toBe(-1);
    expect(statistics.cumulativeLost).toBe(0);
    expect(statistics.restarts).toBe(0);
  });

  test.each([
    ['the largest gap that is loss', MAX_DROPOUT - 1, true],
    ['the smallest that is a jump', MAX_DROPOUT, false],
    ['the latest packet', -MAX_MISORDER + 1, true],
    ['one later', -MAX_MISORDER, false],
  ])('%s', (_name, step, taken) => {
    const statistics = new ReceptionStatistics(RATE);
    statistics.onPacket(10_000, 0, 0);
    expect(statistics.onPacket(10_000 + step, 0, 1) >= 0).toBe(taken);
  });

  test('duplicates make the loss negative, as RFC 3550 says, and no fraction', () => {
    const statistics = new ReceptionStatistics(RATE);
    for (let times = 0; times < 3; times += 1) statistics.onPacket(7, 0, times);
    expect(statistics.cumulativeLost).toBe(-2);
    expect(statistics.takeFractionLost()).toBe(0);
  });

  test('a sender whose clock jumps has no jitter by that', () => {
    const statistics = new ReceptionStatistics(RATE);
    statistics.onPacket(1, 0, 0);
    statistics.onPacket(2, 0x7000_0000, 20);
    statistics.onPacket(3, 0x7000_0000 + 1_800, 40);
    expect(statistics.jitter).toBeCloseTo(0, 6);
  });
});
