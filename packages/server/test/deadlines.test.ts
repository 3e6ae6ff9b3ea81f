// Many deadlines on one timer.

import { expect, test } from 'vitest';
import { Alarm } from '../src/env/alarm.js';
import { Deadlines } from '../src/env/deadlines.js';
import { FakeClock } from './support/fake-clock.js';

test('what is due is taken out in its order, and only once', () => {
  const deadlines = new Deadlines<string>();
  for (const [thing, at] of [
    ['a', 10],
    ['b', 20],
    ['c', 20],
    ['d', 30],
  ] as const)
    deadlines.start(thing, at);
  deadlines.stop('b');
  expect(deadlines.next()).toBe(10);
  expect(deadlines.takeDue(9)).toEqual([]);
  expect(deadlines.takeDue(20)).toEqual(['a', 'c']);
  expect(deadlines.takeDue(20)).toEqual([]);
  expect([deadlines.size, deadlines.next()]).toEqual([1, 30]);
});

test('one timer serves them all, rings when the next is due, and is gone when nothing is', () => {
  const clock = new FakeClock();
  const deadlines = new Deadlines<string>();
  const rung: [number, string[]][] = [];
  const alarm = new Alarm(
    clock,
    () => deadlines.next(),
    (now) => rung.push([now, deadlines.takeDue(now)]),
  );
  for (const [thing, at] of [
    ['a', 10],
    ['b', 20],
    ['c', 40],
  ] as const) {
    deadlines.start(thing, at);
    alarm.arm();
  }
  expect(clock.pending).toBe(1);
  deadlines.stop('b');
  clock.advance(100);
  expect(rung).toEqual([
    [10, ['a']],
    [40, ['c']],
  ]);
  expect(clock.pending).toBe(0);
  deadlines.start('late', 50);
  alarm.arm();
  alarm.stop();
  expect(clock.pending).toBe(0);
});
