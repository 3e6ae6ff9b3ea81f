// The tables of PROTOCOL.md say what the schemas say.

import {
  CLOSE,
  ERRORS,
  MAX_MESSAGE_BYTES,
  MAX_PACKED_SDP_LENGTH,
  MAX_PEER_MESSAGE_LENGTH,
  MAX_SIGNAL_LENGTH,
  MAX_UNPACKED_SDP_BYTES,
} from '@maru/protocol';
import { expect, test } from 'vitest';
import { clientMessageSchema } from '../../packages/protocol/src/client-message.js';
import { serverMessageSchema } from '../../packages/protocol/src/server-message.js';
import { codes, section, tables } from './support/markdown.js';
import { readProjectFile } from './support/project.js';

const page = readProjectFile('PROTOCOL.md');

const serverTypes = new Map<string, boolean>(
  serverMessageSchema.options.map(({ entries }) => [entries.type.options[0], 're' in entries] as const),
);

test('the table of error codes is the table in the code', () => {
  const [table] = tables(section(page, 'Error codes') ?? '');
  const documented = table?.map(([code, retry, raisedBy]) => [codes(code ?? '')[0], retry, raisedBy]);
  const coded = Object.entries(ERRORS).map(([code, entry]) => [
    code,
    entry.retry ? 'yes' : 'no',
    entry.raisedBy,
  ]);
  expect(documented?.sort()).toEqual(coded.sort());
});

test('the table of requests names each request and no other', () => {
  const [table] = tables(section(page, 'Transport') ?? '');
  const documented = table?.map(([request]) => codes(request ?? '')[0]);
  expect(documented?.sort()).toEqual(
    clientMessageSchema.options.map(({ entries }) => entries.type.options[0]).sort(),
  );
});

test('the table of requests names answers that are answers and events that are events', () => {
  const [table] = tables(section(page, 'Transport') ?? '');
  for (const [request, answers, events] of table ?? []) {
    const [answer, ...later] = codes(answers ?? '');
    if (answer !== undefined) expect(serverTypes.get(answer), `${request} answered by ${answer}`).toBe(true);
    for (const event of [...later, ...codes(events ?? '')]) {
      expect(serverTypes.get(event), `${request} tells ${event}`).toBe(false);
    }
  }
});

test('every message of the server is named by PROTOCOL.md', () => {
  const named = new Set(codes(page));
  expect([...serverTypes.keys()].filter((type) => !named.has(type))).toEqual([]);
});

test('the table of close codes is the table in the code', () => {
  const [table] = tables(section(page, 'Close codes') ?? '');
  const coded = Object.values(CLOSE).map(String);
  expect(table?.map(([code]) => code).sort()).toEqual(coded.sort());
});

test('the limits that PROTOCOL.md promises are those of the code', () => {
  const limits = [MAX_MESSAGE_BYTES, MAX_PEER_MESSAGE_LENGTH, MAX_SIGNAL_LENGTH];
  for (const limit of [...limits, MAX_PACKED_SDP_LENGTH, MAX_UNPACKED_SDP_BYTES]) {
    expect(page).toContain(limit.toLocaleString('en-US'));
  }
});
