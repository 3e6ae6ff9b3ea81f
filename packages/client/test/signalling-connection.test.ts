// The connection's state machine, step by step: back-off, heartbeat, close codes.

import { CLOSE } from '@maru/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ANSWER_AWAKE_MS,
  ANSWER_MS,
  CONNECT_MS,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionState,
  FIRST_PAUSE_MS,
  INITIAL,
  LONGEST_PAUSE_MS,
  MOST_ASKS,
  SILENCE_MS,
  STABLE_MS,
  STALE_CONNECT_MS,
  step,
} from '../src/signalling/connection.js';

/** Takes steps, with the time told along. */
class Walk {
  state: ConnectionState = INITIAL;
  effects: readonly ConnectionEffect[] = [];
  now = 0;
  unit = 1;

  go(input: ConnectionInput['type'] | ConnectionInput, afterMs = 0): this {
    this.now += afterMs;
    const full = typeof input === 'string' ? ({ type: input } as ConnectionInput) : input;
    [this.state, this.effects] = step(this.state, full, { now: this.now, unit: this.unit });
    return this;
  }

  get timer(): number | null | undefined {
    return this.effects.findLast((effect) => effect.do === 'timer')?.ms;
  }

  get deeds(): string[] {
    return this.effects.filter((effect) => effect.do !== 'timer').map((effect) => effect.do);
  }

  open(): this {
    return this.go('wake').go('opened').go('heard').go('welcomed');
  }
}

const lost = (code = 1006): ConnectionInput => ({ type: 'lost', code });

describe('connecting again', () => {
  test('[RES-12] the longest pause begins at 250 ms, doubles, and ends at 4 s', () => {
    const walk = new Walk().go('wake');
    const pauses = Array.from({ length: 8 }, () => {
      const pause = walk.go(lost()).timer;
      walk.go('timer', pause ?? 0);
      return pause;
    });
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000]);
  });

  test('[RES-12] the jitter is full: a pause may be anything from nothing to the longest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, unit) => {
        const walk = new Walk().go('wake');
        walk.unit = unit;
        for (let i = 0; i < n; i++) walk.go(lost()).go('timer');
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** n);
        expect(walk.go(lost()).timer).toBeCloseTo(unit * longest, 6);
      }),
    );
  });

  test('[RES-12] a wake-up connects at once rather than after the pause', () => {
    const walk = new Walk().go('wake').go(lost()).go('wake');
    expect(walk.deeds).toEqual(['connect']);
    expect(walk.state.at).toBe('connecting');
  });

  test('[RES-12] another network has a socket of the former one replaced at once', () => {
    expect(new Walk().open().go('renew', 10).deeds).toEqual(['drop', 'connect']);
    expect(new Walk().go('wake').go('renew', 10).deeds).toEqual(['drop', 'connect']);
    expect(new Walk().go('wake').go(lost()).go('renew').deeds).toContain('connect');
    expect(new Walk().go({ type: 'stop', error: null }).go('renew').effects).toEqual([]);
  });

  test('a wake-up gives up a socket that began to open on the former network', () => {
    expect(new Walk().go('wake').go('wake', STALE_CONNECT_MS - 1).deeds).toEqual([]);
    expect(new Walk().go('wake').go('wake', STALE_CONNECT_MS).deeds).toEqual(['drop', 'connect']);
  });

  test('a connection that lived starts the back-off anew, one that did not goes on with it', () => {
    const flapping = new Walk().go('wake');
    for (let i = 0; i < 4; i++) flapping.go(lost()).go('timer');
    const short = flapping
      .go('opened')
      .go('welcomed')
      .go(lost(), STABLE_MS - 1);
    expect(short.timer).toBe(4_000);
    const long = short.go('timer').go('opened').go('welcomed').go(lost(), STABLE_MS);
    expect(long.timer).toBe(FIRST_PAUSE_MS);
  });

  test('a socket that does not open is given up', () => {
    const walk = new Walk().go('wake');
    expect(walk.timer).toBe(CONNECT_MS);
    expect(walk.go('timer', CONNECT_MS).deeds).toEqual(['drop']);
    expect(walk.state.at).toBe('waiting');
  });

  test('[RES-11] after a restart it connects again soon', () => {
    const walk = new Walk().open().go('heard', STABLE_MS).go(lost(CLOSE.restart));
    expect(walk.timer).toBe(FIRST_PAUSE_MS);
  });

  test('a socket closed for sending too fast comes back only after a real pause', () => {
    expect(new Walk().open().go(lost(CLOSE.tooFast), STABLE_MS).timer).toBe(4_000);
  });

  test('a pause that the server asked for comes on top', () => {
    const walk = new Walk().open().go({ type: 'lost', code: CLOSE.restart, pauseMs: 3_000 });
    expect(walk.timer).toBe(3_000 + FIRST_PAUSE_MS);
  });

  test.each([
    [CLOSE.protocol, 'protocol-too-old'],
    [CLOSE.replaced, 'replaced-elsewhere'],
  ])('close code %i ends it for good: %s', (code, error) => {
    const walk = new Walk().open().go(lost(code));
    expect(walk.state).toEqual({ at: 'closed', error });
    expect(walk.deeds).toEqual(['drop']);
    expect(walk.timer).toBeNull();
    expect(walk.go('wake').effects).toEqual([]);
  });
});

describe('the heartbeat', () => {
  test('[RES-13] after silence it asks, and an answer is enough', () => {
    const walk = new Walk().open().go('timer', ANSWER_MS);
    expect(walk.deeds).toEqual([]);
    walk.go('timer', SILENCE_MS - ANSWER_MS);
    expect(walk.deeds).toEqual(['ping']);
    walk.go('heard', 100).go('timer', ANSWER_MS);
    expect(walk.state.at).toBe('open');
    expect(walk.deeds).toEqual([]);
  });

  test('[RES-13] an unanswered ping means a dead socket', () => {
    const walk = new Walk().open().go('timer', SILENCE_MS).go('timer', ANSWER_MS);
    expect(walk.deeds).toEqual(['drop']);
    expect(walk.state.at).toBe('waiting');
  });

  test('[RES-13] a timer that is late by a night only asks again', () => {
    const walk = new Walk().open().go('timer', SILENCE_MS).go('timer', 28_800_000);
    expect(walk.deeds).toEqual(['ping']);
    expect(walk.go('heard', 10).go('timer', ANSWER_MS).state.at).toBe('open');
  });

  test('[RES-13] a late first timer asks before anything else', () => {
    expect(new Walk().open().go('timer', 28_800_000).deeds).toEqual(['ping']);
  });

  test('a page whose timers are always late still finds a dead socket, by pings', () => {
    const walk = new Walk().open().go('timer', SILENCE_MS);
    for (let asks = 1; asks < MOST_ASKS; asks++) expect(walk.go('timer', 60_000).deeds).toEqual(['ping']);
    expect(walk.go('timer', 60_000).deeds).toEqual(['drop']);
  });

  test('an unanswered hello means a dead socket too', () => {
    expect(new Walk().go('wake').go('opened').go('timer', ANSWER_MS).deeds).toEqual(['drop']);
  });

  test('a wake-up asks at once, and only once', () => {
    const walk = new Walk().open().go('wake', 10);
    expect(walk.deeds).toEqual(['ping']);
    expect(walk.timer).toBe(ANSWER_AWAKE_MS);
    expect(walk.go('wake').deeds).toEqual([]);
    expect(walk.go('timer', ANSWER_AWAKE_MS).deeds).toEqual(['drop']);
  });

  test('[RES-13] no order of events makes a socket dead that answers each ping in time', () => {
    const event = fc.constantFrom('timer', 'heard', 'wake');
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 100_000 }))), (events) => {
        const walk = new Walk().open();
        for (const [type, afterMs] of events) {
          walk.go(type, afterMs);
          if (walk.deeds.includes('ping')) walk.go('heard', ANSWER_AWAKE_MS - 1);
          expect(walk.state.at).toBe('open');
        }
      }),
    );
  });
});
