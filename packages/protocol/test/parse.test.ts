// The door never throws, whatever comes; it says which request and which field it refuses.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeFault } from '../src/fault.js';
import {
  parseClientMessage,
  parseLinkSignal,
  parsePeerMessage,
  parseServerMessage,
  parseSfuNotice,
  parseSfuRequest,
} from '../src/parse.js';
import { clientMessages } from './arbitraries.js';

const PARSERS = [
  parseClientMessage,
  parseServerMessage,
  parsePeerMessage,
  parseLinkSignal,
  parseSfuRequest,
  parseSfuNotice,
];
const RUNS = { numRuns: 5_000 };

/** What is refused in a text, in terms; undefined when nothing is. */
function fault(parsed: ReturnType<(typeof PARSERS)[number]>) {
  return parsed.ok ? undefined : describeFault(parsed);
}

const anyMessage = fc.oneof(...Object.values(clientMessages));

/** A valid message with a few of its characters changed, added or lost. */
const bruised = fc
  .tuple(anyMessage, fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.string({ unit: 'binary', maxLength: 4 }))))
  .map(([message, bruises]) =>
    bruises.reduce((text, [at, cut, insert]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + cut);
    }, JSON.stringify(message)),
  );

test.each(PARSERS)('[MSG-1] %o refuses any text that is no message and never throws', (parse) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(fault(parse(text))).toMatchObject({ id: null, fault: 'shape' });
    }),
    RUNS,
  );
});

test.each(PARSERS)('[MSG-1] %o refuses any JSON that is no message and never throws', (parse) => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => !parse(text).ok),
    RUNS,
  );
});

test('[MSG-1] a bruised message is either still one, in its own form, or refused', () => {
  fc.assert(
    fc.property(bruised, (text) => {
      const parsed = parseClientMessage(text);
      if (!parsed.ok) return;
      expect(parseClientMessage(JSON.stringify(parsed.message))).toEqual(parsed);
    }),
    RUNS,
  );
});

test('what is nested deeply is refused as quickly as anything', () => {
  const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  for (const parse of PARSERS) expect(parse(text).ok).toBe(false);
});

test('[MSG-1] a refusal tells the id where it can be read', () => {
  expect(fault(parseClientMessage('{"type":"nonsense","id":7}'))?.id).toBe(7);
  expect(fault(parseClientMessage('{"type":"ping","id":7,"extra":1}'))?.id).toBe(7);
  expect(fault(parseClientMessage('{"id":7}'))?.id).toBe(7);
  for (const id of ['-1', '1.5', '2147483648', '"7"', 'null', '[7]', '1e400']) {
    expect(fault(parseClientMessage(`{"type":"nonsense","id":${id}}`))?.id).toBe(null);
  }
  expect(fault(parseClientMessage('[{"id":7}]'))?.id).toBe(null);
  expect(fault(parseClientMessage('{"type":"ping","id":7'))?.id).toBe(null);
});

test('a refusal tells the first field that is wrong, and whether by its shape or by its value', () => {
  const join = {
    type: 'join',
    id: 1,
    room: 'room',
    name: 'Mina',
    state: { rev: 0, mic: true, camera: true, screen: false, hand: false },
    offers: [],
  };
  const field = (change: object) => fault(parseClientMessage(JSON.stringify({ ...join, ...change })));
  expect(field({})).toBeUndefined();
  expect(field({ room: ' ' })).toMatchObject({ field: 'room', fault: 'value' });
  expect(field({ name: '\u0007' })).toMatchObject({ field: 'name', fault: 'value' });
  expect(field({ state: { ...join.state, rev: -1 } })).toMatchObject({ field: 'state.rev', fault: 'value' });
  expect(field({ room: 5 })).toMatchObject({ field: 'room', fault: 'shape' });
  expect(field({ extra: 5 })).toMatchObject({ field: 'extra', fault: 'shape' });
  expect(field({ offers: ['a', 2] })).toMatchObject({ field: 'offers.1', fault: 'shape' });
});
