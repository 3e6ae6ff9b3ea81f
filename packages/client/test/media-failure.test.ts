// From exceptions of browsers to codes, and from samples to levels.

import { describe, expect, test } from 'vitest';
import { hear, levelOf, SILENCE } from '../src/media/loudness.js';
import { deviceFailure, screenFailure } from '../src/media/media-failure.js';

const thrown = (name: string, message = ''): DOMException => new DOMException(message, name);

describe('failures of devices', () => {
  test.each([
    ['NotAllowedError', 'blocked'],
    ['SecurityError', 'blocked'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['UnknownError', 'failed'],
    ['TypeError', 'failed'],
  ])('%s is %s', (name, kind) => {
    const failure = deviceFailure('camera', thrown(name), true);
    expect(failure.kind).toBe(kind);
    expect(failure.error.code).toBe(`camera-${kind}`);
    expect(deviceFailure('microphone', thrown(name), true).error.code).toBe(`microphone-${kind}`);
  });

  test('an OverconstrainedError that is no DOMException is known by its name', () => {
    const failure = deviceFailure('camera', { name: 'OverconstrainedError', message: '' }, true);
    expect(failure.kind).toBe('missing');
  });

  test.each([
    [new TypeError("Cannot read properties of undefined (reading 'getUserMedia')")],
    [thrown('NotAllowedError')],
    [thrown('SecurityError')],
  ])('on an insecure page %s means just that', (cause) => {
    expect(deviceFailure('camera', cause, false).error.code).toBe('insecure-context');
  });

  test.each([
    ['Permission dismissed', 'dismissed'],
    ['Permission denied by system', 'system'],
    ['Access to the feature "camera" is disallowed by permissions policy.', 'policy'],
    ['Permission denied', undefined],
  ])('"%s" was refused by %s', (message, by) => {
    const { error } = deviceFailure('camera', thrown('NotAllowedError', message), true);
    expect(error.detail.blockedBy).toBe(by);
  });

  test('the cause is kept for logs', () => {
    const cause = thrown('NotReadableError');
    expect(deviceFailure('camera', cause, true).error.cause).toBe(cause);
  });
});

test('a closed screen picker is no failure, a refusing system is', () => {
  expect(screenFailure(thrown('NotAllowedError', 'Permission denied'))).toBeNull();
  expect(screenFailure(thrown('NotAllowedError', 'Permission denied by system'))?.code).toBe(
    'screen-blocked',
  );
  expect(screenFailure(thrown('NotReadableError'))?.code).toBe('screen-failed');
});

describe('loudness', () => {
  test('is even in decibels between -60 and -10 dBFS', () => {
    expect(levelOf(0)).toBe(0);
    expect(levelOf(Number.NaN)).toBe(0);
    expect(levelOf(10 ** (-60 / 20))).toBeCloseTo(0);
    expect(levelOf(10 ** (-35 / 20))).toBeCloseTo(0.5);
    expect(levelOf(10 ** (-10 / 20))).toBeCloseTo(1);
    expect(levelOf(1)).toBe(1);
  });

  test('three loud samples in a row are speech, two and a pause are not', () => {
    const samples = [0.9, 0.9, 0.1, 0.9, 0.9, 0.9];
    const heard: boolean[] = [];
    let speech = SILENCE;
    samples.forEach((level, i) => {
      speech = hear(speech, level, i * 100);
      heard.push(speech.heardAt !== null);
    });
    expect(heard).toEqual([false, false, false, false, false, true]);
  });
});
