// The inbox: one input at a time, in order, whatever happens to it.

import { expect, test } from 'vitest';
import { createInbox } from '../src/link/inbox.js';
import { settle } from '../src/testing/fake-env.js';

test('one input is finished before the next is read', async () => {
  const log: string[] = [];
  const inbox = createInbox<string>(async (input) => {
    log.push(`${input} begins`);
    await settle();
    log.push(`${input} ends`);
  }, new AbortController().signal);
  inbox.push('a');
  inbox.push('b');
  await settle();
  inbox.push('c');
  while (log.length < 6) await settle();
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('an input may push another, which is read after those that wait', async () => {
  const log: number[] = [];
  const inbox = createInbox<number>(async (input) => {
    log.push(input);
    await settle();
    if (input === 1) inbox.push(3);
  }, new AbortController().signal);
  inbox.push(1);
  inbox.push(2);
  while (log.length < 3) await settle();
  expect(log).toEqual([1, 2, 3]);
});

test('nothing is read after the signal has aborted', async () => {
  const log: number[] = [];
  const scope = new AbortController();
  const inbox = createInbox<number>(async (input) => {
    log.push(input);
    await settle();
    scope.abort();
  }, scope.signal);
  inbox.push(1);
  inbox.push(2);
  while (!scope.signal.aborted) await settle();
  inbox.push(3);
  await settle();
  expect(log).toEqual([1]);
});
