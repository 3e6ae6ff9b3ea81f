// The table of requests: time-outs, late timers, and how much is remembered.

import { expect, test } from 'vitest';
import type { Clock } from '../src/env/env.js';
import { REQUEST_MS, Requests } from '../src/signalling/requests.js';

/** A clock of a page that slept: its timers fire when the test says so, however late that is. */
function sleepyClock() {
  const timers: (() => void)[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    unixTime: () => now,
    after(_ms, callback) {
      timers.push(callback);
      return { cancel: () => void timers.splice(timers.indexOf(callback), 1) };
    },
  };
  const fire = (ms: number): void => {
    now += ms;
    timers.shift()?.();
  };
  return { clock, timers, fire };
}

test('[RES-13] a time-out that fires late waits once more: the answer may be right behind it', () => {
  const { clock, timers, fire } = sleepyClock();
  const requests = new Requests(clock);
  const outcomes: string[] = [];
  const id = requests.add('ice', {
    answered: () => outcomes.push('answered'),
    failed: ({ code }) => outcomes.push(code),
  });
  fire(28_800_000);
  expect(outcomes).toEqual([]);
  requests.settle({ type: 'ice-servers', re: id, iceServers: [] });
  expect(outcomes).toEqual(['answered']);
  expect(timers).toHaveLength(0);
});

test('a time-out that fires in time fails the request once', () => {
  const { clock, fire } = sleepyClock();
  const requests = new Requests(clock);
  const outcomes: string[] = [];
  const id = requests.add('ice', { failed: ({ code }) => outcomes.push(code) });
  fire(REQUEST_MS);
  requests.settle({ type: 'refused', re: id, code: 'internal' });
  requests.failAll();
  expect(outcomes).toEqual(['request-timeout']);
});

test('refusals of the newest signals are heard; a refusal of something unknown is nobody’s', () => {
  const requests = new Requests(sleepyClock().clock);
  const refused: number[] = [];
  const ids = Array.from({ length: 200 }, (_, i) => requests.addSignal(() => refused.push(i)));
  for (const re of ids) requests.settle({ type: 'refused', re, code: 'peer-away' });
  requests.settle({ type: 'refused', re: 9_999, code: 'internal' });
  requests.settle({ type: 'refused', re: null, code: 'bad-message' });
  expect(refused).toEqual(Array.from({ length: 64 }, (_, i) => 136 + i));
});
