// The door: text in, one typed message or the reason why not, never an exception.

import * as v from 'valibot';
import { type ClientMessage, clientMessageSchema } from './client-message.js';
import { MAX_COUNTER } from './limits.js';
import { type LinkSignal, linkSignalSchema } from './link-signal.js';
import { type PeerMessage, peerMessageSchema } from './peer-message.js';
import { type ServerMessage, serverMessageSchema } from './server-message.js';

/**
 * The outcome of parsing. `id` is the request's id where one could be read, for the answer that refuses it; `field`
 * is the path of what was refused; `fault` tells a wrong shape (not JSON, unknown or missing keys, wrong types) from
 * a value of the right type that is not acceptable, such as a name with control characters.
 */
export type Parsed<T> =
  | { readonly ok: true; readonly message: T }
  | {
      readonly ok: false;
      readonly id: number | null;
      readonly field: string | null;
      readonly fault: 'shape' | 'value';
    };

function parse<S extends v.GenericSchema>(schema: S, text: string): Parsed<v.InferOutput<S>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, id: null, field: null, fault: 'shape' };
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { ok: true, message: result.output };
  const issue = result.issues[0];
  const fault = issue.kind === 'schema' ? 'shape' : 'value';
  return { ok: false, id: readId(value), field: v.getDotPath(issue), fault };
}

function readId(value: unknown): number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  const id = value.id;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_COUNTER ? id : null;
}

/** Parses a message that a client sent to the server. */
export const parseClientMessage = (text: string): Parsed<ClientMessage> => parse(clientMessageSchema, text);

/** Parses a message that the server sent to a client. */
export const parseServerMessage = (text: string): Parsed<ServerMessage> => parse(serverMessageSchema, text);

/** Parses the opaque string of a `signal`, on the peer that it was for. */
export const parseLinkSignal = (text: string): Parsed<LinkSignal> => parse(linkSignalSchema, text);

/** Parses a message of the control data channel. */
export const parsePeerMessage = (text: string): Parsed<PeerMessage> => parse(peerMessageSchema, text);
