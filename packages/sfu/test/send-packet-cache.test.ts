// The packet cache: what it keeps, for how long, and that it stays within its bounds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PacketCache } from '../src/send/packet-cache.js';
import { rtpPacket } from './support/rtp-bytes.js';

const packetOf = (length: number) => rtpPacket({ payload: Buffer.alloc(length) });

describe('the packet cache', () => {
  test('keeps packets themselves, for a time', () => {
    const cache = new PacketCache({ maxAgeMs: 1_000 });
    const packet = packetOf(100);
    cache.put(65_535, packet, 0);
    cache.put(65_536, packetOf(100), 900);
    expect(cache.get(65_535)).toBe(packet);
    cache.put(65_537, packetOf(100), 1_001);
    expect(cache.get(65_535)).toBe(null);
    expect(cache.get(65_536)).not.toBe(null);
    expect(cache.arrival(65_536)).toBe(900);
    cache.expire(5_000);
    expect([cache.bytes, cache.newest]).toEqual([0, -1]);
  });

  test('keeps from a number on whatever its age, but not beyond its bytes', () => {
    const cache = new PacketCache({ maxAgeMs: 1_000, maxBytes: 2_000 });
    cache.put(1, packetOf(88), 0);
    cache.put(2, packetOf(88), 1);
    cache.keepFrom(2);
    cache.put(3, packetOf(88), 60_000);
    expect([cache.get(1), cache.get(2)]).toEqual([null, expect.anything()]);
    cache.put(4, packetOf(1_800), 60_001);
    expect([cache.get(2), cache.get(3)]).toEqual([null, expect.anything()]);
  });

  test('agrees with a plain map under any order of packets, and stays within its bounds', () => {
    const limits = { maxAgeMs: 200, maxBytes: 20_000 };
    const step = fc.record({
      ahead: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: -20, max: 6 }) },
        fc.integer({ min: 100, max: 9_000 }),
      ),
      length: fc.integer({ min: 0, max: 1_200 }),
      later: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), fc.array(step, { maxLength: 300 }), (first, steps) => {
        const cache = new PacketCache(limits);
        const put = new Map<number, { packet: ReturnType<typeof packetOf>; at: number }>();
        let highest = first;
        let now = 0;
        for (const { ahead, length, later } of steps) {
          now += later;
          const sequence = highest + ahead;
          highest = Math.max(highest, sequence);
          const packet = packetOf(length);
          cache.put(sequence, packet, now);
          put.set(sequence, { packet, at: now });
          let bytes = 0;
          for (const [number, known] of put) {
            const found = cache.get(number);
            if (found === null) continue;
            expect(found).toBe(known.packet);
            bytes += found.bytes.length;
          }
          expect(cache.bytes).toBe(bytes);
          expect(bytes).toBeLessThanOrEqual(limits.maxBytes);
          if (ahead > 0) expect(cache.get(sequence)).toBe(packet);
        }
      }),
      { numRuns: 60 },
    );
  });
});
