// The steps of the lasting link to the SFU: what is tried, when, and what never happens whatever comes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CONNECT_MS,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  PATIENCE,
  SFU_AT_REST,
  type SfuEffect,
  type SfuInput,
  type SfuSteps,
  SHAKY_MS,
  sfuDueAt,
  stepSfu,
  UNTOUCHED_PROBE_MS,
} from '../src/sfu/link-steps.js';

/** A link with a clock. */
class Steps {
  state: SfuSteps = SFU_AT_REST;
  now = 0;
  readonly done: SfuEffect[] = [];

  input(...inputs: readonly SfuInput[]): this {
    for (const input of inputs) {
      const [state, effects] = stepSfu(this.state, input, { now: this.now, unit: 0.5 });
      this.state = state;
      this.done.push(...effects);
    }
    return this;
  }

  /** What was done since this was asked last. */
  take(): SfuEffect[] {
    return this.done.splice(0);
  }

  /** Lets the next thing that is waited for fall due. */
  wait(): this {
    this.now = sfuDueAt(this.state) ?? this.now;
    return this.input({ type: 'time' });
  }
}

const STAND: SfuInput = { type: 'stand', wanted: true, askable: true };
const standing = (): Steps => {
  const steps = new Steps().input(STAND, { type: 'made' }, { type: 'answered' }, { type: 'up' });
  steps.take();
  return steps;
};

describe('the first connection', () => {
  test('is made, said, answered, and taken into use when it stands', () => {
    const steps = new Steps().input(STAND);
    expect(steps.take()).toEqual(['open']);
    expect(steps.input({ type: 'made' }).take()).toEqual(['ask']);
    expect(steps.input({ type: 'answered' }, { type: 'up' }).take()).toEqual(['switch']);
    expect(steps.state).toMatchObject({ use: 'up', rung: { at: 'rest' }, tries: 0 });
  });

  test('is made ahead, and said the moment that it can be', () => {
    const steps = new Steps().input({ type: 'stand', wanted: true, askable: false }, { type: 'made' });
    expect(steps.take()).toEqual(['open']);
    expect(steps.input(STAND).take()).toEqual(['ask']);
  });

  test('that does not connect is dropped, and another is tried after a pause, each time a longer one', () => {
    const steps = new Steps().input(STAND);
    let longest = 0;
    for (let tries = 1; tries <= 10; tries++) {
      steps.input({ type: 'made' }, { type: 'answered' });
      steps.take();
      const at = steps.now;
      expect(sfuDueAt(steps.state)).toBe(at + CONNECT_MS);
      expect(steps.wait().take()).toEqual(['drop']);
      expect(steps.state.tries).toBe(tries);
      const pause = (sfuDueAt(steps.state) ?? 0) - steps.now;
      expect(pause).toBeGreaterThanOrEqual(FIRST_PAUSE_MS / 2);
      expect(pause).toBeGreaterThanOrEqual(longest);
      expect(pause).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
      longest = pause;
      expect(steps.wait().take()).toEqual(['open']);
    }
    expect(steps.state.tries).toBeGreaterThan(PATIENCE);
  });

  test('that the server refuses waits as long as it says, or until there is another server', () => {
    const steps = new Steps().input(STAND, { type: 'made' }, { type: 'failed', pauseMs: 5_000 });
    expect(sfuDueAt(steps.state)).toBeGreaterThan(5_000);
    steps.take();
    expect(steps.input({ type: 'stand', wanted: true, askable: false }, STAND).take()).toEqual(['open']);
  });
});

describe('a connection in use', () => {
  test('that is shaky for a moment is left alone; for longer another is made beside it', () => {
    const steps = standing().input({ type: 'path', path: 'shaky' });
    expect(sfuDueAt(steps.state)).toBe(SHAKY_MS);
    steps.input({ type: 'path', path: 'up' });
    expect([steps.take(), steps.state.rung.at]).toEqual([[], 'rest']);
    expect(steps.input({ type: 'path', path: 'shaky' }).wait().take()).toEqual(['open']);
    expect(steps.input({ type: 'made' }, { type: 'answered' }, { type: 'up' }).take()).toEqual([
      'ask',
      'switch',
    ]);
  });

  test('that comes back before the other was said keeps its place', () => {
    const steps = standing().input({ type: 'path', path: 'shaky' }).wait();
    steps.take();
    expect(steps.input({ type: 'path', path: 'up' }).take()).toEqual(['drop']);
    expect(steps.state).toMatchObject({ use: 'up', rung: { at: 'rest' } });
  });

  test.each<SfuInput>([{ type: 'path', path: 'down' }, { type: 'lost' }])(
    'that is gone (%j) is replaced at once',
    (input) => {
      expect(standing().input(input).take()).toEqual(['open']);
    },
  );

  test('that turns shaky while it is looked at waits no longer than it would otherwise', () => {
    const steps = standing().input({ type: 'hint' });
    steps.take();
    steps.now += 100;
    steps.input({ type: 'path', path: 'shaky' });
    expect(sfuDueAt(steps.state)).toBe(steps.now + SHAKY_MS);
    steps.now += 100;
    expect(sfuDueAt(steps.input({ type: 'path', path: 'shaky' }).state)).toBe(100 + SHAKY_MS);
    expect(steps.wait().take()).toEqual(['open']);
  });

  test('[LAD-7] a probe that needs ICE’s own checks is waited for', () => {
    const steps = standing().input({ type: 'hint' });
    steps.take();
    expect(sfuDueAt(steps.state)).toBeGreaterThan(UNTOUCHED_PROBE_MS);
    steps.now += UNTOUCHED_PROBE_MS;
    expect(steps.input({ type: 'time' }, { type: 'probed', alive: false }).take()).toEqual(['open']);
  });

  test('[LAD-7] upon a hint it is looked whether anything arrives, and if not another is made at once', () => {
    const steps = standing().input({ type: 'hint' });
    expect(steps.take()).toEqual(['probe']);
    expect(steps.input({ type: 'hint' }).take()).toEqual([]);
    expect(steps.input({ type: 'probed', alive: true }).take()).toEqual([]);
    expect(steps.state.rung.at).toBe('rest');
    expect(steps.input({ type: 'hint' }, { type: 'probed', alive: false }).take()).toEqual(['probe', 'open']);
  });

  test('of which a probe says nothing keeps its place', () => {
    const steps = standing().input({ type: 'hint' }).wait();
    expect(steps.state).toMatchObject({ use: 'up', rung: { at: 'rest' } });
  });

  test('is looked at again before another attempt, when the last came to nothing', () => {
    const steps = standing().input({ type: 'retry' }, { type: 'made' }, { type: 'failed' });
    expect(steps.take()).toEqual(['open', 'ask', 'drop']);
    expect(steps.wait().take()).toEqual(['probe']);
  });

  test('is closed with everything else when the SFU is not needed any more', () => {
    const steps = standing().input({ type: 'stand', wanted: false, askable: true });
    expect(steps.take()).toEqual(['close']);
    expect(steps.state).toMatchObject({ use: 'none', rung: { at: 'rest' } });
    expect(steps.input({ type: 'hint' }, { type: 'retry' }, { type: 'lost' }).take()).toEqual([]);
  });
});

const input: fc.Arbitrary<SfuInput> = fc.oneof(
  fc.record({ type: fc.constant('stand' as const), wanted: fc.boolean(), askable: fc.boolean() }),
  fc
    .constantFrom<SfuInput['type']>('made', 'answered', 'up', 'lost', 'hint', 'retry', 'time')
    .map((type) => ({
      type,
    })) as fc.Arbitrary<SfuInput>,
  fc.record({ type: fc.constant('failed' as const), pauseMs: fc.integer({ min: 0, max: 5_000 }) }),
  fc.record({ type: fc.constant('path' as const), path: fc.constantFrom('up', 'shaky', 'down') }),
  fc.record({ type: fc.constant('probed' as const), alive: fc.boolean() }),
);
const happening = fc.tuple(input, fc.integer({ min: 0, max: 4_000 }));

/** What a world of connections makes of the effects; throws at what must not be asked of it. */
class World {
  readonly steps = new Steps();
  fresh = false;
  use = false;

  input(next: SfuInput): void {
    this.steps.input(next);
    for (const effect of this.steps.take()) {
      if (effect === 'open') this.fresh = true;
      if (effect === 'ask' && !this.fresh) throw new Error('nothing to say');
      if (effect === 'switch') {
        if (!this.fresh) throw new Error('nothing to switch to');
        [this.fresh, this.use] = [false, true];
      }
      if (effect === 'drop') this.fresh = false;
      if (effect === 'close') [this.fresh, this.use] = [false, false];
    }
  }
}

test('whatever comes in whatever order: nothing is asked of a connection that is not there, and calm ends well', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const world = new World();
      const { steps } = world;
      for (const [next, ms] of happenings) {
        steps.now += ms;
        // Connections that are not there say nothing.
        const ofFresh = ['made', 'answered', 'up', 'failed'].includes(next.type);
        if ((ofFresh && !world.fresh) || (next.type === 'path' && !world.use)) continue;
        world.input(next);
        if (!steps.state.wanted) expect([world.fresh, world.use]).toEqual([false, false]);
      }
      // From now on everything works.
      world.input({ type: 'stand', wanted: true, askable: false });
      world.input({ type: 'stand', wanted: true, askable: true });
      for (let turn = 0; turn < 20; turn++) {
        const due = sfuDueAt(steps.state);
        if (steps.state.rung.at === 'make') world.input({ type: 'made' });
        else if (steps.state.rung.at === 'ask') world.input({ type: 'answered' });
        else if (steps.state.rung.at === 'connect') world.input({ type: 'up' });
        else if (due !== null) {
          steps.now = Math.max(steps.now, due);
          world.input({ type: 'time' });
        } else if (steps.state.use !== 'up') world.input({ type: 'hint' });
      }
      expect(steps.state).toMatchObject({ use: 'up', rung: { at: 'rest' } });
      expect([world.fresh, world.use]).toEqual([false, true]);
    }),
    { numRuns: 500 },
  );
});
