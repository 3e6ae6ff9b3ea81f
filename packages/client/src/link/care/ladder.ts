// The ladder of one link (LAD-1 to LAD-9) as a pure state machine: what is tried, and when, to bring a path back.
// Time is an argument; nothing in here runs a timer or touches a connection.

import {
  ASK_MS,
  DISCONNECTED_GRACE_MS,
  FIRST_CONNECTION_MS,
  ICE_RESTART_MS,
  LATE_OFFER_MS,
  LONG_PROBE_MS,
  LONGEST_QUIET_MS,
  MAX_REBUILDS,
  MOST_SLEEPS,
  POLITE_PATIENCE,
  PROBE_MS,
  PROBE_SLACK_MS,
  QUIET_MS,
  REBUILD_MS,
  RELAY_MS,
  RESTARTED_MS,
  SLEPT_MS,
} from './ladder-times.js';

/** What is tried next when a step's time is over. */
type Next = 'restart' | 'relay' | 'rebuild' | 'give-up';

/** The steps that have a time of their own. */
export type TimedStep = 'connect' | 'suspect' | 'ask' | Next;

/** Where a link stands. A timed step ends with its path up, or at `dueAt`, when `next` is tried. */
type Rung =
  | { readonly at: 'rest' | 'healthy' }
  | {
      readonly at: TimedStep;
      readonly next: Next;
      /** Fresh connections in a row that this is or follows. */
      readonly tries: number;
      readonly spanMs: number;
      readonly dueAt: number;
      /** How often this step was put off because the page seemed to have slept. */
      readonly sleeps: number;
    };
type TimedRung = Extract<Rung, { at: TimedStep }>;

/**
 * How the connection says that it is: `shaky` for ICE `disconnected`, `down` for `failed`, `gone` when the other end
 * has closed its own, so that there is nothing left to restart.
 */
export type Path = 'none' | 'up' | 'shaky' | 'down' | 'gone';

export interface Ladder {
  readonly polite: boolean;
  readonly rung: Rung;
  readonly path: Path;
  /** When the other end became unreachable; null while it can be reached. Time in between does not count (LAD-5). */
  readonly pausedAt: number | null;
}

export type LadderInput =
  /** `started`: a first connection is on its way. `time`: `ladderDueAt` has come. `retry`: a person wants it. */
  | { readonly type: 'started' | 'retry' | 'time' }
  | { readonly type: 'path'; readonly path: Path }
  /** The network may have changed: what is known of the path may no longer hold (LAD-7). */
  | { readonly type: 'hint' }
  /** Whether anything has arrived since the probe began. */
  | { readonly type: 'probed'; readonly alive: boolean }
  /** The path works, but what should flow does not, and a nudge did not help (LAD-10). */
  | { readonly type: 'stalled' }
  /** The polite end asks for an ICE restart of the connection that both know. */
  | { readonly type: 'asked' }
  /** An ICE restart of the other end was answered. */
  | { readonly type: 'followed' }
  /** A fresh connection has taken the place of the former one, by an offer of the other end or after its path came back. */
  | { readonly type: 'replaced' }
  | { readonly type: 'reachable'; readonly reachable: boolean };

export type LadderEffect =
  /** `ask`: have the impolite end restart. `relay`: a fresh connection over relays alone. `diagnose`: why is there no path. */
  | { readonly do: 'restart' | 'ask' | 'relay' | 'rebuild' | 'diagnose' }
  /** Find out within so many milliseconds whether anything arrives. */
  | { readonly do: 'probe'; readonly ms: number };

type Climbed = readonly [Ladder, readonly LadderEffect[]];

/** What a step may know of the world: the time in milliseconds, and whether a relay (TURN) is configured. */
export interface Surroundings {
  readonly now: number;
  readonly relay: boolean;
}

/** A ladder at rest. */
export function startLadder(polite: boolean): Ladder {
  return { polite, rung: { at: 'rest' }, path: 'none', pausedAt: null };
}

/** When `{ type: 'time' }` is to be given next; null when nothing waits. */
export function ladderDueAt(ladder: Ladder): number | null {
  return ladder.pausedAt === null && isTimed(ladder.rung) ? ladder.rung.dueAt : null;
}

/** What is being done, in the order of the ladder; `signalling` is waited for before anything else can be tried. */
export type LadderStep = Rung['at'] | 'signalling';

/** The step a ladder is at. */
export function ladderStep({ rung, pausedAt }: Ladder): LadderStep {
  return pausedAt !== null && isTimed(rung) ? 'signalling' : rung.at;
}

/** One input in, the next state and what is to be done out. */
export function stepLadder(ladder: Ladder, input: LadderInput, world: Surroundings): Climbed {
  const { rung } = ladder;
  switch (input.type) {
    case 'started':
      return [rung.at === 'rest' ? expectFirst(ladder, world) : ladder, []];
    case 'path':
      return changePath({ ...ladder, path: input.path }, world);
    case 'hint':
      return ladder.pausedAt === null ? look(ladder, world) : [ladder, []];
    case 'probed':
      return probed(ladder, input.alive, world);
    case 'stalled':
      return rung.at === 'healthy' ? enter(ladder, 'rebuild', 0, world) : [ladder, []];
    case 'asked':
      return asked(ladder, world);
    case 'followed':
      return follow(ladder, world);
    case 'replaced':
      return [replaced(ladder, world), []];
    case 'reachable':
      return reach(ladder, input.reachable, world);
    case 'retry':
      return retry(ladder, world);
    case 'time':
      return passTime(ladder, world);
  }
}

function changePath(ladder: Ladder, world: Surroundings): Climbed {
  const { rung, path, polite } = ladder;
  if (path === 'up') return [{ ...ladder, rung: { at: 'healthy' } }, []];
  if (path === 'none' || rung.at === 'rest' || rung.at === 'give-up') return [ladder, []];
  if (path === 'gone') return [expectRebuild(ladder, world), []];
  const waiting = rung.at === 'healthy' ? suspect(ladder, 'restart', DISCONNECTED_GRACE_MS, world) : ladder;
  // ICE has given up: there is nothing to wait for. The polite end asks, but lets the other one do what it has begun.
  return path === 'down' && (!polite || ladderStep(waiting) === 'suspect')
    ? expire(waiting, world)
    : [waiting, []];
}

/** A moment for the other end's offer of a fresh connection to come; an ICE restart is passed over. */
function expectRebuild(ladder: Ladder, world: Surroundings): Ladder {
  const { rung } = ladder;
  if (rung.at === 'healthy') return suspect(ladder, 'rebuild', DISCONNECTED_GRACE_MS, world);
  if (!isTimed(rung) || rung.next === 'give-up') return ladder;
  return { ...ladder, rung: { ...rung, next: 'rebuild' } };
}

/** The network may have changed: see whether anything arrives, or go on at once where it is known that nothing does. */
function look(ladder: Ladder, world: Surroundings): Climbed {
  const { rung, path } = ladder;
  if (rung.at === 'healthy') return probe(ladder, 'restart', PROBE_MS, 0, world);
  if (rung.at === 'suspect' && path === 'up') return probe(ladder, rung.next, PROBE_MS, rung.tries, world);
  if (isRestarted(ladder, world)) return probe(ladder, 'restart', PROBE_MS, triesOf(rung), world);
  return rung.at === 'suspect' || rung.at === 'give-up' ? expire(ladder, world) : [ladder, []];
}

/** An ICE restart that left the browser content has had its time: what was found then may be lost again. */
function isRestarted({ rung, path }: Ladder, { now }: Surroundings): boolean {
  if (path !== 'up' || (rung.at !== 'restart' && rung.at !== 'ask')) return false;
  return now - (rung.dueAt - rung.spanMs) >= RESTARTED_MS;
}

function probe(ladder: Ladder, next: Next, ms: number, tries: number, world: Surroundings): Climbed {
  const rung = timed('suspect', next, tries, ms + PROBE_SLACK_MS, ladder, world);
  return [{ ...ladder, rung }, [{ do: 'probe', ms }]];
}

function probed(ladder: Ladder, alive: boolean, world: Surroundings): Climbed {
  const { rung, path, pausedAt } = ladder;
  // What was found while nothing could be said is looked for again when it can.
  if (rung.at !== 'suspect' || path !== 'up' || pausedAt !== null) return [ladder, []];
  return alive ? [{ ...ladder, rung: { at: 'healthy' } }, []] : enter(ladder, rung.next, rung.tries, world);
}

function asked(ladder: Ladder, world: Surroundings): Climbed {
  const { rung } = ladder;
  switch (rung.at) {
    case 'healthy':
    case 'suspect':
      return go(ladder, 'restart', world);
    case 'connect': {
      // The other end's first connection has not come in its time: nor has ours, whose clock began a moment later.
      const [next, effects] = go(ladder, 'restart', world);
      return [next, [{ do: 'diagnose' }, ...effects]];
    }
    case 'give-up':
      return expire(ladder, world);
    case 'rest':
    case 'ask':
    case 'restart':
    case 'relay':
    case 'rebuild':
      return [ladder, []];
  }
}

function follow(ladder: Ladder, world: Surroundings): Climbed {
  const { rung, path } = ladder;
  // An ICE restart of a path that works need not be waited for: it keeps working until the new one is found.
  if (rung.at === 'rest' || (rung.at === 'healthy' && path === 'up')) return [ladder, []];
  const followed = {
    ...ladder,
    rung: timed('restart', 'relay', triesOf(rung), ICE_RESTART_MS, ladder, world),
  };
  // The other end's first connection has not come in its time: nor has ours.
  return [followed, rung.at === 'connect' ? [{ do: 'diagnose' }] : []];
}

function replaced(ladder: Ladder, world: Surroundings): Ladder {
  const { rung, path } = ladder;
  const renewed: Ladder = { ...ladder, path: 'none' };
  if (rung.at === 'rest') return expectFirst(renewed, world);
  if (rung.at === 'connect' && path === 'none') {
    // Whoever waits has waited from the start.
    const soonest = (ladder.pausedAt ?? world.now) + LATE_OFFER_MS;
    return { ...renewed, rung: { ...rung, dueAt: Math.max(rung.dueAt, soonest) } };
  }
  // Given up, it stays so until there is a path: the other end only tries again.
  if (rung.at === 'give-up') return giveUp(renewed, rung.tries, world);
  return waitForRebuilt(renewed, triesOf(rung) + 1, world);
}

function reach(ladder: Ladder, reachable: boolean, world: Surroundings): Climbed {
  const { pausedAt, rung } = ladder;
  if (reachable === (pausedAt === null)) return [ladder, []];
  if (pausedAt === null) return [{ ...ladder, pausedAt: world.now }, []];
  const resumed: Ladder = { ...ladder, pausedAt: null };
  // Whatever kept the two apart may have changed the network too.
  if (!isTimed(rung)) return look(resumed, world);
  // Time that ran before the pause counts; time in it does not.
  return look({ ...resumed, rung: { ...rung, dueAt: rung.dueAt + world.now - pausedAt } }, world);
}

function retry(ladder: Ladder, world: Surroundings): Climbed {
  const { rung, path } = ladder;
  if (rung.at === 'rest') return [ladder, []];
  const restartable = path === 'up' || ((path === 'shaky' || path === 'down') && rung.at !== 'give-up');
  return go(ladder, restartable && triesOf(rung) === 0 ? 'restart' : 'rebuild', world);
}

function passTime(ladder: Ladder, world: Surroundings): Climbed {
  const dueAt = ladderDueAt(ladder);
  const { rung } = ladder;
  const { now } = world;
  if (dueAt === null || !isTimed(rung) || now < dueAt) return [ladder, []];
  // The page slept, and nothing could come meanwhile: its time begins again.
  if (now - dueAt > SLEPT_MS && rung.sleeps < MOST_SLEEPS) {
    return [{ ...ladder, rung: { ...rung, dueAt: now + rung.spanMs, sleeps: rung.sleeps + 1 } }, []];
  }
  return climb(ladder, rung, world);
}

/** Ends the waiting now; where nothing can be said at present, as soon as it can. */
function expire(ladder: Ladder, world: Surroundings): Climbed {
  const { rung, pausedAt } = ladder;
  if (!isTimed(rung)) return [ladder, []];
  if (pausedAt === null) return climb(ladder, rung, world);
  return [{ ...ladder, rung: { ...rung, dueAt: Math.min(rung.dueAt, pausedAt) } }, []];
}

/** Does what is wanted now, as if a step's time were over; later where it cannot be said. */
function go(ladder: Ladder, next: 'restart' | 'rebuild', world: Surroundings): Climbed {
  if (ladder.pausedAt === null) return enter(ladder, next, 0, world);
  // A path that is up is looked at then in any case.
  return [ladder.path === 'up' ? ladder : suspect(ladder, next, 0, world), []];
}

function climb(ladder: Ladder, rung: TimedRung, world: Surroundings): Climbed {
  if (ladder.path === 'up') {
    // A restart leaves a path up that may be the former one, and dead: no fresh connection before that is known.
    const restarted = rung.at === 'restart' || rung.at === 'ask';
    if (restarted) return probe(ladder, rung.next, LONG_PROBE_MS, rung.tries, world);
    return [{ ...ladder, rung: { at: 'healthy' } }, []];
  }
  const [next, effects] = enter(ladder, rung.next, rung.tries, world);
  // The reason is looked for while the connection that has failed is still there.
  return [next, rung.at === 'suspect' ? effects : [{ do: 'diagnose' }, ...effects]];
}

function enter(ladder: Ladder, next: Next, tries: number, world: Surroundings): Climbed {
  switch (next) {
    case 'restart': {
      // The polite end never offers on a connection that stands: where an end that first answered takes such an offer
      // back (glare), Chromium (seen in 156) decodes what it receives from then on but never shows it again.
      const at = ladder.polite ? 'ask' : 'restart';
      const ms = ladder.polite ? ASK_MS : ICE_RESTART_MS;
      return [{ ...ladder, rung: timed(at, 'relay', tries, ms, ladder, world) }, [{ do: at }]];
    }
    case 'relay':
      if (!world.relay) return enter(ladder, 'rebuild', tries, world);
      return [
        { ...ladder, path: 'none', rung: timed('relay', 'rebuild', tries + 1, RELAY_MS, ladder, world) },
        [{ do: 'relay' }],
      ];
    case 'rebuild':
      return [waitForRebuilt({ ...ladder, path: 'none' }, tries + 1, world), [{ do: 'rebuild' }]];
    case 'give-up': {
      const again = ladder.rung.at === 'give-up';
      return [giveUp(ladder, tries + 1, world), again ? [{ do: 'rebuild' }] : []];
    }
  }
}

function expectFirst(ladder: Ladder, world: Surroundings): Ladder {
  return { ...ladder, rung: timed('connect', 'restart', 0, FIRST_CONNECTION_MS, ladder, world) };
}

function suspect(ladder: Ladder, next: Next, ms: number, world: Surroundings): Ladder {
  return { ...ladder, rung: timed('suspect', next, 0, ms, ladder, world) };
}

function waitForRebuilt(ladder: Ladder, tries: number, world: Surroundings): Ladder {
  const next = tries < MAX_REBUILDS ? 'rebuild' : 'give-up';
  return { ...ladder, rung: timed('rebuild', next, tries, REBUILD_MS, ladder, world) };
}

function giveUp(ladder: Ladder, tries: number, world: Surroundings): Ladder {
  const ms = Math.min(QUIET_MS * 2 ** (tries - MAX_REBUILDS - 1), LONGEST_QUIET_MS);
  return { ...ladder, rung: timed('give-up', 'give-up', tries, ms, ladder, world) };
}

function timed(
  at: TimedStep,
  next: Next,
  tries: number,
  ms: number,
  { polite, pausedAt }: Ladder,
  { now }: Surroundings,
): TimedRung {
  // What the other end should do first is waited for longer; what a person is told of, and what was asked for, is not.
  const own = at === 'connect' || at === 'ask';
  const spanMs = polite && !own ? ms * POLITE_PATIENCE : ms;
  // While paused the clock of the ladder stands still at `pausedAt`.
  return { at, next, tries, spanMs, dueAt: (pausedAt ?? now) + spanMs, sleeps: 0 };
}

function isTimed(rung: Rung): rung is TimedRung {
  return rung.at !== 'rest' && rung.at !== 'healthy';
}

function triesOf(rung: Rung): number {
  return isTimed(rung) ? rung.tries : 0;
}
