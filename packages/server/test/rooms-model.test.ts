// Random interleavings of everything that can happen to rooms, on the pure core, against a plain model of the rules.
// fast-check prints the seed of a failure; put it into KEPT_SEEDS, so that it is tried for ever after.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RoomsModel, type Step } from './support/rooms-model.js';

/** Seeds that have found something once. */
const KEPT_SEEDS: readonly number[] = [];
const RUNS = 2_000;

// Few people and rooms, so that they meet; what happens often in life happens often here.
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind']>(
    ...(['join', 'join', 'join', 'join', 'drop', 'drop', 'resume', 'resume', 'resume', 'resume'] as const),
    ...([
      'leave',
      'signal',
      'signal',
      'state',
      'lock',
      'peek',
      'wait',
      'expire',
      'forge',
      'ice',
      'sfu',
      'sfu',
      'restart',
    ] as const),
  ),
  who: fc.nat(7),
  what: fc.nat(63),
  where: fc.nat(2),
});
const steps = fc.array(step, { minLength: 20, maxLength: 100, size: 'max' });

const property = fc.property(steps, (list) => {
  const model = new RoomsModel();
  for (const next of list) model.step(next);
});

test('[ROOM-6] thousands of random interleavings of joins, drops, resumes and restarts keep every rule', () => {
  for (const seed of KEPT_SEEDS) fc.assert(property, { seed, numRuns: RUNS });
  fc.assert(property, { numRuns: RUNS });
}, 120_000);

test('the same steps give the same effects: nothing in the core depends on time or chance', () => {
  const lists = fc.sample(steps, { numRuns: 20, seed: 7 });
  const record = (): string =>
    JSON.stringify(
      lists.map((list) => {
        const model = new RoomsModel();
        for (const next of list) model.step(next);
        return model.effects;
      }),
    );
  expect(record()).toBe(record());
});
