// The ladder, with time as a number.

import { describe, expect, test } from 'vitest';
import {
  DISCONNECTED_GRACE_MS,
  FIRST_CONNECTION_MS,
  ICE_RESTART_MS,
  type Ladder,
  type LadderInput,
  ladderDueAt,
  MOST_SLEEPS,
  POLITE_PATIENCE,
  REBUILD_MS,
  SLEPT_MS,
  startLadder,
  stepLadder,
} from '../src/link/ladder.js';

/** A ladder with a clock: runs until a time, and keeps what was done and when. */
class Climber {
  ladder: Ladder;
  now = 0;
  readonly done: [number, string][] = [];

  constructor(polite = false) {
    this.ladder = startLadder(polite);
  }

  put(input: LadderInput): this {
    const [next, action] = stepLadder(this.ladder, input, this.now);
    this.ladder = next;
    if (action) this.done.push([this.now, action]);
    return this;
  }

  path(path: 'up' | 'shaky' | 'down' | 'gone'): this {
    return this.put({ type: 'path', path });
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

  get actions(): string[] {
    return this.done.map(([, action]) => action);
  }
}

const connected = (polite = false) => new Climber(polite).put({ type: 'started' }).path('up');

describe('the ladder', () => {
  test('[LAD-1] nothing but the path moves it: signalling that is lost for an hour does not', () => {
    const climber = connected().reachable(false).run(3_600_000).reachable(true).run(3_600_000);
    expect(climber.actions).toEqual([]);
    expect(climber.ladder.rung.at).toBe('up');
  });

  test('[LAD-2] a path that is shaky for longer than a moment restarts ICE', () => {
    const climber = connected()
      .path('shaky')
      .run(DISCONNECTED_GRACE_MS - 1);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).done).toEqual([[DISCONNECTED_GRACE_MS, 'restart']]);
  });

  test('[LAD-2] a path that recovers within the moment is left alone', () => {
    const climber = connected()
      .path('shaky')
      .run(DISCONNECTED_GRACE_MS - 1)
      .path('up')
      .run(60_000);
    expect(climber.actions).toEqual([]);
  });

  test('[LAD-2] a path that is down restarts ICE at once', () => {
    expect(connected().path('down').done).toEqual([[0, 'restart']]);
    expect(connected().path('shaky').run(100).path('down').done).toEqual([[100, 'restart']]);
  });

  test('[LAD-3] an ICE restart that brings nothing is followed by a fresh connection', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS);
    expect(climber.done).toEqual([
      [0, 'restart'],
      [ICE_RESTART_MS, 'rebuild'],
    ]);
  });

  test('[LAD-3] a connection that the other end has closed is rebuilt without an ICE restart', () => {
    const climber = connected().path('gone').run(DISCONNECTED_GRACE_MS);
    expect(climber.done).toEqual([[DISCONNECTED_GRACE_MS, 'rebuild']]);
    const shaky = connected()
      .path('shaky')
      .run(500)
      .path('gone')
      .run(DISCONNECTED_GRACE_MS - 500);
    expect(shaky.done).toEqual([[DISCONNECTED_GRACE_MS, 'rebuild']]);
  });

  test('[LAD-3] a first connection that never comes climbs too', () => {
    const climber = new Climber().put({ type: 'started' }).run(FIRST_CONNECTION_MS + ICE_RESTART_MS);
    expect(climber.actions).toEqual(['restart', 'rebuild']);
  });

  test('[LAD-4] two rebuilds in a row that fail end it, and no timer is left', () => {
    const climber = connected()
      .path('down')
      .run(ICE_RESTART_MS + 2 * REBUILD_MS);
    expect(climber.actions).toEqual(['restart', 'rebuild', 'rebuild', 'give-up']);
    expect(climber.ladder.rung).toEqual({ at: 'failed' });
    expect(ladderDueAt(climber.ladder)).toBeNull();
  });

  test('[LAD-4] a rebuild that works starts the count again', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS).path('up').path('down').run(120_000);
    expect(climber.actions).toEqual(['restart', 'rebuild', 'restart', 'rebuild', 'rebuild', 'give-up']);
  });

  test('[LAD-4] retry after a failure starts again from a fresh connection', () => {
    const climber = connected().path('down').run(120_000);
    climber.done.length = 0;
    climber.put({ type: 'retry' });
    expect(climber.actions).toEqual(['rebuild']);
    climber.run(120_000);
    expect(climber.actions).toEqual(['rebuild', 'rebuild', 'give-up']);
  });

  test('[LAD-2] retry of a path that may still work restarts ICE, and leaves a path that stays up', () => {
    const climber = connected().put({ type: 'retry' }).run(120_000);
    expect(climber.actions).toEqual(['restart']);
    expect(climber.ladder.rung.at).toBe('up');
    expect(connected().path('shaky').run(10).put({ type: 'retry' }).done).toEqual([[10, 'restart']]);
  });

  test('retry before anything was started does nothing', () => {
    expect(new Climber().put({ type: 'retry' }).actions).toEqual([]);
  });

  test('[LAD-5] time while the other end cannot be reached does not count', () => {
    const climber = connected()
      .path('shaky')
      .run(DISCONNECTED_GRACE_MS - 500)
      .reachable(false)
      .run(100_000);
    expect(climber.actions).toEqual([]);
    climber.reachable(true).run(499);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).actions).toEqual(['restart']);
  });

  test('[LAD-5] a path that goes down meanwhile is restarted as soon as that can be said', () => {
    const climber = connected().reachable(false).run(1_000).path('down').run(5_000);
    expect(climber.actions).toEqual([]);
    climber.reachable(true).run(0);
    expect(climber.done).toEqual([[6_000, 'restart']]);
  });

  test('[LAD-5] a retry meanwhile is done as soon as it can be said', () => {
    const climber = connected().path('down').run(120_000).reachable(false);
    climber.done.length = 0;
    climber.put({ type: 'retry' }).run(9_000);
    expect(climber.actions).toEqual([]);
    expect(climber.reachable(true).run(0).actions).toEqual(['rebuild']);
  });

  test('[LAD-5] saying the same twice changes nothing', () => {
    const climber = connected().path('shaky').reachable(true).reachable(true).run(DISCONNECTED_GRACE_MS);
    expect(climber.actions).toEqual(['restart']);
    const paused = connected()
      .path('shaky')
      .reachable(false)
      .run(10)
      .reachable(false)
      .run(10)
      .reachable(true);
    expect(paused.run(DISCONNECTED_GRACE_MS).done).toEqual([[DISCONNECTED_GRACE_MS + 20, 'restart']]);
  });

  test('[LAD-5] time that the page slept does not count', () => {
    const climber = connected()
      .path('down')
      .run(ICE_RESTART_MS - 1)
      .sleep(SLEPT_MS + 2);
    expect(climber.actions).toEqual(['restart']);
    expect(climber.run(ICE_RESTART_MS).actions).toEqual(['restart', 'rebuild']);
  });

  test('[LAD-3] a page whose timers run once a minute climbs all the same', () => {
    const climber = connected().path('shaky');
    for (let minute = 1; minute <= MOST_SLEEPS; minute++) climber.sleep(60_000);
    expect(climber.actions).toEqual([]);
    expect(climber.sleep(60_000).actions).toEqual(['restart']);
    for (let minute = 1; minute <= MOST_SLEEPS; minute++) climber.sleep(60_000);
    expect(climber.actions).toEqual(['restart']);
    expect(climber.sleep(60_000).actions).toEqual(['restart', 'rebuild']);
  });

  test('[LAD-6] the polite end waits twice the time, even when its path is down, and never restarts ICE', () => {
    const climber = connected(true)
      .path('down')
      .run(POLITE_PATIENCE * DISCONNECTED_GRACE_MS - 1);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).actions).toEqual(['rebuild']);
  });

  test('[LAD-6] an offer of the other end starts its patience anew', () => {
    const climber = connected(true).path('down').run(3_000).put({ type: 'followed' });
    climber.run(POLITE_PATIENCE * ICE_RESTART_MS - 1);
    expect(climber.actions).toEqual([]);
    expect(climber.run(1).actions).toEqual(['rebuild']);
  });

  test('[LAD-6] rebuilds that it followed count as its own', () => {
    const climber = connected(true).path('down').run(1_000);
    climber.put({ type: 'followed' }).run(ICE_RESTART_MS);
    climber.put({ type: 'replaced' }).run(REBUILD_MS);
    climber.put({ type: 'replaced' }).run(POLITE_PATIENCE * REBUILD_MS);
    expect(climber.actions).toEqual(['give-up']);
  });

  test('[LAD-6] the polite end climbs by itself when no first offer ever comes', () => {
    const climber = new Climber(true).put({ type: 'started' }).run(POLITE_PATIENCE * FIRST_CONNECTION_MS);
    expect(climber.actions).toEqual(['rebuild']);
  });

  test('[LAD-6] the first offer is a first connection, not a rebuild', () => {
    const climber = new Climber(true).put({ type: 'started' }).run(9_000).put({ type: 'replaced' });
    expect(climber.run(POLITE_PATIENCE * FIRST_CONNECTION_MS).actions).toEqual(['rebuild']);
  });

  test('[LAD-3] a path that came back is over when the rebuild takes its place, and is waited for anew', () => {
    const climber = connected().path('down').run(ICE_RESTART_MS).path('up').put({ type: 'replaced' });
    expect(climber.ladder.path).toBe('none');
    expect(climber.run(REBUILD_MS).actions).toEqual(['restart', 'rebuild', 'rebuild']);
  });

  test('an ICE restart of the other end on a path that is up needs no waiting', () => {
    const climber = connected(true).put({ type: 'followed' }).run(120_000);
    expect(climber.actions).toEqual([]);
    expect(climber.ladder.rung.at).toBe('up');
  });

  test('a path that comes back after all ends even `failed`', () => {
    expect(connected().path('down').run(120_000).path('up').ladder.rung.at).toBe('up');
  });
});
