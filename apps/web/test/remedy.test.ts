// The button beside an error does what its sentence asks for.

import { MaruError } from '@maru/client';
import { ERRORS, type ErrorCode } from '@maru/protocol';
import { expect, test } from 'vitest';
import { remedyFor } from '../src/errors/remedy.js';
import { errorText } from '../src/i18n/messages/errors.js';

const codes = Object.keys(ERRORS) as ErrorCode[];

test.each(codes)('%s offers to reload exactly when its words say so', (code) => {
  const error = new MaruError(code);
  expect(remedyFor(error) === 'reload').toBe(/\breload\b/i.test(errorText(error)));
});

test('what may succeed later can be tried again, and nothing else', () => {
  expect(remedyFor(new MaruError('server-busy'))).toBe('retry');
  expect(remedyFor(new MaruError('request-timeout'))).toBe('retry');
  expect(remedyFor(new MaruError('replaced-elsewhere'))).toBeNull();
  expect(remedyFor(new MaruError('bad-name'))).toBeNull();
});
