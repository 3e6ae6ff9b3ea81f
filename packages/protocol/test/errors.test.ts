// The table of error codes: the keys of their words, and who raises them.

import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode, messageKey, SERVER_ERROR_CODES } from '../src/errors.js';

const entries = Object.entries(ERRORS);

test.each([
  ['room-full', 'error.roomFull'],
  ['protocol-too-old', 'error.protocolTooOld'],
  ['internal', 'error.internal'],
] as const)('the words for %s are under %s', (code, key) => {
  expect(messageKey(code)).toBe(key);
});

test('no two codes share their words', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  expect(new Set(codes.map(messageKey)).size).toBe(codes.length);
});

test('the codes that a server may send are those that it raises', () => {
  expect(SERVER_ERROR_CODES).toEqual(
    entries.filter(([, entry]) => entry.raisedBy === 'server').map(([code]) => code),
  );
});
