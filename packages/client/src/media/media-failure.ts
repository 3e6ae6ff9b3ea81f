// From what a browser throws to what a person can do: DOMException names (W3C mediacapture-streams, 9.2.1) to codes.

import { MaruError } from '../maru-error.js';
import type { DeviceKind } from './media-browser.js';

/** Why a device was not given, as far as what to try next depends on it. */
export type FailureKind = 'blocked' | 'missing' | 'busy' | 'failed';

/** A device that was not given. */
export interface Failure {
  readonly kind: FailureKind;
  readonly error: MaruError;
}

// Only Chromium's words tell these apart; elsewhere the name alone is known.
const DISMISSED = /dismissed/i;
const BY_SYSTEM = /by system|by the system/i;
const BY_POLICY = /permissions?[ -]policy|feature[ -]policy/i;

/** Reads a field of anything thrown: an OverconstrainedError was no DOMException in browsers of some years ago. */
function read(cause: unknown, field: 'name' | 'message'): string {
  const value: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, field) : '';
  return typeof value === 'string' ? value : '';
}

function kindOf(name: string): FailureKind {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'blocked';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    // AbortError: "some problem occurred which prevented the device from being used", in practice a start time-out.
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/** Who said no, where the browser lets it be known. */
function blockedBy(message: string): 'dismissed' | 'system' | 'policy' | null {
  if (DISMISSED.test(message)) return 'dismissed';
  if (BY_SYSTEM.test(message)) return 'system';
  return BY_POLICY.test(message) ? 'policy' : null;
}

/** Reads what `getUserMedia` threw. On an insecure page every refusal has that one cause. */
export function deviceFailure(kind: DeviceKind, cause: unknown, secure: boolean): Failure {
  const name = read(cause, 'name');
  const why = kindOf(name);
  if (!secure && (why === 'blocked' || name === 'TypeError')) {
    return { kind: 'failed', error: new MaruError('insecure-context', {}, { cause }) };
  }
  const by = why === 'blocked' ? blockedBy(read(cause, 'message')) : null;
  const detail = by === null ? {} : { blockedBy: by };
  return { kind: why, error: new MaruError(`${kind}-${why}`, detail, { cause }) };
}

/** Reads what `getDisplayMedia` threw. Null when the person closed the picker: that is a choice, not an error. */
export function screenFailure(cause: unknown): MaruError | null {
  const message = read(cause, 'message');
  if (kindOf(read(cause, 'name')) !== 'blocked') return new MaruError('screen-failed', {}, { cause });
  const by = blockedBy(message);
  if (by === 'system' || by === 'policy')
    return new MaruError('screen-blocked', { blockedBy: by }, { cause });
  return null;
}
