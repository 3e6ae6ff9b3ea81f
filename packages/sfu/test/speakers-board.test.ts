// Who speaks, from levels alone: speech with its pauses, coughs, noise, loss, silence that is not sent; time is an argument.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpeakerBoard } from '../src/speakers/speaker-board.js';
import { randomNumbers } from './support/codec-packets.js';

/** What somebody sounds like at a time in milliseconds: a level, or null when nothing arrives. */
type Voice = (now: number) => number | null;

const QUIET: Voice = () => 85;
const GONE: Voice = () => null;

/** Speech: syllables of 160 ms around -25 dBov with dips between, and a breath of 300 ms every 2.4 s. */
function speech(seed: number, level = 25): Voice {
  const random = randomNumbers(seed);
  return (now) => {
    const inPhrase = (now + seed * 370) % 2400;
    if (inPhrase > 2100) return 80;
    return inPhrase % 220 < 160 ? level + (random() % 9) - 4 : 55 + (random() % 10);
  };
}

/** One voice from its time on, the next from its. */
function script(...parts: readonly (readonly [from: number, voice: Voice])[]): Voice {
  return (now) => parts.findLast(([from]) => now >= from)?.[1](now) ?? null;
}

const DECISION_MS = 200;

/** Runs the voices and tells, as `[time, key]`, whenever the dominant speaker is another. */
function dominance(voices: Readonly<Record<string, Voice>>, until: number, board = new SpeakerBoard()) {
  const changes: [number, string | null][] = [];
  let last: string | null = null;
  for (let now = 0; now < until; now += 20) {
    for (const [key, voice] of Object.entries(voices)) {
      const level = voice(now);
      if (level !== null) board.onLevel(key, level, now);
    }
    if (now % DECISION_MS !== 0) continue;
    const dominant = board.dominant(now);
    if (dominant !== last) changes.push([now, dominant]);
    last = dominant;
  }
  return changes;
}

test('nobody is dominant until somebody speaks', () => {
  expect(dominance({ a: QUIET, b: QUIET }, 5_000)).toEqual([]);
  const [change] = dominance({ a: QUIET, b: script([0, QUIET], [2_000, speech(1)]) }, 5_000);
  expect(change?.[1]).toBe('b');
  expect(change?.[0]).toBeGreaterThan(2_300);
  expect(change?.[0]).toBeLessThanOrEqual(2_800);
});

test('the word passes within 1.2 s of the answer, and breaths do not lose it', () => {
  const changes = dominance(
    {
      a: script([0, speech(1)], [10_000, QUIET]),
      b: script([0, QUIET], [10_000, speech(2)], [20_000, QUIET]),
      c: QUIET,
    },
    30_000,
  );
  expect(changes.map(([, key]) => key)).toEqual(['a', 'b']);
  expect(changes[1]?.[0]).toBeLessThanOrEqual(11_200);
});

test('a cough, a "yes" and a slammed door change nothing', () => {
  const cough = script([0, QUIET], [5_000, () => 10], [5_240, QUIET]);
  const yes = script([0, QUIET], [7_000, speech(5)], [7_300, QUIET]);
  const door = script([0, QUIET], [9_000, () => 0], [9_060, QUIET]);
  expect(dominance({ a: speech(1), cough, yes, door }, 15_000).map(([, key]) => key)).toEqual(['a']);
});

test('they change nothing either while the last speaker is silent', () => {
  const a = script([0, speech(1)], [4_000, QUIET]);
  const cough = script([0, QUIET], [6_000, () => 10], [6_240, QUIET]);
  expect(dominance({ a, cough }, 15_000).map(([, key]) => key)).toEqual(['a']);
});

test('two who talk at once for a minute do not take turns', () => {
  const changes = dominance({ a: speech(1), b: script([0, QUIET], [1_500, speech(2)]) }, 60_000);
  expect(changes.map(([, key]) => key)).toEqual(['a']);
});

test('of two who talk at once the clearly louder one takes over', () => {
  const changes = dominance({ a: speech(1, 40), b: script([0, QUIET], [4_000, speech(2, 18)]) }, 20_000);
  expect(changes.map(([, key]) => key)).toEqual(['a', 'b']);
  expect(changes[1]?.[0]).toBeLessThanOrEqual(7_000);
});

test('steady noise is taken for noise, so somebody beside it can be heard', () => {
  const fan: Voice = () => 52;
  expect(dominance({ fan }, 20_000)).toEqual([]);
  const later = script([0, QUIET], [3_000, () => 48]);
  const board = new SpeakerBoard();
  const changes = dominance({ later, b: script([0, QUIET], [20_000, speech(3)]) }, 30_000, board);
  expect(board.spokeAt('later')).toBeLessThan(17_000);
  expect(changes.at(-1)?.[1]).toBe('b');
  expect(changes.at(-1)?.[0]).toBeLessThanOrEqual(21_200);
});

test('no decision flaps: a dominant speaker stays for a second, whatever the voices', () => {
  const voice = fc.record({ seed: fc.nat(1000), level: fc.integer({ min: 10, max: 60 }) });
  fc.assert(
    fc.property(fc.array(voice, { minLength: 2, maxLength: 5 }), (voices) => {
      const entries = voices.map(({ seed, level }, index) => [`${index}`, speech(seed, level)] as const);
      const changes = dominance(Object.fromEntries(entries), 20_000);
      for (const [index, [at]] of changes.entries()) {
        expect(at - (changes[index - 1]?.[0] ?? -1000)).toBeGreaterThanOrEqual(1000);
      }
      expect(changes.length).toBeLessThan(10);
    }),
    { numRuns: 60 },
  );
});

test('loss, jitter and long packets are speech all the same', () => {
  const random = randomNumbers(7);
  const talk = speech(1);
  const lossy: Voice = (now) => (random() % 4 === 0 ? null : talk(now));
  expect(dominance({ lossy }, 2_000).map(([, key]) => key)).toEqual(['lossy']);
  const long: Voice = (now) => (now % 60 === 0 ? talk(now) : null);
  expect(dominance({ long }, 2_000).map(([, key]) => key)).toEqual(['long']);
  const board = new SpeakerBoard();
  for (let now = 0; now < 2_000; now += 100) {
    for (let late = 0; late < 5; late += 1) board.onLevel('bursts', 25, now);
  }
  expect(board.dominant(2_000)).toBe('bursts');
});

test('who sends nothing any more is silent', () => {
  const changes = dominance(
    { a: script([0, speech(1)], [5_000, GONE]), b: script([0, QUIET], [5_000, speech(2)]) },
    9_000,
  );
  expect(changes.map(([, key]) => key)).toEqual(['a', 'b']);
  const board = new SpeakerBoard();
  dominance({ a: speech(1) }, 4_000, board);
  const spoke = board.spokeAt('a');
  expect(spoke).toBeGreaterThan(3_000);
  board.dominant(60_000);
  expect(board.spokeAt('a')).toBe(spoke);
  expect(board.spokeAt('nobody')).toBe(Number.NEGATIVE_INFINITY);
});

test('who is removed is gone, and leaves nobody dominant', () => {
  const board = new SpeakerBoard();
  dominance({ a: speech(1), b: QUIET }, 3_000, board);
  board.remove('a');
  board.remove('never there');
  expect(board.dominant(3_000)).toBeNull();
  expect(board.loudest(9, 3_000)).toEqual(['b']);
  expect(board.spokeAt('a')).toBe(Number.NEGATIVE_INFINITY);
});

test('the loudest come first and keep their places through pauses', () => {
  const voices = {
    quiet: QUIET,
    a: script([0, speech(1)], [8_000, QUIET]),
    b: speech(2, 27),
    late: script([0, QUIET], [8_000, speech(3)]),
  };
  const board = new SpeakerBoard();
  const orders: string[] = [];
  for (let now = 0; now < 16_000; now += 20) {
    for (const [key, voice] of Object.entries(voices)) board.onLevel(key, voice(now) ?? 127, now);
    if (now < 2_000 || now % DECISION_MS !== 0) continue;
    const order = board.loudest(2, now).join();
    if (order !== orders.at(-1)) orders.push(order);
  }
  expect(orders[0]?.split(',').sort().join()).toBe('a,b');
  expect(orders.at(-1)?.split(',').sort().join()).toBe('b,late');
  expect(orders.length).toBeLessThanOrEqual(3);
});

test('twelve who are about as loud keep their order for a minute', () => {
  const board = new SpeakerBoard();
  const voices = Array.from({ length: 12 }, (_, index) => speech(index + 1, 24 + (index % 5)));
  let settled: string | null = null;
  for (let now = 0; now < 60_000; now += 20) {
    for (const [index, voice] of voices.entries()) board.onLevel(`${index}`, voice(now) ?? 127, now);
    if (now < 5_000 || now % DECISION_MS !== 0) continue;
    const order = board.loudest(12, now).join();
    settled ??= order;
    expect(order).toBe(settled);
  }
});

test('anything may come as a level; every order has every key once', () => {
  const level = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constant(Number.NaN));
  const event = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    level,
    wait: fc.nat(3_000),
    gone: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const board = new SpeakerBoard();
      const present = new Set<string>();
      let now = 0.5;
      for (const { key, level, wait, gone } of events) {
        now += wait / 10;
        if (gone === 0) {
          board.remove(key);
          present.delete(key);
        } else {
          board.onLevel(key, level, now);
          if (level >= 0 && level <= 127) present.add(key);
        }
        expect(board.loudest(3, now).sort()).toEqual([...present].sort());
        const dominant = board.dominant(now);
        expect(dominant === null || present.has(dominant)).toBe(true);
      }
    }),
  );
});
