// Who sits in audio slots: fixed seats while they suffice, the loudest in larger rooms, nobody torn from a sentence.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AudioEntry, type Seats, seatAudio } from '../src/speakers/audio-seats.js';

const NOW = 100_000;
const NEVER = Number.NEGATIVE_INFINITY;

/** An entry that spoke so many milliseconds ago. */
function mic(key: string, ago = Number.POSITIVE_INFINITY): AudioEntry {
  return { key, spokeAt: NOW - ago, screenAudio: false };
}

function screenAudio(key: string, ago = Number.POSITIVE_INFINITY): AudioEntry {
  return { key, spokeAt: NOW - ago, screenAudio: true };
}

function empty(count: number): Seats {
  return Array.from({ length: count }, () => null);
}

test('everyone has a seat while they fit, and keeps it whoever comes, goes or speaks', () => {
  let seats = seatAudio(empty(3), [mic('a'), mic('b')], NOW);
  expect(seats).toEqual(['a', 'b', null]);
  seats = seatAudio(seats, [mic('c', 0), mic('b', 0), mic('a')], NOW);
  expect(seats).toEqual(['a', 'b', 'c']);
  seats = seatAudio(seats, [mic('c', 0), mic('b', 0)], NOW);
  expect(seats).toEqual([null, 'b', 'c']);
  seats = seatAudio(seats, [mic('b'), mic('c', 0), mic('d')], NOW);
  expect(seats).toEqual(['d', 'b', 'c']);
});

test('nothing new is the same object', () => {
  const seats: Seats = ['a', null];
  expect(seatAudio(seats, [mic('a', 0)], NOW)).toBe(seats);
});

test('when seats are few, those who spoke sit first, then screens, then who spoke last', () => {
  const entries = [mic('silent'), mic('old', 9_000), screenAudio('screen'), mic('talks', 100)];
  expect(seatAudio(empty(3), entries, NOW)).toEqual(['talks', 'screen', 'old']);
});

test('a speaker takes the seat of whoever has been silent longest', () => {
  const seats = ['a', 'b', 'c'];
  const entries = [mic('d', 0), mic('a', 5_000), mic('b', 30_000), mic('c', 8_000)];
  expect(seatAudio(seats, entries, NOW)).toEqual(['a', 'd', 'c']);
  expect(seatAudio(seats, [mic('d', 0), mic('a', 9), mic('b', 9_000), mic('c')], NOW)).toEqual([
    'a',
    'b',
    'd',
  ]);
});

test('who spoke in the last two seconds keeps the seat while another holder did not', () => {
  const entries = [mic('c', 0), mic('a', 1_900), mic('b', 2_100)];
  expect(seatAudio(['a', 'b'], entries, NOW)).toEqual(['a', 'c']);
});

test('when all holders speak only a louder one gets in, for the quietest of them', () => {
  const louder = [mic('a', 1_000), mic('c', 0), mic('b', 0)];
  expect(seatAudio(['b', 'a'], louder, NOW)).toEqual(['c', 'a']);
  const quieter = [mic('a', 0), mic('b', 1_000), mic('c', 0)];
  expect(seatAudio(['b', 'a'], quieter, NOW)).toEqual(['b', 'a']);
});

test("the sound of a screen takes a silent microphone's seat, but no speaker's", () => {
  expect(seatAudio(['a', 'b'], [mic('a', 0), mic('b', 5_000), screenAudio('s')], NOW)).toEqual(['a', 's']);
  expect(seatAudio(['a', 'b'], [mic('a', 0), mic('b', 500), screenAudio('s')], NOW)).toEqual(['a', 'b']);
  expect(seatAudio(['s', 'b'], [mic('a', 0), mic('b', 5_000), screenAudio('s')], NOW)).toEqual(['s', 'a']);
  expect(seatAudio(['s', 'b'], [mic('a', 0), mic('b', 500), screenAudio('s')], NOW)).toEqual(['a', 'b']);
});

test("a silent one takes nobody's seat", () => {
  expect(seatAudio(['a'], [mic('b', 3_000), mic('a', 60_000)], NOW)).toEqual(['a']);
});

const entries = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...'abcdefghijkl'),
      spokeAt: fc.oneof(fc.integer({ min: NOW - 6_000, max: NOW }), fc.constant(NEVER)),
      screenAudio: fc.boolean(),
    }),
    { selector: ({ key }) => key },
  )
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
const seatings = fc.array(fc.option(fc.constantFrom(...'abcdefghijkl')), { maxLength: 6 });

test('seats: each key at most once, only who is there, none empty while somebody stands', () => {
  fc.assert(
    fc.property(seatings, entries, (seats, list) => {
      const next = seatAudio(seats, list, NOW);
      const seated = next.filter((key) => key !== null);
      expect(next.length).toBe(seats.length);
      expect(new Set(seated).size).toBe(seated.length);
      expect(seated.length).toBe(Math.min(seats.length, list.length));
      for (const key of seated) expect(list.some((entry) => entry.key === key)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('seats: what has come out stays, and who sits and fits does not move', () => {
  fc.assert(
    fc.property(seatings, entries, (seats, list) => {
      const next = seatAudio(seats, list, NOW);
      expect(seatAudio(next, list, NOW)).toBe(next);
      for (const [seat, key] of seats.entries()) {
        const still = key !== null && seats.indexOf(key) === seat && list.some((entry) => entry.key === key);
        if (still && list.length <= seats.length) expect(next[seat]).toBe(key);
        if (still && next.includes(key)) expect(next[seat]).toBe(key);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('seats: nobody who spoke lately stands while somebody sits who did not', () => {
  fc.assert(
    fc.property(seatings, entries, (seats, list) => {
      const next = seatAudio(seats, list, NOW);
      const spoke = (entry: AudioEntry) => NOW - entry.spokeAt <= 2_000;
      const standing = list.filter((entry) => !next.includes(entry.key));
      const sitting = list.filter((entry) => next.includes(entry.key));
      if (standing.some(spoke)) expect(sitting.every(spoke)).toBe(true);
      if (standing.some((entry) => entry.screenAudio)) {
        expect(sitting.every((entry) => entry.screenAudio || spoke(entry))).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
