// A camera or microphone as a pure state machine: what the person wishes, what is held, and one step.
//
// At most one request to the browser is open at a time. A wish that changes meanwhile is compared with what the
// request brings: what fits is kept, what does not is stopped. So no quick toggling can leak a track.

import { MaruError } from '../maru-error.js';
import type { DeviceKind, Permission } from './media-browser.js';
import type { Failure, FailureKind } from './media-failure.js';

/** A running track, the choice that it was opened for, and the device that the browser says it is. */
export interface Held {
  readonly track: MediaStreamTrack;
  readonly asked: string | null;
  /** The default was opened because the choice was not there. */
  readonly standIn: boolean;
  readonly actual: string | null;
}

/** Why a device is asked for, which decides what a refusal leads to. */
export type Goal =
  /** Nothing runs and something should. */
  | { readonly kind: 'open' }
  /** The same, by itself after a failure: the failure stays visible until it succeeds. */
  | { readonly kind: 'revive'; readonly error: MaruError }
  /** The person chose another device while `from` ran. */
  | { readonly kind: 'choice'; readonly from: string | null }
  /** The remembered device is back while another stands in. */
  | { readonly kind: 'return' }
  /** A choice failed after the former device had to be stopped: get that one back. */
  | { readonly kind: 'recover'; readonly error: MaruError };

/** The open request: `target` is the choice that it serves, `deviceId` what is asked for (null: the default). */
export interface Ask {
  readonly target: string | null;
  readonly deviceId: string | null;
  readonly goal: Goal;
}

/** What is held of the device. */
export type Hold =
  | { readonly at: 'closed' }
  | { readonly at: 'asking'; readonly ask: Ask; readonly running: Held | null }
  | { readonly at: 'open'; readonly held: Held; readonly error: MaruError | null }
  /** The track ended by itself; finding out why. */
  | { readonly at: 'inspecting'; readonly lost: Held }
  | { readonly at: 'failed'; readonly failure: Failure };

export interface DeviceSource {
  readonly kind: DeviceKind;
  /** The chosen device; null for the default. Remembered while another stands in. */
  readonly deviceId: string | null;
  /** The person wants it to be sent. */
  readonly wanted: boolean;
  /** It is to be open although it is not sent: a microphone, muted or only measured. */
  readonly keepOpen: boolean;
  readonly permission: Permission;
  /** Losses repaired without anybody asking since the last wish or change of devices. */
  readonly revivals: number;
  readonly hold: Hold;
}

/** The answer to `look`; it also comes by itself when devices or the permission have changed. */
export interface Looked {
  readonly type: 'looked';
  /** The devices of this kind; empty strings while their ids are hidden, which they are without permission. */
  readonly ids: readonly string[];
  readonly permission: Permission;
  /** A device of some kind came or went. */
  readonly changed: boolean;
}

export type DeviceInput =
  | { readonly type: 'want'; readonly wanted: boolean }
  | { readonly type: 'keep-open' }
  | { readonly type: 'choose'; readonly deviceId: string | null }
  | { readonly type: 'opened'; readonly track: MediaStreamTrack; readonly actual: string | null }
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'ended'; readonly track: MediaStreamTrack }
  | Looked
  | { readonly type: 'retry' }
  | { readonly type: 'close' };

export type DeviceEffect =
  | { readonly type: 'ask'; readonly deviceId: string | null }
  | { readonly type: 'stop'; readonly track: MediaStreamTrack }
  /** See which devices there are and what is permitted; answered by `looked`. */
  | { readonly type: 'look' }
  /** Send `retry` after a while. */
  | { readonly type: 'retry-later' };

type Step = readonly [DeviceSource, readonly DeviceEffect[]];

// A device that ends again as soon as it is opened would otherwise be opened for ever.
const MAX_REVIVALS = 2;

/** A source that holds nothing. */
export function deviceSource(kind: DeviceKind, deviceId: string | null): DeviceSource {
  return {
    kind,
    deviceId,
    wanted: false,
    keepOpen: false,
    permission: 'unknown',
    revivals: 0,
    hold: { at: 'closed' },
  };
}

/** True when the device is to be open. */
export const wishesOpen = (source: DeviceSource): boolean => source.wanted || source.keepOpen;

/** The running track, if any. */
export function heldOf({ hold }: DeviceSource): Held | null {
  if (hold.at === 'open') return hold.held;
  return hold.at === 'asking' ? hold.running : null;
}

// The default may have turned out to be the very device that was missed.
const isStandIn = ({ standIn, actual, asked }: Held): boolean => standIn && actual !== asked;

const stop = (held: Held): DeviceEffect => ({ type: 'stop', track: held.track });

function ask(source: DeviceSource, goal: Goal, running: Held | null, deviceId = source.deviceId): Step {
  const request: Ask = { target: source.deviceId, deviceId, goal };
  return [{ ...source, hold: { at: 'asking', ask: request, running } }, [{ type: 'ask', deviceId }]];
}

/** Adds effects before those of a step. */
function after(effects: readonly DeviceEffect[], [source, more]: Step): Step {
  return [source, [...effects, ...more]];
}

function fail(source: DeviceSource, failure: Failure): Step {
  // Asking again by itself must never show a question: only where the answer is known to be yes.
  const later = failure.kind === 'busy' && source.permission === 'granted';
  return [{ ...source, hold: { at: 'failed', failure } }, later ? [{ type: 'retry-later' }] : []];
}

/** Brings what is held in line with what is wished. */
function reconcile(source: DeviceSource): Step {
  const { hold } = source;
  const open = wishesOpen(source);
  switch (hold.at) {
    case 'closed':
      return open ? ask(source, { kind: 'open' }, null) : [source, []];
    case 'failed':
      return open ? ask(source, { kind: 'open' }, null) : [{ ...source, hold: { at: 'closed' } }, []];
    case 'open': {
      const { held } = hold;
      if (!open) return [{ ...source, hold: { at: 'closed' } }, [stop(held)]];
      if (held.asked === source.deviceId) return [source, []];
      if (source.deviceId !== null && held.actual === source.deviceId) {
        return [
          { ...source, hold: { at: 'open', held: { ...held, asked: source.deviceId }, error: null } },
          [],
        ];
      }
      return ask(source, { kind: 'choice', from: held.asked }, held);
    }
    case 'asking': {
      if (!open && hold.running) {
        return [{ ...source, hold: { ...hold, running: null } }, [stop(hold.running)]];
      }
      // Somebody waits now for what was tried by itself.
      if (hold.ask.goal.kind !== 'revive') return [source, []];
      return [{ ...source, hold: { ...hold, ask: { ...hold.ask, goal: { kind: 'open' } } } }, []];
    }
    case 'inspecting':
      return [source, []];
  }
}

function choose(source: DeviceSource, deviceId: string | null): Step {
  const { hold } = source;
  const next = { ...source, deviceId, revivals: 0 };
  // Chosen again while another stands in for it: try it now.
  if (hold.at === 'open' && hold.held.asked === deviceId && isStandIn(hold.held) && wishesOpen(next)) {
    return ask(next, { kind: 'choice', from: deviceId }, hold.held);
  }
  return reconcile(next);
}

function opened(source: DeviceSource, track: MediaStreamTrack, actual: string | null): Step {
  const { hold } = source;
  if (hold.at !== 'asking') return [source, [{ type: 'stop', track }]];
  const { ask: request, running } = hold;
  const effects: DeviceEffect[] = running ? [stop(running)] : [];
  effects.push({ type: 'look' });
  const standIn = request.deviceId !== request.target;
  const held: Held = { track, asked: request.target, standIn, actual };
  const error = request.goal.kind === 'recover' ? request.goal.error : null;
  const open = wishesOpen(source);
  const next: DeviceSource = {
    ...source,
    permission: source.permission === 'unknown' ? 'granted' : source.permission,
    keepOpen: open && source.kind === 'microphone',
    hold: { at: 'open', held, error },
  };
  return after(effects, reconcile(next));
}

/** A choice came to nothing and the former device was stopped for it. */
function recover(source: DeviceSource, from: string | null, error: MaruError): Step {
  return ask({ ...source, deviceId: from }, { kind: 'recover', error }, null);
}

function refused(source: DeviceSource, failure: Failure): Step {
  const { hold } = source;
  if (hold.at !== 'asking') return [source, []];
  const { ask: request, running } = hold;
  const { goal } = request;
  if (!wishesOpen(source)) return [{ ...source, hold: { at: 'closed' } }, []];
  if (request.target !== source.deviceId) {
    // The wish has moved on: that this one failed no longer matters.
    if (running) return reconcile({ ...source, hold: { at: 'open', held: running, error: null } });
    if (goal.kind === 'choice') return ask(source, goal, null);
    const next: Goal = goal.kind === 'recover' ? { kind: 'choice', from: request.target } : { kind: 'open' };
    return ask(source, next, null);
  }
  if (goal.kind === 'choice') {
    if (!running) return recover(source, goal.from, failure.error);
    // Phones, and Firefox with microphones, cannot open a second device beside the first.
    if (failure.kind === 'busy') return after([stop(running)], ask(source, goal, null));
    return [
      { ...source, deviceId: running.asked, hold: { at: 'open', held: running, error: failure.error } },
      [],
    ];
  }
  if (running) return [{ ...source, hold: { at: 'open', held: running, error: null } }, []];
  if (failure.kind === 'missing' && request.deviceId !== null) return ask(source, goal, null, null);
  return fail(source, failure);
}

/** The track had ended by itself: why, and what now? */
function explain(source: DeviceSource, lost: Held, ids: readonly string[]): Step {
  const { kind, permission } = source;
  const failed = (why: FailureKind): Step =>
    fail(source, { kind: why, error: new MaruError(`${kind}-${why}`) });
  if (!wishesOpen(source)) return [{ ...source, hold: { at: 'closed' } }, []];
  // Ids are hidden once permission is taken back: then the device may well be there.
  const present = lost.actual === null || ids.includes('') ? ids.length > 0 : ids.includes(lost.actual);
  // Still there, but asking would show the question again: the person has just taken the permission back.
  if (permission === 'denied' || (present && permission === 'prompt')) return failed('blocked');
  if (ids.length === 0) return failed('missing');
  if (source.revivals >= MAX_REVIVALS) return failed('failed');
  return ask({ ...source, revivals: source.revivals + 1 }, { kind: 'open' }, null);
}

function revive(source: DeviceSource): Step {
  if (source.hold.at !== 'failed' || !wishesOpen(source)) return [source, []];
  return ask(source, { kind: 'revive', error: source.hold.failure.error }, null);
}

function looked(before: DeviceSource, { ids, permission, changed }: Looked): Step {
  const source: DeviceSource = {
    ...before,
    // Where the browser does not tell, what was learnt from its answers stands.
    permission: permission === 'unknown' ? before.permission : permission,
    revivals: changed ? 0 : before.revivals,
  };
  const { hold, deviceId } = source;
  if (hold.at === 'inspecting') return explain(source, hold.lost, ids);
  if (hold.at === 'failed') {
    const { kind } = hold.failure;
    const granted = source.permission === 'granted';
    const allowed = granted && before.permission !== 'granted';
    const plugged = changed && ids.length > 0 && (granted || kind === 'missing');
    if (kind === 'blocked' ? allowed : plugged) return revive(source);
    return [source, kind === 'busy' && allowed ? [{ type: 'retry-later' }] : []];
  }
  if (hold.at !== 'open' || deviceId === null || !ids.includes(deviceId)) return [source, []];
  return isStandIn(hold.held) ? ask(source, { kind: 'return' }, hold.held) : [source, []];
}

/** One input, one new state, and what is to be done. */
export function stepDevice(source: DeviceSource, input: DeviceInput): Step {
  const { hold } = source;
  switch (input.type) {
    case 'want': {
      // Muting leaves a microphone open, but gives up one that could not be had.
      const keepOpen = source.keepOpen && (input.wanted || hold.at !== 'failed');
      return reconcile({ ...source, wanted: input.wanted, keepOpen, revivals: 0 });
    }
    case 'keep-open':
      return reconcile({ ...source, keepOpen: true, revivals: 0 });
    case 'choose':
      return choose(source, input.deviceId);
    case 'opened':
      return opened(source, input.track, input.actual);
    case 'refused':
      // A return that was refused is not looked into: that would only lead to the next one.
      if (hold.at === 'asking' && hold.ask.goal.kind === 'return') return refused(source, input.failure);
      return after([{ type: 'look' }], refused(source, input.failure));
    case 'ended': {
      const held = heldOf(source);
      if (held?.track !== input.track) return [source, []];
      // While another is being asked for, that request decides.
      if (hold.at === 'asking') return [{ ...source, hold: { ...hold, running: null } }, [stop(held)]];
      return [{ ...source, hold: { at: 'inspecting', lost: held } }, [stop(held), { type: 'look' }]];
    }
    case 'looked':
      return looked(source, input);
    case 'retry':
      return hold.at === 'failed' && hold.failure.kind === 'busy' ? revive(source) : [source, []];
    case 'close': {
      const held = heldOf(source);
      const closed: DeviceSource = { ...source, wanted: false, keepOpen: false, hold: { at: 'closed' } };
      return [closed, held ? [stop(held)] : []];
    }
  }
}
