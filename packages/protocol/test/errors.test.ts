// The table of error codes: each entry whole, its key made of its code.

import { expect, test } from 'vitest';
import { ERRORS, SERVER_ERROR_CODES } from '../src/errors.js';

const entries = Object.entries(ERRORS);

test.each(entries)('%s has a key of its own name', (code, entry) => {
  const camelCase = code.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  expect(entry.messageKey).toBe(`error.${camelCase}`);
});

test('no two codes share their words', () => {
  expect(new Set(entries.map(([, entry]) => entry.messageKey)).size).toBe(entries.length);
});

test('the codes that a server may send are those that it raises', () => {
  expect(SERVER_ERROR_CODES).toEqual(
    entries.filter(([, entry]) => entry.raisedBy === 'server').map(([code]) => code),
  );
});
