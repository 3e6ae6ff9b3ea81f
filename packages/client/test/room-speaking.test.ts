// Levels into a calm yes or no.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hear, REMOTE_LEVELS, SILENT, SPEAKING_HOLD_MS } from '../src/room/speaking.js';

const { begin, stay } = REMOTE_LEVELS;

test('it takes more to begin than to go on', () => {
  const between = (begin + stay) / 2;
  expect(hear(SILENT, between, 1_000, REMOTE_LEVELS).speaking).toBe(false);
  const speaking = hear(SILENT, begin, 1_000, REMOTE_LEVELS);
  expect(speaking).toEqual({ speaking: true, loudAt: 1_000 });
  const later = hear(speaking, between, 1_000 + SPEAKING_HOLD_MS, REMOTE_LEVELS);
  expect(later).toEqual({ speaking: true, loudAt: 1_000 + SPEAKING_HOLD_MS });
});

test('a pause between words is not the end, a longer one is', () => {
  const speaking = hear(SILENT, 1, 0, REMOTE_LEVELS);
  expect(hear(speaking, 0, SPEAKING_HOLD_MS - 1, REMOTE_LEVELS)).toBe(speaking);
  expect(hear(speaking, 0, SPEAKING_HOLD_MS, REMOTE_LEVELS)).toBe(SILENT);
});

test('whatever the levels: silence ends it, and it never flickers faster than the hold', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (levels) => {
      let state = SILENT;
      let began = 0;
      levels.forEach((level, i) => {
        const before = state;
        state = hear(state, level, i * 200, REMOTE_LEVELS);
        if (!before.speaking && state.speaking) began = i * 200;
        if (before.speaking && !state.speaking) {
          expect(i * 200 - began).toBeGreaterThanOrEqual(SPEAKING_HOLD_MS);
        }
      });
      const end = levels.length * 200 + SPEAKING_HOLD_MS;
      expect(hear(state, 0, end, REMOTE_LEVELS).speaking).toBe(false);
    }),
  );
});
