// What was wrong with a message that could not be parsed, in the terms in which it is refused.

import type * as v from 'valibot';
import { MAX_COUNTER } from './limits.js';

/** A message that could not be parsed: not JSON (neither), of no known tag (`value` alone), or not of its schema. */
export interface Fault {
  readonly ok: false;
  readonly value?: unknown;
  readonly issue?: v.BaseIssue<unknown>;
}

/** A fault in terms. */
export interface FaultDescription {
  /** The request's id where one could be read, for the answer that refuses it. */
  readonly id: number | null;
  /** The path of what was refused, dots between its keys; null where nothing in particular was. */
  readonly field: string | null;
  /**
   * Tells a wrong shape (not JSON, unknown or missing keys, wrong types) from a value of the right type that is not
   * acceptable, such as a name with control characters.
   */
  readonly fault: 'shape' | 'value';
}

/** Puts a fault into terms. */
export function describeFault({ value, issue }: Fault): FaultDescription {
  const id = ownProperty(value, 'id');
  const readable = typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_COUNTER;
  return {
    id: readable ? id : null,
    field: issue?.path?.map(({ key }) => key).join('.') ?? null,
    fault: !issue || issue.kind === 'schema' ? 'shape' : 'value',
  };
}

/** An own property of whatever was received; undefined where it has none. */
export function ownProperty(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
