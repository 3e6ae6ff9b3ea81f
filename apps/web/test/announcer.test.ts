// The live region: nothing that was said is lost, and nothing is said in vain.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { announce, announced } from '../src/ui/announcer.js';

const heard = (): string => announced.value.replace('\u00A0', '');

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('sentences that come at once are said one after another', () => {
  announce('Marta joined');
  announce('You are muted.');
  announce('Sora joined');
  vi.runAllTimers();
  expect(heard()).toBe('Marta joined. You are muted. Sora joined');
});

test('a later sentence stands alone', () => {
  announce('Marta joined');
  vi.runAllTimers();
  announce('Marta left');
  vi.runAllTimers();
  expect(heard()).toBe('Marta left');
});

test('the same sentence again is a change of the region', () => {
  announce('Link copied');
  vi.runAllTimers();
  const first = announced.value;
  announce('Link copied');
  vi.runAllTimers();
  expect(heard()).toBe('Link copied');
  expect(announced.value).not.toBe(first);
});
