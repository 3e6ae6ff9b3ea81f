// The door: text in, one typed message or the reason why not, never an exception.

import * as v from 'valibot';
import { type ClientMessage, clientMessages } from './client-message.js';
import { MAX_COUNTER } from './limits.js';
import { type LinkSignal, linkSignals } from './link-signal.js';
import { type PeerMessage, peerMessages } from './peer-message.js';
import { type ServerMessage, serverMessages } from './server-message.js';
import { type Tagged, tagged } from './tagged.js';

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

function parse<S extends v.GenericSchema>(union: Tagged<S>, text: string): Parsed<v.InferOutput<S>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, id: null, field: null, fault: 'shape' };
  }
  const schema = union.schemas.get(read(value, union.key));
  if (!schema) return { ok: false, id: readId(value), field: union.key, fault: 'shape' };
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { ok: true, message: result.output };
  const [issue] = result.issues;
  const fault = issue.kind === 'schema' ? 'shape' : 'value';
  const field = issue.path?.map(({ key }) => key).join('.') ?? null;
  return { ok: false, id: readId(value), field, fault };
}

/** An own property of whatever was received; undefined where it has none. */
function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function readId(value: unknown): number | null {
  const id = read(value, 'id');
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_COUNTER ? id : null;
}

const client = tagged('type', clientMessages);
const server = tagged('type', serverMessages);
const link = tagged('kind', linkSignals);
const peer = tagged('type', peerMessages);

/** Parses a message that a client sent to the server. */
export const parseClientMessage = (text: string): Parsed<ClientMessage> => parse(client, text);

/** Parses a message that the server sent to a client. */
export const parseServerMessage = (text: string): Parsed<ServerMessage> => parse(server, text);

/** Parses the opaque string of a `signal`, on the peer that it was for. */
export const parseLinkSignal = (text: string): Parsed<LinkSignal> => parse(link, text);

/** Parses a message of the control data channel. */
export const parsePeerMessage = (text: string): Parsed<PeerMessage> => parse(peer, text);
