// Probes: when they begin, how much they send, what they show.

import { describe, expect, test } from 'vitest';
import { CLUSTER_PACKETS, ProbeController, type ProbeReasons } from '../src/estimate/probe-controller.js';
import { type ProbeResult, ProbeResults } from '../src/estimate/probe-results.js';

const reasons = (more: Partial<ProbeReasons>): ProbeReasons => {
  return {
    estimate: 300_000,
    wanted: 5e6,
    max: 2e7,
    decreasedAt: Number.NEGATIVE_INFINITY,
    jitterMs: 0,
    ...more,
  };
};

/** Sends what is due until the cluster is complete; bytes, packets and the time it took. */
function fill(probes: ProbeController, from: number, step: number) {
  let bytes = 0;
  let packets = 0;
  for (let now = from; now < from + 300; now += step) {
    while (probes.due(now) > 0) {
      bytes += 250;
      packets++;
      if (probes.sent(250, now)) return { bytes, packets, ms: now - from };
    }
  }
  throw new Error('the cluster did not end');
}

describe('the controller', () => {
  test('begins with three and six times the start', () => {
    const probes = new ProbeController(300_000);
    expect(probes.update(reasons({ wanted: 0 }), 0)).toBeNull();
    probes.begin();
    expect(probes.update(reasons({}), 0)).toEqual({ id: 1, target: 900_000 });
    expect(probes.cluster).toBe(1);
    const { bytes, packets, ms } = fill(probes, 0, 5);
    expect(bytes).toBeGreaterThanOrEqual((900_000 / 8_000) * 15);
    expect(packets).toBeGreaterThanOrEqual(CLUSTER_PACKETS);
    expect(ms).toBeGreaterThanOrEqual(10);
    expect(ms).toBeLessThan(30);
    expect(probes.cluster).toBe(0);
    expect(probes.update(reasons({}), 25)).toEqual({ id: 2, target: 1_800_000 });
  });

  test('sends all at once when it is asked late', () => {
    const probes = new ProbeController(300_000);
    probes.begin();
    probes.update(reasons({}), 0);
    expect(fill(probes, 0, 50).ms).toBe(50);
  });

  test('does not probe while nothing more is wanted, or the path is overused', () => {
    const probes = new ProbeController(300_000);
    for (let now = 0; now < 60_000; now += 25) {
      expect(probes.update(reasons({ wanted: 250_000 }), now)).toBeNull();
      expect(probes.update(reasons({ decreasedAt: now - 1_000 }), now)).toBeNull();
      expect(probes.update(reasons({ estimate: 2e7 }), now)).toBeNull();
    }
    expect(probes.update(reasons({}), 60_000)?.target).toBe(600_000);
  });

  test('goes on at once after a success, up to what is wanted and a little, and more slowly after failures', () => {
    const probes = new ProbeController(300_000);
    expect(probes.update(reasons({ wanted: 1e6 }), 0)?.target).toBe(600_000);
    fill(probes, 0, 5);
    probes.result({ target: 600_000, bitrate: 590_000 }, 100);
    expect(probes.update(reasons({ estimate: 590_000, wanted: 1e6 }), 125)?.target).toBe(1_180_000);
    fill(probes, 125, 5);
    probes.result({ target: 1_180_000, bitrate: 610_000 }, 225);
    const begun: number[] = [];
    for (let now = 250; now < 60_000; now += 25) {
      if (probes.update(reasons({ estimate: 610_000 }), now) === null) continue;
      begun.push(now);
      fill(probes, now, 5);
    }
    const gaps = begun.slice(1).map((at, i) => at - (begun[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(8_000);
    expect(gaps.at(-1)).toBeLessThan(8_200);
  });

  test('comes sooner after a fall', () => {
    const probes = new ProbeController(300_000);
    expect(probes.update(reasons({ estimate: 2e6 }), 0)).not.toBeNull();
    fill(probes, 0, 5);
    for (let now = 25; now < 2_500; now += 25) {
      expect(probes.update(reasons({ estimate: 5e5, decreasedAt: 0 }), now)).toBeNull();
    }
    expect(probes.update(reasons({ estimate: 5e5, decreasedAt: 0 }), 2_525)?.target).toBe(1e6);
  });

  test('gives up a cluster that nothing could be sent for', () => {
    const probes = new ProbeController(300_000);
    probes.begin();
    probes.update(reasons({}), 0);
    expect(probes.expire(200)).toBe(0);
    expect(probes.expire(250)).toBe(1);
    expect(probes.due(251)).toBe(0);
  });

  test('numbers fit into a byte, and are never 0', () => {
    const probes = new ProbeController(300_000);
    for (let i = 0; i < 600; i++) {
      probes.request(1e6);
      const id = probes.update(reasons({}), i)?.id;
      expect(id).toBe((i % 255) + 1);
      fill(probes, i, 5);
    }
  });
});

describe('a result', () => {
  /** A train of `count` packets of 1,000 bytes, sent each `gap` ms; `arrive` says when the i-th one is there, null: never. */
  function train(
    target: number,
    count: number,
    gap: number,
    arrive: (i: number) => number | null,
  ): ProbeResult | null {
    const results = new ProbeResults();
    results.begin(9, target);
    for (let i = 0; i < count; i++) results.sent(9, 1_000, i * gap);
    results.end(9);
    for (let i = 0; i < count; i++) {
      const at = arrive(i);
      if (at !== null) results.received(9, 1_000, at);
    }
    return results.take();
  }

  test('is the rate asked for when nothing held the train up', () => {
    expect(train(1e6, 6, 8, (i) => 500 + i * 8)?.bitrate).toBeCloseTo(1e6, -4);
  });

  test('is a little less than what came out when that was slower', () => {
    expect(train(2e6, 6, 4, (i) => 500 + i * 16)?.bitrate).toBeCloseTo(475_000, -4);
  });

  test('is no more than what was asked for, when all was sent in one go over a fast path', () => {
    expect(train(2e6, 6, 0, (i) => 500 + i * 0.25)?.bitrate).toBe(2e6);
  });

  test('is not there when too little arrived, or it came compressed', () => {
    expect(train(1e6, 6, 8, (i) => (i % 2 === 0 ? 500 + i * 8 : null))).toBeNull();
    expect(train(1e6, 6, 8, (i) => 500 + i * 2)).toBeNull();
  });

  test('forgives one loss in five', () => {
    expect(train(1e6, 10, 8, (i) => (i === 4 ? null : 500 + i * 8))?.bitrate).toBeGreaterThan(8e5);
  });

  test('waits until all of it has been sent', () => {
    const results = new ProbeResults();
    results.begin(1, 1e6);
    for (let i = 0; i < 6; i++) {
      results.sent(1, 1_000, i * 8);
      results.received(1, 1_000, i * 8 + 50);
    }
    expect(results.take()).toBeNull();
    results.end(1);
    expect(results.take()?.target).toBe(1e6);
    expect(results.take()).toBeNull();
  });
});
