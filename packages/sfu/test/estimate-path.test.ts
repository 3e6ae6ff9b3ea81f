// Congestion control over simulated paths: how fast it finds a rate, how it gives way, how it comes back.

import { describe, expect, test } from 'vitest';
import { allocate, allocatedBitrate, type Demand, wantedBitrate } from '../src/estimate/allocation.js';
import { Bottleneck, Flow, meanEstimate, run, type Source } from './estimate-bottleneck.js';

const RATE = 3e6;
const LOW_RATE = 5e5;
const SOURCES = ['smooth', 'frames'] as const;
const greedy = (kind: (typeof SOURCES)[number]): Source => ({ kind, most: 1e7 });

/** Turns until `until` holds, at most to `latest`; when it did. */
function waitFor(flow: Flow, from: number, latest: number, until: (now: number) => boolean): number {
  for (let now = from; now < latest; now++) {
    run([flow], now, now + 1);
    if (until(now)) return now;
  }
  return Number.POSITIVE_INFINITY;
}

describe.each(SOURCES)('a source of %s', (kind) => {
  test('finds 3 Mbit/s within two seconds and stays near, with a short queue', () => {
    const path = new Bottleneck({});
    const flow = new Flow(path, greedy(kind));
    run([flow], 0, 2_000);
    let longest = 0;
    let waits = 0;
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    run([flow], 2_000, 30_000, (now) => {
      longest = Math.max(longest, path.queueMs(now));
      waits += path.queueMs(now);
      sum += flow.control.bitrate;
      least = Math.min(least, flow.control.bitrate);
      most = Math.max(most, flow.control.bitrate);
    });
    expect(least).toBeGreaterThan(RATE * 0.65);
    expect(most).toBeLessThan(RATE * 1.2);
    expect(sum / 28_000).toBeGreaterThan(RATE * 0.8);
    expect(sum / 28_000).toBeLessThanOrEqual(RATE);
    expect(longest).toBeLessThan(250);
    expect(waits / 28_000).toBeLessThan(50);
    // Probes are few: less than 2 % of what is sent.
    expect(flow.paddingBytes).toBeLessThan(flow.sentBytes * 0.02);
  });

  test('falls below 550 kbit/s after a step to 500, empties the queue, and is back after the step up', () => {
    const path = new Bottleneck({});
    const flow = new Flow(path, greedy(kind));
    run([flow], 0, 10_000);
    path.setRate(LOW_RATE, 10_000);
    run([flow], 10_000, 12_000);
    expect(flow.control.bitrate).toBeLessThan(LOW_RATE * 1.1);
    run([flow], 12_000, 12_500);
    expect(path.queueMs(12_500)).toBeLessThan(100);
    let low = 0;
    run([flow], 12_500, 25_000, () => {
      low += flow.control.bitrate;
    });
    expect(low / 12_500).toBeGreaterThan(LOW_RATE * 0.7);
    expect(low / 12_500).toBeLessThan(LOW_RATE * 1.1);
    path.setRate(RATE, 25_000);
    expect(waitFor(flow, 25_000, 40_000, () => flow.control.bitrate > RATE * 0.8)).toBeLessThan(35_000);
    expect(meanEstimate(flow, 35_000, 45_000)).toBeGreaterThan(RATE * 0.75);
  });

  test.each([25, 200])('a step down finds it awake at any moment, %s ms away', (delayMs) => {
    for (let seed = 1; seed <= 6; seed++) {
      const path = new Bottleneck({ jitterMs: 5, delayMs }, seed * 7_919);
      const flow = new Flow(path, greedy(kind));
      const at = 8_000 + seed * 431;
      run([flow], 0, at);
      path.setRate(LOW_RATE, at);
      run([flow], at, at + 2_500);
      let longest = 0;
      let most = 0;
      let sum = 0;
      run([flow], at + 2_500, at + 8_000, (now) => {
        longest = Math.max(longest, path.queueMs(now));
        sum += flow.control.bitrate;
        most = Math.max(most, flow.control.bitrate);
      });
      expect(most, `seed ${seed}`).toBeLessThan(LOW_RATE * 1.2);
      expect(longest, `seed ${seed}`).toBeLessThan(200);
      expect(sum / 5_500, `seed ${seed}`).toBeGreaterThan(LOW_RATE * 0.6);
    }
  });

  test('keeps most of the path when one packet in ten is lost by chance', () => {
    const flow = new Flow(new Bottleneck({ loss: 0.1 }), greedy(kind));
    run([flow], 0, 5_000);
    expect(meanEstimate(flow, 5_000, 40_000)).toBeGreaterThan(RATE * 0.6);
    expect(flow.control.estimator.loss).toBeGreaterThan(0.05);
  });

  test.each([0.02, 0.05])('does not mind a loss of %s', (loss) => {
    const flow = new Flow(new Bottleneck({ loss }), greedy(kind));
    run([flow], 0, 5_000);
    expect(meanEstimate(flow, 5_000, 30_000)).toBeGreaterThan(RATE * 0.75);
  });

  test('gives way to loss where there is no queue to see', () => {
    const path = new Bottleneck({ rate: LOW_RATE, queueMs: 60 });
    const flow = new Flow(path, greedy(kind));
    run([flow], 0, 5_000);
    let sum = 0;
    const before = flow.sentBytes;
    const arrivedBefore = flow.receivedBytes;
    run([flow], 5_000, 30_000, () => {
      sum += flow.control.bitrate;
    });
    expect(sum / 25_000).toBeLessThan(LOW_RATE * 1.25);
    expect(sum / 25_000).toBeGreaterThan(LOW_RATE * 0.6);
    expect((flow.receivedBytes - arrivedBefore) / (flow.sentBytes - before)).toBeGreaterThan(0.9);
  });

  test.each([false, true])('is not led astray by 30 ms of jitter (out of order: %s)', (reorder) => {
    const flow = new Flow(new Bottleneck({ jitterMs: 30, reorder }), greedy(kind));
    run([flow], 0, 10_000);
    expect(meanEstimate(flow, 10_000, 40_000)).toBeGreaterThan(RATE * 0.6);
  });

  test('works with a round trip of 400 ms', () => {
    const flow = new Flow(new Bottleneck({ delayMs: 200 }), greedy(kind));
    run([flow], 0, 10_000);
    const mean = meanEstimate(flow, 10_000, 40_000);
    expect(mean).toBeGreaterThan(RATE * 0.6);
    expect(mean).toBeLessThan(RATE * 1.1);
  });

  test('falls while the path is away for three seconds, and is soon back', () => {
    const path = new Bottleneck({});
    const flow = new Flow(path, greedy(kind));
    run([flow], 0, 10_000);
    path.conditions.away = true;
    run([flow], 10_000, 13_000);
    expect(flow.control.bitrate).toBeLessThan(RATE * 0.2);
    path.conditions.away = false;
    run([flow], 13_000, 15_000);
    expect(flow.control.bitrate).toBeGreaterThan(RATE * 0.7);
    expect(meanEstimate(flow, 15_000, 25_000)).toBeGreaterThan(RATE * 0.75);
  });

  test('two of them share', () => {
    const path = new Bottleneck({});
    const flows = [new Flow(path, greedy(kind)), new Flow(path, greedy(kind))];
    run(flows, 0, 10_000);
    const before = flows.map((flow) => flow.receivedBytes);
    run(flows, 10_000, 70_000);
    const rates = flows.map((flow, i) => ((flow.receivedBytes - (before[i] as number)) * 8) / 60);
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    expect(total).toBeGreaterThan(RATE * 0.7);
    for (const rate of rates) expect(rate).toBeGreaterThan(total * 0.25);
  });

  test('does not grow far beyond what is sent when nothing more is wanted', () => {
    const flow = new Flow(new Bottleneck({ rate: 1e7 }), { kind, most: 400_000 });
    flow.control.wanted = 400_000;
    run([flow], 0, 3_000);
    const found = flow.control.bitrate;
    run([flow], 3_000, 60_000);
    expect(flow.control.bitrate).toBeLessThanOrEqual(Math.max(found, 400_000 * 1.6));
  });
});

describe('layers chosen by the estimate', () => {
  const demands: Demand[] = [0, 1, 2].map((slot) => ({
    slot,
    priority: slot === 0 ? 1 : 0,
    maxWidth: 1_280,
    options: [
      { source: 'l', bitrate: 90_000, width: 320 },
      { source: 'm', bitrate: 300_000, width: 640 },
      { source: 'h', bitrate: 900_000, width: 1_280 },
    ],
    held: null,
  }));

  function layered(path: Bottleneck) {
    let held = demands;
    let allocated = 0;
    let changes = 0;
    const flow: Flow = new Flow(path, {
      kind: 'choose',
      choose(budget, now) {
        if (now % 100 !== 0) return allocated + AUDIO;
        const choices = allocate(held, budget, AUDIO);
        flow.control.wanted = wantedBitrate(held, AUDIO);
        if (allocatedBitrate(choices) !== allocated) changes++;
        allocated = allocatedBitrate(choices);
        held = held.map((demand, i) => ({ ...demand, held: choices[i]?.step ?? null }));
        return allocated + AUDIO;
      },
    });
    return { flow, allocated: () => allocated, changes: () => changes };
  }
  const AUDIO = 40_000;

  test('all go up within five seconds, and stay', () => {
    const path = new Bottleneck({ rate: 4e6 });
    const { flow, allocated, changes } = layered(path);
    run([flow], 0, 5_000);
    expect(allocated()).toBe(2_700_000);
    const before = changes();
    run([flow], 5_000, 60_000);
    expect(allocated()).toBe(2_700_000);
    expect(changes()).toBe(before);
  });

  test('fewer and smaller ones after a step down, all again after the step up', () => {
    const path = new Bottleneck({ rate: 4e6 });
    const { flow, allocated, changes } = layered(path);
    run([flow], 0, 10_000);
    path.setRate(LOW_RATE, 10_000);
    run([flow], 10_000, 12_000);
    expect(allocated()).toBeLessThan(LOW_RATE);
    run([flow], 12_000, 14_000);
    const before = changes();
    let waits = 0;
    let shown = 0;
    run([flow], 14_000, 30_000, (now) => {
      waits = Math.max(waits, path.queueMs(now));
      shown += allocated();
    });
    expect(waits).toBeLessThan(400);
    expect(shown / 16_000).toBeGreaterThan(LOW_RATE * 0.4);
    expect(changes() - before).toBeLessThan(16);
    path.setRate(4e6, 30_000);
    run([flow], 30_000, 42_000);
    expect(allocated()).toBe(2_700_000);
  });

  test('one packet in ten lost by chance does not keep them down', () => {
    const { flow, allocated } = layered(new Bottleneck({ rate: 4e6, loss: 0.1 }));
    run([flow], 0, 20_000);
    let shown = 0;
    run([flow], 20_000, 40_000, () => {
      shown += allocated();
    });
    expect(shown / 20_000).toBeGreaterThan(1_500_000);
  });
});
