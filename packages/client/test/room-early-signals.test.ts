// Signals of peers that are not known yet: whose, for how long, how many.

import { expect, test } from 'vitest';
import { createEarlySignals } from '../src/room/early-signals.js';
import { FakeClock } from '../src/testing/fake-env.js';

test('each peer gets its own, in their order, once', () => {
  const early = createEarlySignals(new FakeClock());
  early.keep('ann', '1');
  early.keep('bo', 'x');
  early.keep('ann', '2');
  expect(early.take('ann')).toEqual(['1', '2']);
  expect(early.take('ann')).toEqual([]);
  expect(early.take('bo')).toEqual(['x']);
});

test('nobody waits for long', async () => {
  const clock = new FakeClock();
  const early = createEarlySignals(clock);
  early.keep('ann', 'old');
  await clock.advance(4_000);
  early.keep('ann', 'new');
  await clock.advance(2_000);
  expect(early.take('ann')).toEqual(['new']);
});

test('a flood keeps the newest and no more', () => {
  const early = createEarlySignals(new FakeClock());
  for (let i = 0; i < 1_000; i++) early.keep('ann', String(i));
  const kept = early.take('ann');
  expect(kept).toHaveLength(64);
  expect(kept.at(-1)).toBe('999');
});
