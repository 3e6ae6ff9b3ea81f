// The delay-based parts one by one: groups, trend, detector, rates.

import { describe, expect, test } from 'vitest';
import { BandwidthEstimator } from '../src/estimate/bandwidth-estimator.js';
import { BitrateWindow } from '../src/estimate/bitrate-window.js';
import { OveruseDetector } from '../src/estimate/overuse-detector.js';
import { PacketGroups } from '../src/estimate/packet-groups.js';
import { type PathReport, RateControl } from '../src/estimate/rate-control.js';
import { TrendlineFilter } from '../src/estimate/trendline-filter.js';
import { ARRIVAL_WRAP_MS } from '../src/rtcp/transport-feedback.js';

describe('packet groups', () => {
  test('what is sent within 5 ms is one group, compared by its last packet', () => {
    const groups = new PacketGroups();
    for (const [sent, arrived] of [
      [0, 100],
      [2, 103],
      [4, 106],
      [20, 121],
      [24, 130],
    ] as const) {
      expect(groups.add(sent, arrived)).toBe(false);
    }
    expect(groups.add(40, 141)).toBe(true);
    expect(groups).toMatchObject({ sendDelta: 20, arrivalDelta: 24, arrival: 130 });
  });

  test('what is delivered in one go is one group, but not for ever', () => {
    const groups = new PacketGroups();
    let compared = 0;
    for (let i = 0; i < 10; i++) if (groups.add(i * 10, 200 + i)) compared++;
    expect(compared).toBe(0);
    for (let i = 10; i < 60; i++) if (groups.add(i * 10, 200 + i * 4)) compared++;
    expect(compared).toBeGreaterThan(0);
  });

  test('a clock set back starts anew', () => {
    const groups = new PacketGroups();
    for (let i = 0; i < 10; i++) groups.add(i * 10, 10_000 + i * 10);
    for (let i = 10; i < 20; i++) groups.add(i * 10, i * 10);
    expect(groups.add(200, 200)).toBe(true);
    expect(groups.arrivalDelta).toBe(10);
  });
});

test('the trend is the growth of the delay', () => {
  const steady = new TrendlineFilter();
  const growing = new TrendlineFilter();
  for (let i = 1; i <= 200; i++) {
    steady.update(10, 10, i * 10);
    growing.update(11, 10, i * 11);
  }
  expect(steady.slope).toBe(0);
  expect(growing.slope).toBeCloseTo(1 / 11, 2);
});

describe('the detector', () => {
  test('needs more than one group and 10 ms of a growing delay', () => {
    const detector = new OveruseDetector();
    detector.update(0.2, 60, 8, 1_000);
    expect(detector.usage).toBe('normal');
    detector.update(0.2, 60, 8, 1_008);
    expect(detector.usage).toBe('overuse');
    detector.update(0, 60, 8, 1_016);
    expect(detector.usage).toBe('normal');
    detector.update(-0.2, 60, 8, 1_024);
    expect(detector.usage).toBe('underuse');
  });

  test('a delay that grows less than before is no overuse', () => {
    const detector = new OveruseDetector();
    detector.update(0.3, 60, 20, 1_000);
    detector.update(0.2, 60, 20, 1_020);
    expect(detector.usage).toBe('normal');
  });

  test('its threshold follows noise up quickly enough, and is bounded', () => {
    const detector = new OveruseDetector();
    for (let i = 0; i < 500; i++) detector.update(i % 2 ? 0.1 : -0.1, 60, 10, i * 10);
    expect(detector.threshold).toBeGreaterThan(20);
    for (let i = 500; i < 5_000; i++) detector.update(0, 60, 10, i * 10);
    expect(detector.threshold).toBe(6);
  });
});

test('a window of bits per second ends at the newest addition', () => {
  const window = new BitrateWindow();
  expect(window.over(475)).toBeNull();
  for (let at = 0; at < 1_000; at += 5) window.add(at, 625);
  expect(window.over(475)).toBe(1_000_000);
  for (let at = 1_000; at < 1_250; at += 5) window.add(at, 125);
  expect(window.over(200)).toBe(200_000);
  expect(window.withoutGap(200, 5)).toBe(200_000);
  for (let at = 1_425; at < 1_550; at += 5) window.add(at, 250);
  expect(window.over(200)).toBe(200_000);
  expect(window.withoutGap(200, 5)).toBe(400_000);
  expect(window.withoutGap(200, 50)).toBeNull();
  window.add(2_025, 0);
  expect(window.withoutGap(200, 1)).toBeNull();
  expect(window.over(475)).toBe(0);
  window.add(9_000, 100);
  expect(window.over(200)).toBeNull();
});

describe('rates', () => {
  const report = (more: Partial<PathReport>): PathReport => {
    return {
      usage: 'normal',
      acknowledged: 1e6,
      carried: 1e6,
      recent: 1e6,
      sent: 1e6,
      applicationLimited: false,
      rttMs: 100,
      ...more,
    };
  };

  test('grow by 8 % a second, to one and a half times what arrives', () => {
    const rates = new RateControl({ start: 1e6, min: 1e4, max: 1e8 });
    for (let now = 0; now <= 1_000; now += 100) rates.update(report({}), now);
    expect(rates.bitrate / 1e6).toBeCloseTo(1.08, 2);
    for (let now = 1_100; now < 60_000; now += 100) rates.update(report({}), now);
    expect(rates.bitrate).toBe(1_510_000);
  });

  test('fall to 0.85 of what arrives, once a round trip, and grow slowly from there', () => {
    const rates = new RateControl({ start: 2e6, min: 1e4, max: 1e8 });
    rates.update(report({}), 0);
    rates.update(report({ usage: 'overuse', carried: 1.6e6, recent: 1.5e6 }), 100);
    expect(rates.bitrate).toBe(1.6e6 * 0.85);
    rates.update(report({ usage: 'overuse', carried: 1.5e6, recent: 1.5e6 }), 150);
    expect(rates.bitrate).toBe(1.6e6 * 0.85);
    const before = rates.bitrate;
    for (let now = 200; now <= 1_300; now += 100) {
      rates.update(report({ acknowledged: 1.6e6, carried: 1.6e6, recent: 1.6e6 }), now);
    }
    // 1,200 bytes each 200 ms: 48 kbit/s per second.
    expect(rates.bitrate - before).toBeGreaterThan(40_000);
    expect(rates.bitrate - before).toBeLessThan(60_000);
  });

  test('an application that sends little neither makes them grow, nor fall with it', () => {
    const rates = new RateControl({ start: 2e6, min: 1e4, max: 1e8 });
    const little = { acknowledged: 1e5, carried: 1e5, recent: 1e5, sent: 1e5, applicationLimited: true };
    for (let now = 0; now < 5_000; now += 100) rates.update(report(little), now);
    expect(rates.bitrate).toBe(2e6);
    rates.update(report({ ...little, usage: 'overuse' }), 5_000);
    expect(rates.bitrate).toBe(1.7e6);
    // But when not all of it comes through, then the path is that narrow.
    rates.update(report({ ...little, carried: 5e4, recent: 5e4, usage: 'overuse' }), 6_000);
    expect(rates.bitrate).toBeCloseTo(42_500, 0);
  });
});

describe('the estimator', () => {
  const arrivals = (list: readonly number[]) => ({ baseSequence: 0, arrivals: Float64Array.from(list) });

  test('survives any feedback', () => {
    const estimator = new BandwidthEstimator();
    expect(estimator.onFeedback({ baseSequence: 5, arrivals: new Float64Array(0) }, 0)).toBeNull();
    estimator.onFeedback(arrivals([1, 2, Number.NaN]), 10);
    for (let i = 0; i < 100; i++) estimator.onSent(i, 1_200, 20 + i);
    estimator.onFeedback({ baseSequence: 0, arrivals: new Float64Array(8_192).fill(Number.NaN) }, 200);
    estimator.onFeedback({ baseSequence: 60_000, arrivals: new Float64Array(8_192).fill(7) }, 300);
    estimator.onReceiverReport(1, Number.NaN, 400);
    estimator.onReceiverReport(1, -3, 400);
    const bitrate = estimator.estimate(500);
    expect(bitrate).toBeGreaterThanOrEqual(estimator.min);
    expect(bitrate).toBeLessThanOrEqual(estimator.max);
  });

  test('does not notice when the clock in feedback begins anew', () => {
    const rates = [0, ARRIVAL_WRAP_MS - 5_000].map((offset) => {
      const estimator = new BandwidthEstimator({ start: 1e6 });
      let sequence = 0;
      for (let now = 0; now < 10_000; now += 50) {
        const first = sequence;
        for (let i = 0; i < 6; i++) estimator.onSent(sequence++, 1_000, now + i * 8);
        const list = Float64Array.from(
          { length: 6 },
          (_, i) => (now + i * 8 + 30 + offset) % ARRIVAL_WRAP_MS,
        );
        estimator.onFeedback({ baseSequence: first & 0xffff, arrivals: list }, now + 90);
      }
      expect(estimator.usage).toBe('normal');
      return estimator.estimate(10_100);
    });
    expect(rates[1]).toBeCloseTo(rates[0] as number, 3);
  });

  test('takes the round trip from reports where there are any', () => {
    const estimator = new BandwidthEstimator();
    for (let i = 0; i < 40; i++) estimator.onReceiverReport(0, 42, i * 1_000);
    expect(estimator.rttMs).toBeCloseTo(42, 5);
  });

  test('goes by the loss in receiver reports where there is no other feedback', () => {
    const estimator = new BandwidthEstimator({ start: 2e6 });
    let sequence = 0;
    for (let now = 0; now < 20_000; now += 10) {
      estimator.onSent(sequence++ & 0xffff, 1_200, now);
      if (now % 1_000 === 0) estimator.onReceiverReport(0.5, 50, now);
    }
    expect(estimator.estimate(20_000)).toBeLessThan(1e6);
    expect(estimator.loss).toBeGreaterThan(0.4);
  });
});
