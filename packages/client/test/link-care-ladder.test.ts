// The ladder, with time as a number.

import { describe, expect, test } from 'vitest';
import {
  type Ladder,
  type LadderInput,
  ladderDueAt,
  ladderStep,
  type Path,
  startLadder,
  stepLadder,
} from '../src/link/care/ladder.js';
import {
  ASK_MS,
  DISCONNECTED_GRACE_MS,
  FIRST_CONNECTION_MS,
  ICE_RESTART_MS,
  LATE_OFFER_MS,
  LONG_PROBE_MS,
  LONGEST_QUIET_MS,
  MOST_SLEEPS,
  POLITE_PATIENCE,
  PROBE_MS,
  QUIET_MS,
  REBUILD_MS,
  RELAY_MS,
  RESTARTED_MS,
  SLEPT_MS,
} from '../src/link/care/ladder-times.js';

/** A ladder with a clock: runs until a time, and keeps what was done and when. */
class Climber {
  ladder: Ladder;
  now = 0;
  readonly done: [number, string][] = [];

  constructor(
    polite = false,
    readonly relay = false,
  ) {
    this.ladder = startLadder(polite);
  }

  put(input: LadderInput): this {
    const [next, effects] = stepLadder(this.ladder, input, this);
    this.ladder = next;
    for (const effect of effects) this.done.push([this.now, effect.do]);
    return this;
  }

  path(path: Path): this {
    return this.put({ type: 'path', path });
  }

  say(type: 'started' | 'retry' | 'hint' | 'stalled' | 'asked' | 'followed' | 'replaced'): this {
    return this.put({ type });
  }

  probed(alive: boolean): this {
    return this.put({ type: 'probed', alive });
  }

  reachable(reachable: boolean): this {
    return this.put({ type: 'reachable', reachable });
  }

  run(ms: number): this {
    const end = this.now + ms;
    for (let due = ladderDueAt(this.ladder); due !== null && due <= end; due = ladderDueAt(this.ladder)) {
      this.now = Math.max(this.now, due);
      this.put({ type: 'time' });
    }
    this.now = end;
    return this;
  }

  /** Time passes without a timer running, as in a sleeping page. */
  sleep(ms: number): this {
    this.now += ms;
    return this.put({ type: 'time' });
  }

  /** Forgets what was done. */
  forget(): this {
    this.done.length = 0;
    return this;
  }

  get step(): string {
    return ladderStep(this.ladder);
  }

  /** What was done, but for looking. */
  get actions(): string[] {
    return this.done.map(([, action]) => action).filter((action) => action !== 'diagnose');
  }

  /** The same with its times. */
  get timed(): [number, string][] {
    return this.done.filter(([, action]) => action !== 'diagnose');
  }
}

const connected = (polite = false, relay = false) => new Climber(polite, relay).say('started').path('up');
/** Long enough for every step until it is given up. */
const UP_TO_GIVING_UP = ICE_RESTART_MS + 2 * REBUILD_MS;
const givenUp = () => connected().path('down').run(UP_TO_GIVING_UP);

describe('a path that is lost', () => {
  test('[LAD-1] nothing but the path moves it: signalling that is lost for an hour does not', () => {
    const climber = connected().reachable(false).run(3_600_000);
    expect(climber.done).toEqual([]);
    expect(climber.step).toBe('healthy');
  });

  test('[LAD-2] that is shaky for longer than a moment is restarted', () => {
    const climber = connected()
      .path('shaky')
      .run(DISCONNECTED_GRACE_MS - 1);
    expect(climber.actions).toEqual([]);
    expect(climber.step).toBe('suspect');
    expect(climber.run(1).done).toEqual([[DISCONNECTED_GRACE_MS, 'restart']]);
    expect(climber.step).toBe('restart');
  });

  test('[LAD-2] that recovers within the moment is left alone', () => {
    const climber = connected()
      .path('shaky')
      .run(DISCONNECTED_GRACE_MS - 1)
      .path('up')
      .run(60_000);
    expect(climber.done).toEqual([]);
  });

  test('[LAD-2] that is down is restarted at once', () => {
    expect(connected().path('down').timed).toEqual([[0, 'restart']]);
    expect(connected().path('shaky').run(100).path('down').timed).toEqual([[100, 'restart']]);
  });

  test('[LAD-3] that an ICE restart does not bring back is followed by a fresh connection', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS);
    expect(climber.timed).toEqual([
      [0, 'restart'],
      [ICE_RESTART_MS, 'rebuild'],
    ]);
  });

  test('[LAD-3] where there is a relay the first fresh connection goes over relays alone', () => {
    const climber = connected(false, true)
      .path('down')
      .run(ICE_RESTART_MS + RELAY_MS + REBUILD_MS);
    expect(climber.timed).toEqual([
      [0, 'restart'],
      [ICE_RESTART_MS, 'relay'],
      [ICE_RESTART_MS + RELAY_MS, 'rebuild'],
    ]);
    expect(climber.step).toBe('give-up');
  });

  test('[LAD-3] whose connection the other end has closed is rebuilt without an ICE restart', () => {
    const climber = connected(false, true).path('gone').run(DISCONNECTED_GRACE_MS);
    expect(climber.timed).toEqual([[DISCONNECTED_GRACE_MS, 'rebuild']]);
    const shaky = connected()
      .path('shaky')
      .run(500)
      .path('gone')
      .run(DISCONNECTED_GRACE_MS - 500);
    expect(shaky.timed).toEqual([[DISCONNECTED_GRACE_MS, 'rebuild']]);
  });

  test('[LAD-3] one that came back is over when the rebuild takes its place, and is waited for anew', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS).path('up').say('replaced');
    expect(climber.ladder.path).toBe('none');
    expect(climber.run(REBUILD_MS).actions).toEqual(['restart', 'rebuild', 'rebuild']);
  });

  test('an offer of ICE restart while it is up needs no waiting', () => {
    const climber = connected(true).say('followed').run(120_000);
    expect(climber.done).toEqual([]);
    expect(climber.step).toBe('healthy');
  });
});

describe('giving up', () => {
  test('[LAD-4] comes after two fresh connections in a row', () => {
    const climber = givenUp();
    expect(climber.actions).toEqual(['restart', 'rebuild', 'rebuild']);
    expect(climber.step).toBe('give-up');
  });

  test('[LAD-4] a rebuild that works starts the count again', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS).path('up').path('down').run(UP_TO_GIVING_UP);
    expect(climber.actions).toEqual(['restart', 'rebuild', 'restart', 'rebuild', 'rebuild']);
  });

  test('[LAD-4] retry starts again from a fresh connection', () => {
    const climber = givenUp().forget().say('retry');
    expect(climber.actions).toEqual(['rebuild']);
    expect(climber.step).toBe('rebuild');
    expect(climber.run(2 * REBUILD_MS).actions).toEqual(['rebuild', 'rebuild']);
    expect(climber.step).toBe('give-up');
  });

  test('[LAD-4] is not the end: it is quietly tried again, each time after twice as long, for ever', () => {
    const climber = givenUp().forget();
    const since = climber.now;
    climber.run(600_000);
    const times = climber.timed.map(([at]) => at - since);
    expect(times.slice(0, 3)).toEqual([QUIET_MS, 3 * QUIET_MS, 7 * QUIET_MS]);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe(LONGEST_QUIET_MS);
    expect(new Set(climber.actions)).toEqual(new Set(['rebuild']));
    expect(climber.step).toBe('give-up');
  });

  test('[LAD-4] ends with a path, however it came', () => {
    expect(givenUp().path('up').step).toBe('healthy');
  });

  test('[LAD-4] a fresh connection of the other end leaves it given up until there is a path', () => {
    const climber = givenUp().say('replaced');
    expect(climber.step).toBe('give-up');
    expect(climber.path('up').step).toBe('healthy');
  });
});

describe('what cannot be said', () => {
  test('[LAD-5] is not tried: time while the other end cannot be reached does not count', () => {
    const climber = connected().path('down').run(1_000).reachable(false).forget();
    expect(climber.step).toBe('signalling');
    climber
      .run(100_000)
      .reachable(true)
      .run(ICE_RESTART_MS - 1_001);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).actions).toEqual(['rebuild']);
  });

  test('[LAD-5] a path that goes down meanwhile is restarted as soon as that can be said', () => {
    const climber = connected().reachable(false).run(1_000).path('down').run(5_000);
    expect(climber.actions).toEqual([]);
    climber.reachable(true);
    expect(climber.timed).toEqual([[6_000, 'restart']]);
  });

  test('[LAD-5] a retry meanwhile is done as soon as it can be said', () => {
    const climber = givenUp().reachable(false).forget();
    climber.say('retry').run(9_000);
    expect(climber.actions).toEqual([]);
    expect(climber.reachable(true).run(0).actions).toEqual(['rebuild']);
  });

  test('[LAD-5] saying the same twice changes nothing', () => {
    const climber = connected().path('shaky').reachable(true).reachable(true).run(DISCONNECTED_GRACE_MS);
    expect(climber.actions).toEqual(['restart']);
    const { ladder } = connected().path('down').reachable(false);
    expect(stepLadder(ladder, { type: 'reachable', reachable: false }, { now: 10, relay: false })[0]).toBe(
      ladder,
    );
  });
});

describe('the polite end', () => {
  test('[LAD-6] asks for a restart rather than make one, and rebuilds when nothing comes', () => {
    const climber = connected(true)
      .path('shaky')
      .run(POLITE_PATIENCE * DISCONNECTED_GRACE_MS - 1);
    expect(climber.actions).toEqual([]);
    climber.run(1 + ASK_MS);
    expect(
      climber.timed.map(([at, action]) => [at - POLITE_PATIENCE * DISCONNECTED_GRACE_MS, action]),
    ).toEqual([
      [0, 'ask'],
      [ASK_MS, 'rebuild'],
    ]);
  });

  test('[LAD-6] asks at once where its path is down', () => {
    expect(connected(true).path('down').timed).toEqual([[0, 'ask']]);
  });

  test('[LAD-6] waits longer for what the other end has begun', () => {
    const climber = connected(true).path('down').run(3_000).say('followed').forget();
    climber.path('down').run(POLITE_PATIENCE * ICE_RESTART_MS - 1);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).actions).toEqual(['rebuild']);
  });

  test('[LAD-6] counts the rebuilds that it followed as its own', () => {
    const climber = connected(true).path('down').run(1_000).say('followed').run(ICE_RESTART_MS);
    climber.say('replaced').run(REBUILD_MS).say('replaced').forget();
    climber.run(POLITE_PATIENCE * REBUILD_MS);
    expect(climber.actions).toEqual([]);
    expect(climber.step).toBe('give-up');
  });

  test('[LAD-6] climbs by itself when no first offer ever comes', () => {
    const climber = new Climber(true).say('started').run(FIRST_CONNECTION_MS + ASK_MS);
    expect(climber.actions).toEqual(['ask', 'rebuild']);
  });

  test('[LAD-6] takes the first offer for a first connection, not for a rebuild', () => {
    const climber = new Climber(true).say('started').run(1_000).say('replaced');
    expect(climber.run(FIRST_CONNECTION_MS - 1_001).actions).toEqual([]);
    expect(climber.step).toBe('connect');
    expect(climber.run(1).actions).toEqual(['ask']);
    const late = new Climber(true)
      .say('started')
      .run(FIRST_CONNECTION_MS - 1)
      .say('replaced');
    expect(late.run(LATE_OFFER_MS - 1).actions).toEqual([]);
    expect(late.run(1).actions).toEqual(['ask']);
  });

  test.each(['healthy', 'suspect', 'connect'])('[LAD-6] is answered by a restart from %s', (step) => {
    const climber = step === 'connect' ? new Climber().say('started') : connected();
    if (step === 'suspect') climber.path('shaky');
    expect(climber.step).toBe(step);
    expect(climber.say('asked').actions).toEqual(['restart']);
  });

  test('[LAD-9] an end that is asked before its own time is over looks for the reason too', () => {
    const climber = new Climber()
      .say('started')
      .run(FIRST_CONNECTION_MS - 1)
      .say('asked');
    expect(climber.done.map(([, action]) => action)).toEqual(['diagnose', 'restart']);
  });

  test('[LAD-6] need not ask for what is being done, and wakes who has given up', () => {
    expect(connected().path('down').forget().say('asked').done).toEqual([]);
    expect(givenUp().forget().say('asked').actions).toEqual(['rebuild']);
    expect(new Climber().say('asked').done).toEqual([]);
  });
});

describe('a hint', () => {
  test('[LAD-7] has a path that is up looked at, and restarted at once when nothing arrives', () => {
    const climber = connected().run(100).say('hint');
    expect(climber.done).toEqual([[100, 'probe']]);
    expect(climber.run(PROBE_MS).probed(false).timed.at(-1)).toEqual([100 + PROBE_MS, 'restart']);
    expect(connected(true).say('hint').probed(false).actions).toEqual(['probe', 'ask']);
  });

  test('[LAD-7] changes nothing where something arrives, or where the browser does not say', () => {
    expect(connected().say('hint').probed(true).step).toBe('healthy');
    const silent = connected().say('hint').run(10_000);
    expect(silent.actions).toEqual(['probe']);
    expect(silent.step).toBe('healthy');
  });

  test('[LAD-7] does not wait where the browser has noticed already', () => {
    expect(connected().path('shaky').run(10).say('hint').timed).toEqual([[10, 'restart']]);
    expect(connected(true).path('shaky').run(10).say('hint').timed).toEqual([[10, 'ask']]);
  });

  test('[LAD-7] comes with signalling that works again', () => {
    expect(connected().reachable(false).run(50).reachable(true).actions).toEqual(['probe']);
    expect(connected().reachable(false).path('shaky').reachable(true).actions).toEqual(['restart']);
  });

  test('[LAD-7] is looked into anew once something can be said', () => {
    const climber = connected().say('hint').reachable(false).probed(false).run(60_000);
    expect(climber.actions).toEqual(['probe']);
    expect(climber.reachable(true).probed(false).actions).toEqual(['probe', 'probe', 'restart']);
  });

  test('[LAD-7] tries a link that was given up at once', () => {
    expect(givenUp().forget().say('hint').actions).toEqual(['rebuild']);
  });

  test('[LAD-7] does not interrupt what is being done', () => {
    const climber = connected().path('down').run(100).forget().say('hint').say('hint');
    expect(climber.done).toEqual([]);
    expect(new Climber().say('hint').done).toEqual([]);
  });

  test('[LAD-7] looks once more where the network changes again after a restart, and not for one change twice', () => {
    for (const polite of [false, true]) {
      const climber = connected(polite).say('hint').probed(false).forget();
      climber.run(RESTARTED_MS - 1).say('hint');
      expect(climber.actions).toEqual([]);
      climber.run(1).say('hint');
      expect(climber.actions).toEqual(['probe']);
      climber.probed(false);
      expect(climber.actions).toEqual(['probe', polite ? 'ask' : 'restart']);
      // And where something arrives the restart has done what it should.
      climber.forget().run(RESTARTED_MS).say('hint').probed(true);
      expect(climber.step).toBe('healthy');
    }
  });

  test('[LAD-7] a restart that leaves the browser content is looked at before anything is closed for it', () => {
    const climber = connected().say('hint').probed(false).forget();
    climber.run(ICE_RESTART_MS);
    expect(climber.actions).toEqual(['probe']);
    climber.run(LONG_PROBE_MS).probed(true);
    expect(climber.step).toBe('healthy');
    const dead = connected().say('hint').probed(false).run(ICE_RESTART_MS).forget().probed(false);
    expect(dead.actions).toEqual(['rebuild']);
  });
});

describe('a page that slept', () => {
  test('[LAD-8] counts none of it', () => {
    const climber = connected()
      .path('down')
      .run(ICE_RESTART_MS - 1)
      .sleep(SLEPT_MS + 2);
    expect(climber.actions).toEqual(['restart']);
    expect(climber.run(ICE_RESTART_MS).actions).toEqual(['restart', 'rebuild']);
  });

  test('[LAD-8] and whose timers run once a minute climbs all the same', () => {
    const climber = connected().path('shaky');
    for (let minute = 1; minute <= MOST_SLEEPS; minute++) climber.sleep(60_000);
    expect(climber.actions).toEqual([]);
    expect(climber.sleep(60_000).actions).toEqual(['restart']);
    for (let minute = 1; minute <= MOST_SLEEPS; minute++) climber.sleep(60_000);
    expect(climber.actions).toEqual(['restart']);
    expect(climber.sleep(60_000).actions).toEqual(['restart', 'rebuild']);
  });
});

describe('a first connection', () => {
  test.each([false, true])(
    '[LAD-9] that does not come has its reason looked for in time (polite: %s)',
    (polite) => {
      const climber = new Climber(polite).say('started').run(FIRST_CONNECTION_MS);
      expect(climber.done[0]).toEqual([FIRST_CONNECTION_MS, 'diagnose']);
      expect(FIRST_CONNECTION_MS).toBeLessThan(10_000);
    },
  );

  test('[LAD-9] goes on being tried, and its reason is looked for with each step', () => {
    const climber = new Climber().say('started').run(FIRST_CONNECTION_MS + UP_TO_GIVING_UP);
    expect(climber.done.map(([, action]) => action)).toEqual([
      'diagnose',
      'restart',
      'diagnose',
      'rebuild',
      'diagnose',
      'rebuild',
      'diagnose',
    ]);
  });
});

describe('a line that stands still', () => {
  test('[LAD-10] although the path is up has the link rebuilt, and only from a link that is well', () => {
    const climber = connected().say('stalled');
    expect(climber.actions).toEqual(['rebuild']);
    expect(climber.ladder.path).toBe('none');
    expect(climber.say('stalled').actions).toEqual(['rebuild']);
    expect(new Climber().say('stalled').done).toEqual([]);
  });
});

describe('retry', () => {
  test('[LAD-2] of a path that may still work restarts ICE, and leaves a path that stays up', () => {
    const climber = connected().say('retry');
    expect(climber.actions).toEqual(['restart']);
    expect(connected().path('shaky').run(10).say('retry').timed).toEqual([[10, 'restart']]);
    expect(climber.run(ICE_RESTART_MS).probed(true).run(120_000).actions).toEqual(['restart', 'probe']);
    expect(climber.step).toBe('healthy');
  });

  test('before anything was started does nothing', () => {
    expect(new Climber().say('retry').done).toEqual([]);
  });
});
