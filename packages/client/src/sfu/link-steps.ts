// The lasting link to the SFU as a pure state machine: one connection after another, each made beside the one before it.
// Time and chance are arguments; nothing in here runs a timer or touches a connection.

/** How long a shaky connection may come back by itself: as for links between peers (LAD-2). */
export const SHAKY_MS = 2_000;

/** How long it is looked whether anything arrives: half a second holds 25 packets of sound (LAD-7). */
export const PROBE_MS = 500;
/** The same where nothing can be said that would be answered: ICE's own checks alone tell, in Chromium one every 2.5 s. */
export const UNTOUCHED_PROBE_MS = 3_000;
/** What a browser may take to answer beyond either. */
const PROBE_SLACK_MS = 1_500;

/** How long the browser may take to make its offer. */
export const MAKE_MS = 8_000;

/** How long an answered offer may take to connect: ICE and DTLS are a few round trips. */
export const CONNECT_MS = 10_000;

/** The pause before the next attempt at most, after the first that failed, and in all: each time twice as long. */
export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 15_000;

/** Attempts in a row after which a person is told that there is no way, while it goes on being tried. */
export const PATIENCE = 3;

/** What the connection in use does: `shaky` for ICE `disconnected`, `down` for one that is gone. */
export type InUse = 'none' | 'up' | 'shaky' | 'down';

/** `make`: a fresh connection makes its offer. `offer`: that cannot be said yet. `ask`: it was said. `connect`: answered. */
type Rung =
  | { readonly at: 'rest' | 'offer' | 'ask' }
  | { readonly at: 'suspect' | 'make' | 'connect' | 'pause'; readonly dueAt: number };

export interface SfuSteps {
  /** Whether the room's media goes through the SFU. */
  readonly wanted: boolean;
  /** Whether the server would hear an offer now. */
  readonly askable: boolean;
  readonly use: InUse;
  readonly rung: Rung;
  /** Attempts in a row that came to nothing. */
  readonly tries: number;
}

export type SfuInput =
  | { readonly type: 'stand'; readonly wanted: boolean; readonly askable: boolean }
  /** The fresh connection: its offer is ready, was answered, it stands. */
  | { readonly type: 'made' | 'answered' | 'up' }
  /** The fresh connection came to nothing; not to be tried again before `pauseMs`. */
  | { readonly type: 'failed'; readonly pauseMs?: number }
  /** How the connection in use does. */
  | { readonly type: 'path'; readonly path: Exclude<InUse, 'none'> }
  /** The SFU has lost the connection in use. */
  | { readonly type: 'lost' }
  | { readonly type: 'probed'; readonly alive: boolean }
  /** `hint`: the network may have changed. `retry`: a person wants it. `time`: `sfuDueAt` has come. */
  | { readonly type: 'hint' | 'retry' | 'time' };

/** `open`: make a fresh connection. `ask`: say its offer. `switch`: it takes the former one's place. `drop`: close it. */
export type SfuEffect = 'open' | 'ask' | 'switch' | 'drop' | 'close' | 'probe';

type Stepped = readonly [SfuSteps, readonly SfuEffect[]];

/** The time in milliseconds, and a number from 0 to 1 by chance. */
export interface Surroundings {
  readonly now: number;
  readonly unit: number;
}

export const SFU_AT_REST: SfuSteps = {
  wanted: false,
  askable: false,
  use: 'none',
  rung: { at: 'rest' },
  tries: 0,
};

/** When `{ type: 'time' }` is to be given next; null when nothing waits. */
export function sfuDueAt({ rung }: SfuSteps): number | null {
  return 'dueAt' in rung ? rung.dueAt : null;
}

/** One input in, the next state and what is to be done out. */
export function stepSfu(state: SfuSteps, input: SfuInput, world: Surroundings): Stepped {
  const { rung, use } = state;
  switch (input.type) {
    case 'stand':
      return stand(state, input.wanted, input.askable, world);
    case 'made':
      if (rung.at !== 'make') return [state, []];
      return state.askable ? ask(state) : [{ ...state, rung: { at: 'offer' } }, []];
    case 'answered':
      if (rung.at !== 'ask') return [state, []];
      return [{ ...state, rung: { at: 'connect', dueAt: world.now + CONNECT_MS } }, []];
    case 'up':
      if (rung.at !== 'connect' && rung.at !== 'ask') return [state, []];
      return [{ ...state, use: 'up', rung: { at: 'rest' }, tries: 0 }, ['switch']];
    case 'failed':
      return isTrying(rung) ? fail(state, input.pauseMs ?? 0, world) : [state, []];
    case 'path':
      return changePath({ ...state, use: input.path }, world);
    case 'lost':
      return changePath({ ...state, use: 'down' }, world);
    case 'probed':
      if (rung.at !== 'suspect' || use !== 'up') return [state, []];
      return input.alive ? [{ ...state, rung: { at: 'rest' } }, []] : begin(state, world);
    case 'hint':
      return look(state, world);
    case 'retry':
      return state.wanted && !isTrying(rung) ? begin({ ...state, tries: 0 }, world) : [state, []];
    case 'time':
      return passTime(state, world);
  }
}

function stand(before: SfuSteps, wanted: boolean, askable: boolean, world: Surroundings): Stepped {
  const state = { ...before, wanted, askable };
  if (!wanted) return before.wanted ? [{ ...SFU_AT_REST, askable }, ['close']] : [state, []];
  if (!before.wanted) return begin(state, world);
  if (!askable || before.askable) return [state, []];
  if (state.rung.at === 'offer') return ask(state);
  // The server may be another one than that which refused.
  return state.rung.at === 'pause' ? begin(state, world) : [state, []];
}

function ask(state: SfuSteps): Stepped {
  return [{ ...state, rung: { at: 'ask' } }, ['ask']];
}

/** A fresh connection, beside the one in use. */
function begin(state: SfuSteps, { now }: Surroundings): Stepped {
  return [{ ...state, rung: { at: 'make', dueAt: now + MAKE_MS } }, ['open']];
}

function changePath(state: SfuSteps, world: Surroundings): Stepped {
  const { rung, use } = state;
  if (!state.wanted) return [state, []];
  if (use === 'up') {
    if (rung.at === 'suspect' || rung.at === 'pause')
      return [{ ...state, rung: { at: 'rest' }, tries: 0 }, []];
    // What has not been said yet need not be.
    return rung.at === 'make' || rung.at === 'offer'
      ? [{ ...state, rung: { at: 'rest' }, tries: 0 }, ['drop']]
      : [state, []];
  }
  if (use === 'shaky') {
    if (rung.at !== 'rest' && rung.at !== 'suspect') return [state, []];
    // A probe under way does not make it wait for longer.
    const dueAt = Math.min(world.now + SHAKY_MS, sfuDueAt(state) ?? Number.POSITIVE_INFINITY);
    return [{ ...state, rung: { at: 'suspect', dueAt } }, []];
  }
  return rung.at === 'rest' || rung.at === 'suspect' ? begin(state, world) : [state, []];
}

/** The network may have changed: see whether anything arrives, or go on at once where it is known that nothing does. */
function look(state: SfuSteps, world: Surroundings): Stepped {
  const { rung, use } = state;
  if (!state.wanted) return [state, []];
  switch (rung.at) {
    case 'rest':
      return use === 'up' ? probe(state, world) : begin(state, world);
    case 'suspect':
      return use === 'up' ? [state, []] : begin(state, world);
    case 'pause':
      return use === 'up' ? probe(state, world) : begin(state, world);
    case 'offer':
      // What it has gathered is of the former network.
      return begin(state, world);
    case 'make':
    case 'ask':
    case 'connect':
      return [state, []];
  }
}

function probe(state: SfuSteps, { now }: Surroundings): Stepped {
  const dueAt = now + UNTOUCHED_PROBE_MS + PROBE_SLACK_MS;
  return [{ ...state, rung: { at: 'suspect', dueAt } }, ['probe']];
}

function fail(state: SfuSteps, pauseMs: number, { now, unit }: Surroundings): Stepped {
  const tries = state.tries + 1;
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  // Half of it always, so that a server that refuses is not asked in a loop; the other half by chance.
  const dueAt = now + pauseMs + (longest * (1 + unit)) / 2;
  return [{ ...state, rung: { at: 'pause', dueAt }, tries }, ['drop']];
}

function passTime(state: SfuSteps, world: Surroundings): Stepped {
  const { rung, use } = state;
  const dueAt = sfuDueAt(state);
  if (dueAt === null || world.now < dueAt) return [state, []];
  switch (rung.at) {
    case 'suspect':
      // Of a probe that told nothing the browser's own word holds.
      return use === 'up' ? [{ ...state, rung: { at: 'rest' } }, []] : begin(state, world);
    case 'pause':
      return use === 'up' ? probe(state, world) : begin(state, world);
    default:
      return fail(state, 0, world);
  }
}

function isTrying({ at }: Rung): boolean {
  return at === 'make' || at === 'offer' || at === 'ask' || at === 'connect';
}
