// The pacer: nothing waits while there is room, audio never does, and nothing waits for long.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Pacer } from '../src/estimate/pacer.js';

const packet = new Uint8Array(1_200).fill(7);

function offer(pacer: Pacer, count: number, now: number): number {
  let left = 0;
  for (let i = 0; i < count; i++) {
    if (pacer.admit(1_200, now)) left++;
    else pacer.hold(packet, 1_200, i, now);
  }
  return left;
}

describe('video', () => {
  test('passes at once while it stays below two and a half times the estimate', () => {
    const pacer = new Pacer(1_000_000);
    // 1,200 bytes each 5 ms: 1.92 Mbit/s.
    for (let now = 0; now < 5_000; now += 5) expect(pacer.admit(1_200, now)).toBe(true);
    expect(pacer.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('waits in order when a burst is larger, and leaves at the pacing rate', () => {
    const pacer = new Pacer(1_000_000);
    const left = offer(pacer, 40, 0);
    expect(left).toBeLessThan(14);
    expect(pacer.admit(10, 0)).toBe(false); // not past those that wait
    let tag = left;
    let out = 0;
    for (let now = 0; now <= 100; now++) {
      for (let held = pacer.take(now); held !== null; held = pacer.take(now)) {
        expect(held.tag).toBe(tag++);
        expect(held.bytes.equals(packet)).toBe(true);
        out++;
      }
    }
    // 100 ms of 2.5 Mbit/s are 26 packets.
    expect(out).toBeGreaterThanOrEqual(24);
    expect(out).toBeLessThanOrEqual(28);
  });

  test('is never held for longer than 150 ms', () => {
    const pacer = new Pacer(50_000);
    const left = offer(pacer, 100, 0);
    let out = 0;
    for (let now = 1; now <= 150; now++) while (pacer.take(now) !== null) out++;
    expect(out).toBe(100 - left);
    expect(pacer.queued).toBe(0);
    expect(pacer.queuedBytes).toBe(0);
  });

  test('is refused when the queue is full', () => {
    const pacer = new Pacer(50_000);
    offer(pacer, 2_000, 0);
    expect(pacer.queuedBytes).toBeLessThanOrEqual(400_000);
    expect(pacer.refused).toBeGreaterThan(0);
    const before = pacer.queued;
    while (pacer.take(150) !== null);
    expect(before).toBeGreaterThan(300);
    expect(pacer.queued).toBe(0);
  });

  test('wakes when there is room again', () => {
    const pacer = new Pacer(1_000_000);
    offer(pacer, 40, 0);
    while (pacer.take(0) !== null);
    const { nextAt } = pacer;
    expect(nextAt).toBeGreaterThan(0);
    expect(nextAt).toBeLessThan(10);
    expect(pacer.take(nextAt + 0.01)).not.toBeNull();
  });
});

test('audio does not wait, and video makes room for it', () => {
  const pacer = new Pacer(100_000);
  while (pacer.admit(1_200, 0));
  for (let now = 0; now < 100; now += 20) pacer.charge(120, now);
  expect(pacer.admit(1_200, 0)).toBe(false);
});

test('whatever is offered: all leaves in order and in time, at no more than the rate and a burst', () => {
  const steps = fc.array(fc.record({ gap: fc.nat(40), bytes: fc.integer({ min: 50, max: 1_400 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(fc.integer({ min: 300_000, max: 5_000_000 }), steps, (estimate, list) => {
      const pacer = new Pacer(estimate);
      let now = 0;
      let tag = 0;
      let expected = 0;
      let oldest = 0;
      const drain = () => {
        for (let held = pacer.take(now); held !== null; held = pacer.take(now)) {
          expect(held.tag).toBe(expected++);
          oldest = Math.max(oldest, now - held.heldAt);
        }
      };
      for (const { gap, bytes } of list) {
        for (const end = now + gap; now < end; now++) drain();
        drain();
        if (pacer.admit(bytes, now)) {
          expect(pacer.queued).toBe(0);
          expect(tag++).toBe(expected++);
        } else if (pacer.hold(packet.subarray(0, Math.min(bytes, 1_200)), Math.min(bytes, 1_200), tag, now)) {
          tag++;
        }
      }
      for (const end = now + 151; now < end; now++) drain();
      expect(expected).toBe(tag);
      expect(oldest).toBeLessThanOrEqual(150);
    }),
  );
});
