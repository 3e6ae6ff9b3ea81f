// Whole streams over bad paths, with NACK and RTX: no packet twice, no hole forgotten.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_HOLE_AGE_MS, MAX_HOLES } from '../src/receive/nack-list.js';
import { ReceiveStream } from '../src/receive/receive-stream.js';
import { FIRST_CYCLE } from '../src/receive/reception-statistics.js';
import { LossyPath, type PathQuality } from './support/lossy-path.js';
import { rtpPacket } from './support/rtp-bytes.js';

const PAYLOAD = Buffer.alloc(100);
const packet = (number: number) =>
  rtpPacket({ ssrc: 9, sequenceNumber: number & 0xffff, timestamp: (number * 900) >>> 0, payload: PAYLOAD });
const video = (nack = true) => new ReceiveStream({ ssrc: 9, kind: 'video', clockRate: 90_000, nack });

interface Event {
  readonly at: number;
  readonly number: number;
  readonly recovered: boolean;
}

const TICK_MS = 5;
const EVERY_MS = 4;

/** Sends `count` packets and answers NACKs over a path that is as bad; what became of each packet. */
function live(seed: number, quality: PathQuality, first: number, count: number, rtx: boolean) {
  const path = new LossyPath(seed, quality);
  const stream = video();
  const taken = new Map<number, number>();
  const asked = new Map<number, number[]>();
  let events: Event[] = path
    .carry(count, EVERY_MS)
    .map(({ number, at }) => ({ at, number: first + number, recovered: false }));
  const start = events[0]?.number ?? first;
  // Nothing is known of cycles before the first packet that comes.
  const cycles = start & ~0xffff;
  let keyFrames = 0;
  const end = count * EVERY_MS + 4 * MAX_HOLE_AGE_MS;
  for (let now = 0; now <= end; now += TICK_MS) {
    const here = events.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    if (here.length > 0) events = events.filter(({ at }) => at > now);
    for (const { number, at, recovered } of here) {
      const extended = stream.receive(packet(number), at, recovered);
      if (extended < 0) continue;
      taken.set(number, (taken.get(number) ?? 0) + 1);
      if (extended !== FIRST_CYCLE + number - cycles) expect.fail(`${number} became ${extended}`);
    }
    for (const sequence of stream.nacks(now, 80)) {
      const number = first + ((sequence - first) & 0xffff);
      asked.set(number, [...(asked.get(number) ?? []), now]);
      for (const at of path.send(now + 40)) events.push({ at, number, recovered: rtx });
    }
    if (stream.takeKeyFrameNeed()) keyFrames += 1;
  }
  return { stream, taken, asked, keyFrames, start, left: events.length };
}

const quality = fc.record({
  lost: fc.integer({ min: 0, max: 30 }),
  doubled: fc.integer({ min: 0, max: 20 }),
  jitterMs: fc.integer({ min: 0, max: 80 }),
});

describe('a stream over any path', () => {
  test('each packet is taken once; each hole is recovered, or asked for and given up with a key frame', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        quality,
        fc.integer({ min: 0, max: 0xffff }),
        fc.boolean(),
        (seed, path, first, rtx) => {
          const { stream, taken, asked, keyFrames, start } = live(seed, path, first, 250, rtx);
          for (const times of taken.values()) expect(times).toBe(1);
          expect(stream.packets).toBe(taken.size);
          expect(stream.missing).toBe(0);
          const last = Math.max(...taken.keys());
          let givenUp = 0;
          for (let number = start; number < last; number += 1) {
            if (taken.has(number)) continue;
            givenUp += 1;
            expect(asked.get(number)?.length ?? 0).toBeGreaterThan(0);
          }
          expect(keyFrames > 0).toBe(givenUp > 0);
          for (const times of asked.values()) {
            expect(times.length).toBeLessThanOrEqual(10);
            times.forEach((at, index) => {
              if (index > 0) expect(at - (times[index - 1] as number)).toBeGreaterThanOrEqual(80);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('what RTX repairs is still loss in the report', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    stream.receive(packet(3), 10);
    expect(stream.receive(packet(2), 50, true)).toBe(FIRST_CYCLE + 2);
    const block = stream.reportBlock(100);
    expect(block.cumulativeLost).toBe(1);
    expect(block.fractionLost).toBe(85);
    expect(stream.recovered).toBe(1);
  });
});

describe('when a hole is asked for', () => {
  test('after a short grace, then each round trip but no sooner than 20 ms, at most ten times', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    stream.receive(packet(4), 1);
    expect(stream.nackAt).toBe(11);
    expect(stream.nacks(10, 5)).toEqual([]);
    const asked: number[] = [];
    for (let now = 11; now < 1_000; now += 1) {
      const numbers = stream.nacks(now, 5);
      if (numbers.length === 0) continue;
      expect(numbers).toEqual([2, 3]);
      asked.push(now);
    }
    expect(asked).toEqual([11, 31, 51, 71, 91, 111, 131, 151, 171, 191]);
    expect(stream.missing).toBe(0);
    expect(stream.takeKeyFrameNeed()).toBe(true);
    expect(stream.takeKeyFrameNeed()).toBe(false);
  });

  test('not at all when it was only late', () => {
    const stream = video();
    for (const [number, at] of [
      [1, 0],
      [3, 1],
      [2, 8],
    ] as const)
      stream.receive(packet(number), at);
    expect(stream.nackAt).toBe(Number.POSITIVE_INFINITY);
    expect(stream.nacks(50, 5)).toEqual([]);
  });

  test('no more when a key frame began behind it', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    stream.receive(packet(3), 1);
    const began = stream.receive(packet(5), 2);
    stream.keyFrameBegan(began);
    stream.receive(packet(7), 3);
    expect(stream.nacks(20, 50)).toEqual([6]);
    expect(stream.takeKeyFrameNeed()).toBe(false);
  });

  test('still when it is behind where the key frame began, however late that came', () => {
    const stream = video();
    for (const number of [1, 3, 4, 7]) stream.receive(packet(number), 0);
    stream.keyFrameBegan(stream.receive(packet(5), 5, true));
    expect(stream.nacks(20, 50)).toEqual([6]);
  });

  test('no longer than a second: then a key frame is the shorter way', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    stream.receive(packet(3), 1);
    const asked: number[] = [];
    for (let now = 0; now < 3_000; now += 1) if (stream.nacks(now, 200).length > 0) asked.push(now);
    expect(asked).toEqual([11, 211, 411, 611, 811]);
    expect(stream.takeKeyFrameNeed()).toBe(true);
  });

  test('given up when too much is missing at once', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    stream.receive(packet(1 + MAX_HOLES + 2), 1);
    expect(stream.missing).toBe(0);
    expect(stream.takeKeyFrameNeed()).toBe(true);
  });

  test('never, but a key frame is, where NACK was not negotiated; audio wants neither', () => {
    const stream = video(false);
    const audio = new ReceiveStream({ ssrc: 9, kind: 'audio', clockRate: 48_000, nack: false });
    for (const each of [stream, audio]) {
      each.receive(packet(1), 0);
      each.receive(packet(3), 1);
      expect(each.nacks(50, 5)).toEqual([]);
    }
    expect(stream.takeKeyFrameNeed()).toBe(true);
    expect(audio.takeKeyFrameNeed()).toBe(false);
  });
});

describe('what is not taken', () => {
  test('a packet that RTX brought already, and one that is far too old', () => {
    const stream = video();
    for (const number of [1, 2, 4]) stream.receive(packet(number), number);
    stream.receive(packet(3), 10, true);
    expect(stream.receive(packet(3), 11)).toBe(-1);
    expect(stream.receive(packet(4), 12, true)).toBe(-1);
    for (let number = 5; number < 4_000; number += 1) stream.receive(packet(number), number);
    expect(stream.receive(packet(100), 5_000, true)).toBe(-1);
    expect(stream.packets).toBe(3_999);
  });

  test('but one that is missing is, also when the window has gone round', () => {
    const stream = video();
    for (let number = 1; number < 5_000; number += 1)
      if (number % 1_000 !== 0) stream.receive(packet(number), number);
    expect(stream.receive(packet(4_000), 5_000, true)).toBe(FIRST_CYCLE + 4_000);
    expect(stream.receive(packet(4_000), 5_001, true)).toBe(-1);
  });

  test('repairs before the first packet, and from another time', () => {
    const stream = video();
    expect(stream.receive(packet(1), 0, true)).toBe(-1);
    stream.receive(packet(10), 1);
    expect(stream.receive(packet(20_000), 2, true)).toBe(-1);
    expect(stream.receive(packet(11), 3)).toBe(FIRST_CYCLE + 11);
  });

  test('a restart of the sender costs a key frame, and its first packet is asked for again', () => {
    const stream = video();
    stream.receive(packet(50_000), 0);
    stream.receive(packet(50_002), 1);
    expect(stream.receive(packet(200), 2)).toBe(-1);
    const extended = stream.receive(packet(201), 3);
    expect(extended).toBeGreaterThan(FIRST_CYCLE + 50_002);
    expect(stream.takeKeyFrameNeed()).toBe(true);
    expect(stream.nacks(50, 10)).toEqual([200]);
    expect(stream.receive(packet(200), 60, true)).toBe(extended - 1);
  });
});

describe('what is reported', () => {
  test('the last sender report and how long ago it came', () => {
    const stream = video();
    stream.receive(packet(1), 0);
    const report = {
      kind: 'sr',
      ssrc: 9,
      rtpTimestamp: 5,
      packetCount: 1,
      octetCount: 1,
      blocks: [],
    } as const;
    stream.onSenderReport({ ...report, ntpSeconds: 0xb44db705, ntpFraction: 0x20000000 }, 1_000);
    // RFC 3550, figure 2: LSR 0xb705:2000, DLSR 5.250 s.
    const block = stream.reportBlock(6_250);
    expect(block.lastSenderReport).toBe(0xb7052000);
    expect(block.delaySinceLastSenderReport).toBe(0x0005_4000);
    expect(stream.lastSenderReport?.ntpMs).toBe(0xb44db705 * 1_000 + 125);
  });

  test('the bitrate of the last second, and none after silence', () => {
    const stream = video();
    for (let number = 0; number < 500; number += 1) stream.receive(packet(number), number * 10);
    expect(stream.bitrate(4_990) / (112 * 8 * 100)).toBeCloseTo(1, 1);
    expect(stream.bitrate(5_490) / (112 * 8 * 50)).toBeCloseTo(1, 1);
    expect(stream.bitrate(7_000)).toBe(0);
  });
});
