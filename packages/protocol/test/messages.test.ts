// Properties that hold for every type of message: what is valid comes through unchanged, what is spoilt does not.

import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientMessageSchema } from '../src/client-message.js';
import {
  parseClientMessage,
  parseLinkSignal,
  parsePeerMessage,
  parseServerMessage,
  parseSfuNotice,
  parseSfuRequest,
} from '../src/parse.js';
import { peerMessageSchema } from '../src/peer-message.js';
import { serverMessageSchema } from '../src/server-message.js';
import { sfuNoticeSchema, sfuRequestSchema } from '../src/sfu-message.js';
import {
  clientMessages,
  linkSignals,
  peerMessages,
  serverMessages,
  sfuNotices,
  sfuRequests,
} from './arbitraries.js';
import { withoutKey, withStrangeKey, withWrongType } from './distort.js';

const RUNS = { numRuns: 200 };
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  join: ['attempt', 'topology'],
  refused: ['limit', 'retryAfterMs'],
  welcome: ['videoCodecs'],
  peeked: ['username', 'credential'],
  joined: ['username', 'credential'],
  resumed: ['username', 'credential'],
  'ice-servers': ['username', 'credential'],
};

type Parse = (text: string) => { readonly ok: boolean };

const unions: readonly (readonly [string, Parse, Readonly<Record<string, Arbitrary<object>>>])[] = [
  ['client message', parseClientMessage, clientMessages],
  ['server message', parseServerMessage, serverMessages],
  ['peer message', parsePeerMessage, peerMessages],
  ['link signal', parseLinkSignal, linkSignals],
  ['SFU request', parseSfuRequest, sfuRequests],
  ['SFU notice', parseSfuNotice, sfuNotices],
];

const every = unions.flatMap(([union, parse, types]) =>
  Object.entries(types).map(([type, arbitrary]) => ({ union, type, parse, arbitrary })),
);

describe.each(every)('$union $type', ({ parse, arbitrary, type }) => {
  test('comes through unchanged when valid', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        expect(parse(JSON.stringify(message))).toEqual({ ok: true, message });
      }),
      RUNS,
    );
  });

  test('is refused with a key that nobody expects', () => {
    const spoilt = arbitrary.chain(withStrangeKey);
    fc.assert(
      fc.property(spoilt, (message) => !parse(JSON.stringify(message)).ok),
      RUNS,
    );
  });

  test('is refused without a key that it needs', () => {
    const spoilt = arbitrary.chain((message) => withoutKey(message, OPTIONAL[type] ?? []));
    fc.assert(
      fc.property(spoilt, (message) => !parse(JSON.stringify(message)).ok),
      RUNS,
    );
  });

  test('is refused with a value of another type', () => {
    const spoilt = arbitrary.chain(withWrongType);
    fc.assert(
      fc.property(spoilt, (message) => !parse(JSON.stringify(message)).ok),
      RUNS,
    );
  });
});

test('every type of message is tried', () => {
  const types = (schema: { options: readonly { entries: { type: { options: readonly [string] } } }[] }) =>
    schema.options.map(({ entries }) => entries.type.options[0]).sort();
  expect(Object.keys(clientMessages).sort()).toEqual(types(clientMessageSchema));
  expect(Object.keys(serverMessages).sort()).toEqual(types(serverMessageSchema));
  expect(Object.keys(peerMessages).sort()).toEqual(types(peerMessageSchema));
  expect(Object.keys(sfuRequests).sort()).toEqual(types(sfuRequestSchema));
  expect(Object.keys(sfuNotices).sort()).toEqual(types(sfuNoticeSchema));
});

test('a message of one direction is none of the other', () => {
  // `signal` is the one type that both directions have, and even it differs: `to` or `from`.
  for (const arbitrary of Object.values(clientMessages)) {
    fc.assert(
      fc.property(arbitrary, (message) => !parseServerMessage(JSON.stringify(message)).ok),
      { numRuns: 20 },
    );
  }
  for (const arbitrary of Object.values(serverMessages)) {
    fc.assert(
      fc.property(arbitrary, (message) => !parseClientMessage(JSON.stringify(message)).ok),
      { numRuns: 20 },
    );
  }
});
