// Transport-wide feedback to senders: every sequence number told once, late ones again.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArrivalFeedback, LEAST_INTERVAL_MS, MOST_INTERVAL_MS } from '../src/receive/arrival-feedback.js';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import type { RtcpPacket } from '../src/rtcp/rtcp-packet.js';
import type { TransportFeedback } from '../src/rtcp/transport-feedback.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';
import { LossyPath } from './support/lossy-path.js';

/** Of each packet, unless it matters. */
const BYTES = 600;
/** A stream of the client. */
const MEDIA = 0xfeed_beef;

/** All that is due now. */
function takeAll(feedback: ArrivalFeedback, now: number): TransportFeedback[] {
  const taken: TransportFeedback[] = [];
  for (let next = feedback.take(now); next !== null; next = feedback.take(now)) taken.push(next);
  return taken;
}

const told = ({ baseSequence, arrivals }: TransportFeedback) =>
  [...arrivals].map((at, index) => ({ sequence: (baseSequence + index) & 0xffff, at }));

/** Whether the times survived being sent, which has steps of 250 us. */
function isSame(read: RtcpPacket | undefined, { arrivals }: TransportFeedback): boolean {
  if (read?.kind !== 'transport-feedback' || read.arrivals.length !== arrivals.length) return false;
  return read.arrivals.every((at, index) => Object.is(at, arrivals[index]));
}

describe('arrival feedback', () => {
  test('tells which came, when, and which did not', () => {
    const feedback = new ArrivalFeedback(1);
    feedback.onPacket(65_534, 1_000.1, BYTES, MEDIA);
    feedback.onPacket(65_535, 1_001, BYTES, MEDIA);
    feedback.onPacket(1, 1_020.6, BYTES, MEDIA);
    expect(feedback.take(1_049)).toBeNull();
    expect(feedback.take(1_200)).toEqual({
      kind: 'transport-feedback',
      senderSsrc: 1,
      mediaSsrc: MEDIA,
      baseSequence: 65_534,
      feedbackCount: 0,
      arrivals: Float64Array.of(1_000, 1_001, Number.NaN, 1_020.5),
    });
    expect(feedback.take(1_200)).toBeNull();
    expect(feedback.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('goes on where it ended, missing ones first', () => {
    const feedback = new ArrivalFeedback(1);
    feedback.onPacket(10, 0, BYTES, MEDIA);
    takeAll(feedback, 100);
    feedback.onPacket(13, 120, BYTES, MEDIA);
    const [next] = takeAll(feedback, 220);
    expect(next?.baseSequence).toBe(11);
    expect(next?.feedbackCount).toBe(1);
    expect([...(next?.arrivals ?? [])]).toEqual([Number.NaN, Number.NaN, 120]);
  });

  test('comes back to a packet that came late: with the rest when near, else alone', () => {
    const feedback = new ArrivalFeedback(1);
    for (const sequence of [10, 12]) feedback.onPacket(sequence, sequence, BYTES, MEDIA);
    takeAll(feedback, 112);
    feedback.onPacket(11, 113, BYTES, MEDIA);
    feedback.onPacket(13, 114, BYTES, MEDIA);
    const [near] = takeAll(feedback, 250);
    expect(near?.baseSequence).toBe(11);
    expect([...(near?.arrivals ?? [])]).toEqual([113, 12, 114]);
    for (let sequence = 15; sequence < 200; sequence += 1) feedback.onPacket(sequence, 260, BYTES, MEDIA);
    takeAll(feedback, 400);
    feedback.onPacket(14, 401, BYTES, MEDIA);
    feedback.onPacket(200, 402, BYTES, MEDIA);
    const apart = takeAll(feedback, 600);
    expect(apart.map(({ baseSequence, arrivals }) => [baseSequence, ...arrivals])).toEqual([
      [14, 401],
      [200, 402],
    ]);
  });

  test('over any path: each number once unless late, all arrivals told, times exact to a delta', () => {
    const quality = fc.record({
      lost: fc.integer({ min: 0, max: 50 }),
      doubled: fc.integer({ min: 0, max: 10 }),
      jitterMs: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.integer(), quality, fc.integer({ min: 0, max: 0xffff }), (seed, path, start) => {
        const feedback = new ArrivalFeedback(1);
        const came = new Map<number, number>();
        const reported = new Map<number, number[]>();
        const late = new Set<number>();
        let reach = -1;
        const collect = (now: number) => {
          for (const each of takeAll(feedback, now)) {
            const read = readRtcp(writeRtcp([each]));
            if (!isSame(read?.[0], each)) expect.fail('what was written is not what is read');
            const first = ((each.baseSequence - start) << 16) >> 16;
            [...each.arrivals].forEach((at, index) => {
              reported.set(first + index, [...(reported.get(first + index) ?? []), at]);
            });
            reach = Math.max(reach, first + each.arrivals.length - 1);
          }
        };
        let now = 0;
        for (const { number, at } of new LossyPath(seed, path).carry(400, 2)) {
          for (; now < at; now += 5) collect(now);
          if (!came.has(number)) {
            came.set(number, at);
            if (number <= reach) late.add(number);
          }
          feedback.onPacket((start + number) & 0xffff, at, BYTES, MEDIA);
        }
        collect(now + 1_000);
        for (const [number, at] of came) {
          const times = (reported.get(number) ?? []).filter((time) => !Number.isNaN(time));
          const exact = times.length > 0 && times.every((time) => Math.abs(time - at) <= 0.125);
          if (!exact) expect.fail(`${number} came at ${at} and was told as ${times.join()}`);
        }
        const most = Math.max(0, ...[...reported.values()].map((times) => times.length));
        if (late.size === 0) expect(most).toBeLessThanOrEqual(1);
        if (reported.size > 0) expect(reported.size).toBe(reach - Math.min(...reported.keys()) + 1);
      }),
      { numRuns: 100 },
    );
  });

  test('comes every 50 ms of a fast sender and every 100 ms of a slow one', () => {
    const times = (bytes: number, every: number) => {
      const feedback = new ArrivalFeedback(1);
      const taken: number[] = [];
      for (let now = 0, sequence = 0; now < 3_000; now += 1) {
        if (now % every === 0) feedback.onPacket(sequence++, now, bytes, MEDIA);
        if (takeAll(feedback, now).length > 0) taken.push(now);
      }
      return (taken.at(-1) as number) - (taken.at(-2) as number);
    };
    expect(times(1_100, 2)).toBeLessThanOrEqual(LEAST_INTERVAL_MS + 2);
    expect(times(1_100, 2)).toBeGreaterThanOrEqual(LEAST_INTERVAL_MS);
    expect(times(80, 20)).toBeGreaterThanOrEqual(MOST_INTERVAL_MS);
    expect(times(80, 20)).toBeLessThanOrEqual(MOST_INTERVAL_MS + 20);
  });

  test('much is told in several messages, each smaller than a datagram', () => {
    const feedback = new ArrivalFeedback(1);
    for (let sequence = 0; sequence < 2_000; sequence += 1) {
      if (sequence % 7 !== 3)
        feedback.onPacket(sequence, sequence * 0.03 + (sequence % 2) * 70, BYTES, MEDIA);
    }
    const messages = takeAll(feedback, 500);
    expect(messages.length).toBeGreaterThan(1);
    const numbers = messages.flatMap(told).map(({ sequence }) => sequence);
    expect(numbers).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
    for (const message of messages) expect(writeRtcp([message]).length).toBeLessThan(1_150);
  });

  test('late ones that are more than one message holds are all told', () => {
    const feedback = new ArrivalFeedback(1);
    feedback.onPacket(0, 0, BYTES, MEDIA);
    feedback.onPacket(1_000, 1, BYTES, MEDIA);
    takeAll(feedback, 200);
    for (let sequence = 1; sequence <= 700; sequence += 1) feedback.onPacket(sequence, 210, BYTES, MEDIA);
    const numbers = takeAll(feedback, 400).flatMap(told);
    expect(numbers).toEqual(Array.from({ length: 700 }, (_, index) => ({ sequence: index + 1, at: 210 })));
  });

  test('a long silence does not stretch a delta', () => {
    const feedback = new ArrivalFeedback(1);
    feedback.onPacket(1, 0, BYTES, MEDIA);
    feedback.onPacket(2, 9_000, BYTES, MEDIA);
    expect(takeAll(feedback, 9_100).map(({ arrivals }) => [...arrivals])).toEqual([[0], [9_000]]);
  });

  test('a client that counts anew is followed after some packets', () => {
    const feedback = new ArrivalFeedback(1);
    feedback.onPacket(30_000, 0, BYTES, MEDIA);
    takeAll(feedback, 100);
    for (let sequence = 0; sequence < 60; sequence += 1)
      feedback.onPacket(10_000 + sequence, 200 + sequence, BYTES, MEDIA);
    const [next] = takeAll(feedback, 400);
    expect(next?.baseSequence).toBe(10_049);
    expect(next?.arrivals).toHaveLength(11);
  });

  test('any numbers at any time: no exception, and no message without an arrival', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 500 }))),
        (steps) => {
          const feedback = new ArrivalFeedback(1);
          let now = 0;
          for (const [sequence, wait] of steps) {
            now += wait;
            feedback.onPacket(sequence, now, BYTES, MEDIA);
            for (const { arrivals } of takeAll(feedback, now)) {
              expect(Number.isNaN(arrivals.at(-1))).toBe(false);
              expect(arrivals.length).toBeLessThanOrEqual(2_048);
            }
          }
          takeAll(feedback, now + 1_000);
          expect(feedback.nextAt).toBe(Number.POSITIVE_INFINITY);
        },
      ),
    );
  });
});
