// The ring of sent packets against a plain map, and what it does when feedback is late.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IN_FLIGHT, LOST, RECEIVED, SentPackets, UNKNOWN } from '../src/estimate/sent-packets.js';

test('finds what was sent, across the end of the number space', () => {
  const packets = new SentPackets();
  for (let i = 0; i < 100; i++) packets.put((65_500 + i) & 0xffff, 100 + i, 1_000 + i, i % 3);
  for (let i = 0; i < 100; i++) {
    const index = packets.find((65_500 + i) & 0xffff);
    expect(packets.sentAt(index)).toBe(1_000 + i);
    expect(packets.bytesOf(index)).toBe(100 + i);
    expect(packets.clusterOf(index)).toBe(i % 3);
    expect(packets.state(index)).toBe(IN_FLIGHT);
  }
  expect(packets.find(65_499)).toBe(-1);
  expect(packets.find(64)).toBe(-1);
});

test('grows while feedback is late, and forgets the oldest when it cannot grow any more', () => {
  const packets = new SentPackets();
  for (let i = 0; i < 20_000; i++) packets.put(i, 1_000, i / 10, 0);
  expect(packets.capacity).toBe(8_192);
  expect(packets.inFlightBytes).toBe(8_192 * 1_000);
  expect(packets.find(20_000 - 8_192)).toBeGreaterThanOrEqual(0);
  expect(packets.find(20_000 - 8_193)).toBe(-1);
});

test('does not grow for packets that nobody will speak of any more', () => {
  const packets = new SentPackets();
  for (let i = 0; i < 5_000; i++) packets.put(i, 1_000, i * 10, 0);
  expect(packets.capacity).toBe(512);
  expect(packets.inFlightBytes).toBe(512 * 1_000);
});

test('the same as a map, whatever feedback says', () => {
  const settle = fc.record({
    back: fc.nat(80),
    state: fc.constantFrom(LOST, RECEIVED),
    passed: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.nat(65_535),
      fc.array(fc.oneof(fc.nat(1_400), settle), { maxLength: 300 }),
      (first, steps) => {
        const packets = new SentPackets();
        const model = new Map<number, { bytes: number; state: number }>();
        let next = first;
        for (const step of steps) {
          if (typeof step === 'number') {
            packets.put(next & 0xffff, step, next, 0);
            model.set(next++, { bytes: step, state: IN_FLIGHT });
            continue;
          }
          const sequence = next - 1 - step.back;
          const known = model.get(sequence);
          const index = packets.find(sequence & 0xffff);
          expect(index >= 0).toBe(known !== undefined);
          if (known === undefined) continue;
          expect(packets.settle(index, step.state)).toBe(known.state);
          known.state = step.state;
          if (!step.passed) continue;
          packets.passed(sequence & 0xffff);
          for (const [at, entry] of model) {
            if (at <= sequence && entry.state === IN_FLIGHT) entry.state = UNKNOWN;
          }
        }
        let inFlight = 0;
        for (const { bytes, state } of model.values()) if (state === IN_FLIGHT) inFlight += bytes;
        expect(packets.inFlightBytes).toBe(inFlight);
      },
    ),
  );
});
