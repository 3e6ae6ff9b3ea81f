// The ladder of one link (LAD-1 to LAD-6) as a pure state machine: when to restart ICE, rebuild, give up.
// Time is an argument; nothing in here runs a timer.

/**
 * How long ICE may be `disconnected` before anything is done. Browsers say so after 2.5 to 5 s without an answer to
 * their checks, and mostly recover by themselves from a short loss of radio (RFC 7675, section 5.1: consent lasts 30 s).
 */
export const DISCONNECTED_GRACE_MS = 2_000;

/**
 * How long a first connection may take. Checks of RFC 8445, section 14 on a path with 600 ms round trips, with a
 * relay over TLS behind it, end within about 8 s; most take under 1 s.
 */
export const FIRST_CONNECTION_MS = 10_000;

/** How long an ICE restart may take: one signalling round trip and one set of checks; DTLS is kept. */
export const ICE_RESTART_MS = 6_000;

/** How long a rebuilt connection may take: the same work as a first one. */
export const REBUILD_MS = 10_000;

/** How often a link is rebuilt in a row before it is given up (LAD-4). */
export const MAX_REBUILDS = 2;

/** The polite end waits this many times as long before it climbs by itself (LAD-6). */
export const POLITE_PATIENCE = 2;

/**
 * A timer that is this late says that the page slept, so that nothing could come meanwhile. It is not sure: timers
 * of a hidden page without a connection may run only once a minute (Chromium's intensive throttling).
 */
export const SLEPT_MS = 3_000;

/** Late timers in a row for which a step is put off; the next one is believed, since a throttled page has no others. */
export const MOST_SLEEPS = 2;

/** What is done next when the waiting ends. */
type Step = 'restart' | 'rebuild' | 'give-up';

/** Where a link stands. `rest`: no connection is wanted yet. `waiting`: `next` is done when `dueAt` has come. */
type Rung =
  | { readonly at: 'rest' | 'up' | 'failed' }
  | {
      readonly at: 'waiting';
      readonly next: Step;
      readonly rebuilds: number;
      readonly spanMs: number;
      readonly dueAt: number;
      /** How often this step was put off because the page seemed to have slept. */
      readonly sleeps: number;
    };

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
  /** A first connection is on its way. */
  | { readonly type: 'started' }
  | { readonly type: 'path'; readonly path: Path }
  /** An ICE restart of the other end was answered. */
  | { readonly type: 'followed' }
  /** A fresh connection has taken the place of the former one, by an offer of the other end or after its path came back. */
  | { readonly type: 'replaced' }
  | { readonly type: 'reachable'; readonly reachable: boolean }
  | { readonly type: 'retry' }
  | { readonly type: 'time' };

type Climbed = readonly [Ladder, Step | null];

/** A ladder at rest. */
export function startLadder(polite: boolean): Ladder {
  return { polite, rung: { at: 'rest' }, path: 'none', pausedAt: null };
}

/** When `{ type: 'time' }` is to be given next; null when nothing waits. */
export function ladderDueAt(ladder: Ladder): number | null {
  return ladder.rung.at === 'waiting' && ladder.pausedAt === null ? ladder.rung.dueAt : null;
}

/** One input at the time `now` in, the next state and what is to be done out. */
export function stepLadder(ladder: Ladder, input: LadderInput, now: number): Climbed {
  switch (input.type) {
    case 'started':
      return ladder.rung.at === 'rest'
        ? [waitFor(ladder, 'restart', 0, FIRST_CONNECTION_MS, now), null]
        : [ladder, null];
    case 'path':
      return changePath({ ...ladder, path: input.path }, now);
    case 'followed':
      return [follow(ladder, now), null];
    case 'replaced':
      return [replaced(ladder, now), null];
    case 'reachable':
      return reach(ladder, input.reachable, now);
    case 'retry':
      return retry(ladder, now);
    case 'time':
      return passTime(ladder, now);
  }
}

function changePath(ladder: Ladder, now: number): Climbed {
  const { rung, path, polite } = ladder;
  if (path === 'none' || rung.at === 'failed' || rung.at === 'rest') {
    return path === 'up' ? [{ ...ladder, rung: { at: 'up' } }, null] : [ladder, null];
  }
  if (path === 'up') return [{ ...ladder, rung: { at: 'up' } }, null];
  if (path === 'gone') return [expectRebuild(ladder, now), null];
  const waiting = rung.at === 'up' ? waitFor(ladder, 'restart', 0, DISCONNECTED_GRACE_MS, now) : ladder;
  // ICE has given up: there is nothing to wait for. The polite end still lets the other go first.
  return path === 'down' && !polite ? expire(waiting, now) : [waiting, null];
}

/** A moment for the other end's offer of a fresh connection to come; an ICE restart is passed over. */
function expectRebuild(ladder: Ladder, now: number): Ladder {
  const { rung } = ladder;
  if (rung.at === 'waiting' && rung.next === 'restart')
    return { ...ladder, rung: { ...rung, next: 'rebuild' } };
  return rung.at === 'up' ? waitFor(ladder, 'rebuild', 0, DISCONNECTED_GRACE_MS, now) : ladder;
}

function follow(ladder: Ladder, now: number): Ladder {
  // An ICE restart of a path that works need not be waited for: it keeps working until the new one is found.
  if (ladder.path === 'up') return ladder;
  return waitFor(ladder, 'rebuild', rebuildsOf(ladder.rung), ICE_RESTART_MS, now);
}

function replaced(ladder: Ladder, now: number): Ladder {
  const { rung, path } = ladder;
  const first = rung.at === 'rest' || (rung.at === 'waiting' && rung.next === 'restart' && path === 'none');
  const renewed: Ladder = { ...ladder, path: 'none' };
  if (first) return waitFor(renewed, 'restart', 0, FIRST_CONNECTION_MS, now);
  return waitForRebuilt(renewed, rebuildsOf(rung) + 1, now);
}

function reach(ladder: Ladder, reachable: boolean, now: number): Climbed {
  const { pausedAt, rung } = ladder;
  if (reachable === (pausedAt === null)) return [ladder, null];
  if (pausedAt === null) return [{ ...ladder, pausedAt: now }, null];
  const resumed: Ladder = { ...ladder, pausedAt: null };
  if (rung.at !== 'waiting') return [resumed, null];
  // Time that ran before the pause counts; time in it does not.
  return [{ ...resumed, rung: { ...rung, dueAt: rung.dueAt + now - pausedAt } }, null];
}

function retry(ladder: Ladder, now: number): Climbed {
  const { rung, path } = ladder;
  if (rung.at === 'rest') return [ladder, null];
  const mayStillWork = path === 'up' || (rung.at === 'waiting' && rung.next === 'restart' && path !== 'none');
  const next = mayStillWork ? 'restart' : 'rebuild';
  return expire(waitFor(ladder, next, 0, 0, now), now);
}

function passTime(ladder: Ladder, now: number): Climbed {
  const dueAt = ladderDueAt(ladder);
  const { rung } = ladder;
  if (dueAt === null || rung.at !== 'waiting' || now < dueAt) return [ladder, null];
  const { spanMs, sleeps } = rung;
  if (now - dueAt > SLEPT_MS && sleeps < MOST_SLEEPS) {
    return [{ ...ladder, rung: { ...rung, dueAt: now + spanMs, sleeps: sleeps + 1 } }, null];
  }
  return climb(ladder, rung, now);
}

/** Ends the waiting now; where nothing can be said at present, as soon as it can. */
function expire(ladder: Ladder, now: number): Climbed {
  const { rung, pausedAt } = ladder;
  if (rung.at !== 'waiting') return [ladder, null];
  if (pausedAt === null) return climb(ladder, rung, now);
  return [{ ...ladder, rung: { ...rung, dueAt: Math.min(rung.dueAt, pausedAt) } }, null];
}

function climb(ladder: Ladder, rung: Extract<Rung, { at: 'waiting' }>, now: number): Climbed {
  // The polite end never offers on a connection that stands: where an end that first answered takes such an offer back
  // (glare), Chromium (seen in 156) decodes what it receives from then on but never shows it again. It takes a fresh one.
  const next = rung.next === 'restart' && ladder.polite ? 'rebuild' : rung.next;
  // An ICE restart at `retry` leaves a path that works as it is; a rebuild would not.
  if (ladder.path === 'up' && next !== 'restart') return [{ ...ladder, rung: { at: 'up' } }, null];
  switch (next) {
    case 'restart':
      return [waitFor(ladder, 'rebuild', 0, ICE_RESTART_MS, now), 'restart'];
    case 'rebuild':
      return [waitForRebuilt({ ...ladder, path: 'none' }, rung.rebuilds + 1, now), 'rebuild'];
    case 'give-up':
      return [{ ...ladder, rung: { at: 'failed' } }, 'give-up'];
  }
}

function waitForRebuilt(ladder: Ladder, rebuilds: number, now: number): Ladder {
  return waitFor(ladder, rebuilds < MAX_REBUILDS ? 'rebuild' : 'give-up', rebuilds, REBUILD_MS, now);
}

function waitFor(ladder: Ladder, next: Step, rebuilds: number, ms: number, now: number): Ladder {
  const spanMs = ladder.polite ? ms * POLITE_PATIENCE : ms;
  // While paused the clock of the ladder stands still at `pausedAt`.
  const dueAt = (ladder.pausedAt ?? now) + spanMs;
  return { ...ladder, rung: { at: 'waiting', next, rebuilds, spanMs, dueAt, sleeps: 0 } };
}

function rebuildsOf(rung: Rung): number {
  return rung.at === 'waiting' ? rung.rebuilds : 0;
}
