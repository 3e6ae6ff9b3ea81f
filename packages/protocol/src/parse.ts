// The door: text in, one typed message or the reason why not, never an exception.

import * as v from 'valibot';
import { type ClientMessage, clientMessages } from './client-message.js';
import type { Fault } from './fault.js';
import { type LinkSignal, linkSignals } from './link-signal.js';
import { type PeerMessage, peerMessages } from './peer-message.js';
import { type ServerMessage, serverMessages } from './server-message.js';
import { type SfuNotice, type SfuRequest, sfuNotices, sfuRequests } from './sfu-message.js';
import { type Tagged, tagged } from './tagged.js';

/** The outcome of parsing. What was wrong is kept as it was found; `describeFault` puts it into terms. */
export type Parsed<T> = { readonly ok: true; readonly message: T } | Fault;

function parse<S extends v.GenericSchema>(union: Tagged<S>, text: string): Parsed<v.InferOutput<S>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false };
  }
  // Whatever was received: what is no object has no tag.
  const tag: unknown = Object(value)[union.key];
  const schema = union.schemas.get(tag);
  if (!schema) return { ok: false, value };
  const result = v.safeParse(schema, value, { abortEarly: true });
  return result.success
    ? { ok: true, message: result.output }
    : { ok: false, value, issue: result.issues[0] };
}

const client = tagged('type', clientMessages);
const server = tagged('type', serverMessages);
const link = tagged('kind', linkSignals);
const peer = tagged('type', peerMessages);
const sfuRequest = tagged('type', sfuRequests);
const sfuNotice = tagged('type', sfuNotices);

/** Parses a message that a client sent to the server. */
export const parseClientMessage = (text: string): Parsed<ClientMessage> => parse(client, text);

/** Parses a message that the server sent to a client. */
export const parseServerMessage = (text: string): Parsed<ServerMessage> => parse(server, text);

/** Parses the opaque string of a `signal`, on the peer that it was for. */
export const parseLinkSignal = (text: string): Parsed<LinkSignal> => parse(link, text);

/** Parses a message of the control data channel. */
export const parsePeerMessage = (text: string): Parsed<PeerMessage> => parse(peer, text);

/** Parses what a client said to the SFU on the control channel. */
export const parseSfuRequest = (text: string): Parsed<SfuRequest> => parse(sfuRequest, text);

/** Parses what the SFU said to a client on the control channel. */
export const parseSfuNotice = (text: string): Parsed<SfuNotice> => parse(sfuNotice, text);
