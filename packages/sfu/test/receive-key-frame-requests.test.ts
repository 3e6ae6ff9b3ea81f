// Key frames asked for by many, requested seldom.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyFrameRequests, REQUEST_INTERVAL_MS } from '../src/receive/key-frame-requests.js';

/** When requests went out, asked every 10 ms. */
function sent(requests: KeyFrameRequests, from: number, to: number): number[] {
  const times: number[] = [];
  for (let now = from; now < to; now += 10) if (requests.due(now)) times.push(now);
  return times;
}

describe('key frame requests', () => {
  test('nothing is requested that nobody asks for', () => {
    expect(sent(new KeyFrameRequests(), 0, 2_000)).toEqual([]);
  });

  test('many askers are one request, repeated until a key frame comes', () => {
    const requests = new KeyFrameRequests();
    for (let asker = 0; asker < 30; asker += 1) requests.ask(100);
    expect(sent(requests, 100, 1_000)).toEqual([100, 400, 700]);
    requests.arrived(1_000);
    expect(requests.pending).toBe(false);
    expect(sent(requests, 1_000, 3_000)).toEqual([]);
  });

  test('a long way there and back delays only the repetition', () => {
    const requests = new KeyFrameRequests();
    requests.onRoundTrip(400);
    requests.ask(0);
    expect(sent(requests, 0, 1_300)).toEqual([0, 600, 1_200]);
  });

  test('a key frame that began before the ask does not serve it', () => {
    const requests = new KeyFrameRequests();
    requests.ask(0);
    expect(requests.due(0)).toBe(true);
    requests.ask(80);
    requests.arrived(60);
    expect(requests.pending).toBe(true);
    expect(sent(requests, 80, 500)).toEqual([300]);
    requests.arrived(500);
    expect(requests.pending).toBe(false);
  });

  test('a key frame that came unasked serves who asked before', () => {
    const requests = new KeyFrameRequests();
    requests.ask(0);
    requests.arrived(5);
    expect(sent(requests, 5, 1_000)).toEqual([]);
  });

  test('a viewer who asks without end gets four at once, then one a second', () => {
    const requests = new KeyFrameRequests();
    let served = 0;
    const at: number[] = [];
    for (let now = 0; now < 20_000; now += 10) {
      requests.ask(now);
      if (!requests.due(now)) continue;
      at.push(now);
      requests.arrived(now + 5);
      served += 1;
    }
    expect(at.slice(0, 4)).toEqual([0, 300, 600, 900]);
    expect(served).toBeLessThanOrEqual(4 + 20);
    expect(served).toBeGreaterThanOrEqual(20);
  });

  test('whatever is asked and whatever comes: never two in 300 ms, and always one in the end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { minLength: 1 }),
        (steps) => {
          const requests = new KeyFrameRequests();
          let now = 0;
          let before = Number.NEGATIVE_INFINITY;
          for (const [wait, arrives] of steps) {
            now += wait;
            if (arrives) requests.arrived(now);
            else requests.ask(now);
            if (!requests.due(now)) continue;
            expect(now - before).toBeGreaterThanOrEqual(REQUEST_INTERVAL_MS);
            before = now;
          }
          requests.ask(now);
          expect(sent(requests, now, now + 1_100).length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('PLI where it was negotiated, else FIR with a number for each command', () => {
    const requests = new KeyFrameRequests();
    expect(requests.message(['nack', 'nack pli', 'ccm fir'], 1, 2)).toEqual({
      kind: 'pli',
      senderSsrc: 1,
      mediaSsrc: 2,
    });
    expect(requests.message(['nack'], 1, 2)).toBeNull();
    const fir = () => requests.message(['ccm fir'], 1, 2);
    requests.ask(0);
    requests.due(0);
    const first = fir();
    expect(first).toEqual({ kind: 'fir', senderSsrc: 1, entries: [{ ssrc: 2, sequenceNumber: 0 }] });
    requests.due(300);
    expect(fir()).toEqual(first);
    requests.arrived(400);
    requests.ask(700);
    requests.due(700);
    expect(fir()).toEqual({ kind: 'fir', senderSsrc: 1, entries: [{ ssrc: 2, sequenceNumber: 1 }] });
  });
});
