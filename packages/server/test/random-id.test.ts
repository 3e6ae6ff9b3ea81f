// Ids: their form, and that none comes twice.

import { expect, test } from 'vitest';
import { randomId } from '../src/env/random-id.js';

test('ids have the length that was asked for, are base64url, and are all different', () => {
  const ids = Array.from({ length: 5_000 }, () => randomId(16));
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect([1, 12, 13, 64].map((length) => randomId(length).length)).toEqual([1, 12, 13, 64]);
});

test('every character of an id is random: each takes on nearly all of its 64 values', () => {
  const ids = Array.from({ length: 5_000 }, () => randomId(16));
  for (let at = 0; at < 16; at++) {
    expect(new Set(ids.map((id) => id[at])).size).toBe(64);
  }
});
