// The emulator of a line, against the numbers that it is given.

import { expect, test } from 'vitest';
import { createLinkEmulator, type Direction, seeded } from '../../../bench/network/link-emulator.js';

/** Arrivals of packets of 1,000 bytes that enter every `everyMs`. */
function arrivals(direction: Direction, { packets = 50_000, everyMs = 10, seed = 1 } = {}) {
  const emulator = createLinkEmulator(direction, seeded(seed));
  return Array.from({ length: packets }, (_, index) => {
    const at = index * everyMs;
    return { at, arrival: emulator.enter(1_000, at) };
  });
}

const lossOf = (direction: Direction): number => {
  const all = arrivals(direction);
  return all.filter(({ arrival }) => arrival === null).length / all.length;
};

const received = (direction: Direction, options = {}) =>
  arrivals(direction, options).flatMap(({ at, arrival }) => (arrival === null ? [] : [{ at, arrival }]));

test('a line without faults passes everything at once', () => {
  expect(arrivals({}, { packets: 3 }).map(({ at, arrival }) => arrival === at)).toEqual([true, true, true]);
});

test('delay and jitter stay within their bounds, and the order stays', () => {
  const late = received({ delayMs: 50, jitterMs: 30 });
  expect(Math.min(...late.map(({ at, arrival }) => arrival - at))).toBeGreaterThanOrEqual(50);
  expect(Math.max(...late.map(({ at, arrival }) => arrival - at))).toBeLessThanOrEqual(80);
  expect(late.every(({ arrival }, index) => index === 0 || arrival >= (late[index - 1]?.arrival ?? 0))).toBe(
    true,
  );
});

test('reordering lets packets be overtaken, about as many as it says', () => {
  const late = received({ jitterMs: 100, reorder: 0.1 }, { everyMs: 5 });
  let newest = 0;
  let overtaken = 0;
  for (const { arrival } of late) {
    if (arrival < newest) overtaken += 1;
    newest = Math.max(newest, arrival);
  }
  expect(overtaken / late.length).toBeGreaterThan(0.05);
  expect(overtaken / late.length).toBeLessThan(0.2);
});

test('single losses and bursts come as often as they should', () => {
  expect(lossOf({ loss: 0.05 })).toBeCloseTo(0.05, 2);
  // A burst begins at 1 % of the packets outside of one and takes 5: 5 out of 104.
  expect(lossOf({ bursts: { begin: 0.01, meanPackets: 5 } })).toBeCloseTo(0.048, 2);
});

test('bursts take packets in a row', () => {
  const lost = arrivals({ bursts: { begin: 0.01, meanPackets: 5 } }).map(({ arrival }) => arrival === null);
  const bursts = lost.filter((now, index) => now && !lost[index - 1]).length;
  expect(lost.filter(Boolean).length / bursts).toBeCloseTo(5, 0);
});

test('a rate lets through as much as it says, and its queue is bounded', () => {
  // 800 kbit/s come in, 400 go out: half is lost, and nothing waits longer than the queue and its own packet.
  const rate = { kbps: 400, queueMs: 200 };
  const out = received({ rate }, { packets: 5_000 });
  expect(out.length / 5_000).toBeCloseTo(0.5, 1);
  expect(Math.max(...out.map(({ at, arrival }) => arrival - at))).toBeLessThanOrEqual(200 + 20);
});

test('a queue that has drained adds nothing', () => {
  const out = received({ rate: { kbps: 8_000, queueMs: 200 } }, { packets: 10, everyMs: 100 });
  expect(out.map(({ at, arrival }) => Math.round(arrival - at))).toEqual(Array(10).fill(1));
});

test('the same seed does the same', () => {
  const line = { delayMs: 10, jitterMs: 10, loss: 0.1 };
  expect(arrivals(line, { seed: 7, packets: 100 })).toEqual(arrivals(line, { seed: 7, packets: 100 }));
  expect(arrivals(line, { seed: 7, packets: 100 })).not.toEqual(arrivals(line, { seed: 8, packets: 100 }));
});
