// The life of the signalling connection as a pure state machine: back-off, heartbeat, close codes. No socket in here.

import { CLOSE, type ErrorCode } from '@maru/protocol';

/** RES-12: the longest first pause; each failure in a row doubles it. */
export const FIRST_PAUSE_MS = 250;
/** RES-12: no pause is longer, so that a call is back within 5 s of a network that was away. */
export const LONGEST_PAUSE_MS = 4_000;
/**
 * A socket that has not opened by then is begun again: a SYN that was lost is sent again after 1, 3 and then only 7 s
 * (RFC 6298, section 5.5), when the network may long be back. TCP, TLS and the upgrade take four round trips.
 */
export const CONNECT_MS = 5_000;
/** On a wake-up, a socket that has been opening for this long was begun on the former network. */
export const STALE_CONNECT_MS = 2_000;
/** Silence after which the client asks whether the server is there; with ANSWER_MS within 15 s. */
export const SILENCE_MS = 8_000;
/** How long an answer to a ping may take: ten times the round trip of a bad mobile network. */
export const ANSWER_MS = 5_000;
/** The same after a wake-up: the network may be another, and a socket of the former one is only in the way. */
export const ANSWER_AWAKE_MS = 2_000;
/** A timer this much late says that the page slept, not that the server did (RES-13). */
export const LATE_MS = 1_000;
/** Pings without an answer after which even late timers are believed: a throttled page has no others. */
export const MOST_ASKS = 3;
/** A connection that lived this long starts the back-off anew. */
export const STABLE_MS = 10_000;
/** Failures that a socket closed for sending too fast counts for at least: the longest pause. */
const TOO_FAST_FAILURES = 5;

/** Where the connection stands. `failures` counts the attempts in a row that came to nothing. */
export type ConnectionState =
  | { readonly at: 'waiting'; readonly failures: number }
  | { readonly at: 'connecting'; readonly failures: number; readonly since: number }
  | {
      readonly at: 'open';
      readonly failures: number;
      readonly since: number;
      readonly welcomed: boolean;
      readonly heardAt: number;
      /** Questions since anything was heard; `hello` is the first. */
      readonly asks: number;
      readonly askedAt: number;
      /** How long the answer to the last question may take, in milliseconds. */
      readonly patienceMs: number;
    }
  | { readonly at: 'closed'; readonly error: ErrorCode | null };

export type ConnectionInput =
  | { readonly type: 'wake' | 'renew' | 'opened' | 'heard' | 'welcomed' | 'timer' }
  /** The socket ended, or must: by a close code, or because what was asked on it was refused for now. */
  | { readonly type: 'lost'; readonly code: number; readonly pauseMs?: number }
  | { readonly type: 'stop'; readonly error: ErrorCode | null };

export type ConnectionEffect =
  | { readonly do: 'connect' | 'greet' | 'ping' | 'drop' }
  /** Starts the one timer, in place of a running one; null stops it. */
  | { readonly do: 'timer'; readonly ms: number | null };

/** What a step may know of the world: the time in milliseconds, and a number from 0 to 1 for jitter. */
export interface Circumstances {
  readonly now: number;
  readonly unit: number;
}

type Stepped = readonly [ConnectionState, readonly ConnectionEffect[]];

export const INITIAL: ConnectionState = { at: 'waiting', failures: 0 };

/** One step of the connection. The first `wake` starts it. */
export function step(state: ConnectionState, input: ConnectionInput, world: Circumstances): Stepped {
  if (state.at === 'closed') return [state, []];
  switch (input.type) {
    case 'wake':
      return wake(state, world);
    case 'renew':
      return renew(state, world);
    case 'opened':
      return state.at === 'connecting' ? opened(state, world) : [state, []];
    case 'heard':
      return state.at === 'open' ? [{ ...state, heardAt: world.now, asks: 0 }, []] : [state, []];
    case 'welcomed':
      return state.at === 'open' ? [{ ...state, welcomed: true }, []] : [state, []];
    case 'timer':
      return timer(state, world);
    case 'lost':
      if (input.code === CLOSE.protocol) return stop('protocol-too-old');
      if (input.code === CLOSE.replaced) return stop('replaced-elsewhere');
      return state.at === 'waiting' ? [state, []] : lost(state, input, world);
    case 'stop':
      return stop(input.error);
  }
}

function connect(failures: number, { now }: Circumstances): Stepped {
  return [{ at: 'connecting', failures, since: now }, [{ do: 'connect' }, { do: 'timer', ms: CONNECT_MS }]];
}

function opened({ failures }: { failures: number }, { now }: Circumstances): Stepped {
  const asked = { asks: 1, askedAt: now, patienceMs: ANSWER_MS };
  return [
    { at: 'open', failures, since: now, welcomed: false, heardAt: now, ...asked },
    [{ do: 'greet' }, { do: 'timer', ms: ANSWER_MS }],
  ];
}

function wake(state: ConnectionState, world: Circumstances): Stepped {
  if (state.at === 'waiting') return connect(state.failures, world);
  if (state.at === 'connecting' && world.now - state.since >= STALE_CONNECT_MS) return renew(state, world);
  return state.at === 'open' && state.asks === 0 ? ask(state, world, ANSWER_AWAKE_MS) : [state, []];
}

/** Another network: a socket of the former one has nothing under it any more, even where the browser keeps it. */
function renew({ failures }: ConnectionState & { failures: number }, world: Circumstances): Stepped {
  const [next, effects] = connect(failures, world);
  return [next, [{ do: 'drop' }, ...effects]];
}

function ask(
  state: ConnectionState & { at: 'open' },
  { now }: Circumstances,
  patienceMs = ANSWER_MS,
): Stepped {
  return [
    { ...state, asks: state.asks + 1, askedAt: now, patienceMs },
    [{ do: 'ping' }, { do: 'timer', ms: patienceMs }],
  ];
}

function timer(state: ConnectionState, world: Circumstances): Stepped {
  if (state.at === 'waiting') return connect(state.failures, world);
  if (state.at === 'connecting') return lost(state, { code: 1006 }, world);
  if (state.at !== 'open') return [state, []];
  const due = state.asks === 0 ? state.heardAt + SILENCE_MS : state.askedAt + state.patienceMs;
  if (world.now < due) return [state, [{ do: 'timer', ms: due - world.now }]];
  // RES-13: after a late timer the answer may be waiting behind it; ask again rather than conclude.
  const late = world.now - due > LATE_MS && state.asks < MOST_ASKS;
  return state.asks === 0 || late ? ask(state, world) : lost(state, { code: 1006 }, world);
}

function lost(
  state: ConnectionState & { at: 'connecting' | 'open' },
  { code, pauseMs = 0 }: { code: number; pauseMs?: number },
  { now, unit }: Circumstances,
): Stepped {
  const stable = state.at === 'open' && state.welcomed && now - state.since >= STABLE_MS;
  const counted = stable ? 1 : state.failures + 1;
  const failures = code === CLOSE.tooFast ? Math.max(counted, TOO_FAST_FAILURES) : counted;
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return [{ at: 'waiting', failures }, [{ do: 'drop' }, { do: 'timer', ms: pauseMs + unit * longest }]];
}

function stop(error: ErrorCode | null): Stepped {
  return [{ at: 'closed', error }, [{ do: 'drop' }, { do: 'timer', ms: null }]];
}
