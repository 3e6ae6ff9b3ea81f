// The bounds of the fields: the last value inside is taken, the first outside is not.

import { describe, expect, test } from 'vitest';
import {
  MAX_CHAT_LENGTH,
  MAX_COUNTER,
  MAX_ROOM_LIMIT,
  MAX_SIGNAL_LENGTH,
  MAX_TOKEN_LENGTH,
  MAX_UNIX_TIME,
  MAX_VIEW_WIDTH,
} from '../src/limits.js';
import { parseClientMessage, parseLinkSignal, parsePeerMessage, parseServerMessage } from '../src/parse.js';

const PEER = 'abcdefghijklmnop';
const LINK = 'abcdefghijkl';
const STATE = { rev: 0, mic: true, camera: true, screen: false, hand: false };
const REFUSED = { type: 'refused', re: 1, code: 'room-full' };

const client = (message: object) => parseClientMessage(JSON.stringify(message)).ok;
const server = (message: object) => parseServerMessage(JSON.stringify(message)).ok;
const peer = (message: object) => parsePeerMessage(JSON.stringify(message)).ok;
const link = (message: object) => parseLinkSignal(JSON.stringify(message)).ok;

const join = (change: object) =>
  client({ type: 'join', id: 1, room: 'room', name: 'Mina', state: STATE, offers: [], ...change });
const resume = (token: string) =>
  client({ type: 'resume', id: 1, token, name: 'Mina', state: STATE, locked: false });
const signal = (change: object) => client({ type: 'signal', id: 1, to: PEER, data: 'x', ...change });
const chat = (change: object) => peer({ type: 'chat', id: LINK, at: 0, text: 'x', ...change });
const candidate = (change: object) =>
  link({
    kind: 'candidate',
    link: LINK,
    candidate: '',
    sdpMid: null,
    sdpMLineIndex: null,
    usernameFragment: null,
    ...change,
  });

describe('counters', () => {
  test.each([0, 1, MAX_COUNTER])('%s is one', (id) => {
    expect(client({ type: 'ping', id })).toBe(true);
  });

  test.each([-1, 0.5, MAX_COUNTER + 1, 1e300, '1', null, [1]])('%s is none', (id) => {
    expect(client({ type: 'ping', id })).toBe(false);
  });
});

describe('peer ids', () => {
  test.each([PEER, '----------------', 'AZaz09_-AZaz09_-'])('%s is one', (to) => {
    expect(signal({ to })).toBe(true);
  });

  test.each(['', 'abc', `${PEER}q`, 'abcdefghijklmno+', 'abcdefghijklmno\n', `${PEER}\n`])(
    '%j is none',
    (to) => {
      expect(signal({ to })).toBe(false);
    },
  );
});

test('[SIG-5] the data of a signal is a string of 1 to 65,536 UTF-16 units', () => {
  expect(signal({ data: 'x'.repeat(MAX_SIGNAL_LENGTH) })).toBe(true);
  expect(signal({ data: 'x'.repeat(MAX_SIGNAL_LENGTH + 1) })).toBe(false);
  // A character outside the basic plane is two units.
  expect(signal({ data: '🏠'.repeat(MAX_SIGNAL_LENGTH / 2) })).toBe(true);
  expect(signal({ data: '🏠'.repeat(MAX_SIGNAL_LENGTH / 2 + 1) })).toBe(false);
  expect(signal({ data: '' })).toBe(false);
  expect(signal({ data: { sdp: 'x' } })).toBe(false);
});

test('a join carries an offer for each other seat of the largest room', () => {
  expect(join({ offers: Array(MAX_ROOM_LIMIT - 1).fill('offer') })).toBe(true);
  expect(join({ offers: Array(MAX_ROOM_LIMIT).fill('offer') })).toBe(false);
  expect(join({ offers: ['x'.repeat(MAX_SIGNAL_LENGTH)] })).toBe(true);
  expect(join({ offers: ['x'.repeat(MAX_SIGNAL_LENGTH + 1)] })).toBe(false);
  expect(join({ offers: [''] })).toBe(false);
});

test('a token has a length', () => {
  expect(resume('x'.repeat(MAX_TOKEN_LENGTH))).toBe(true);
  expect(resume('x'.repeat(MAX_TOKEN_LENGTH + 1))).toBe(false);
  expect(resume('')).toBe(false);
});

test('a refusal names a code that servers raise', () => {
  expect(server(REFUSED)).toBe(true);
  expect(server({ ...REFUSED, code: 'no-path' })).toBe(false);
  expect(server({ ...REFUSED, code: 'toString' })).toBe(false);
  expect(server({ ...REFUSED, limit: MAX_ROOM_LIMIT })).toBe(true);
  expect(server({ ...REFUSED, limit: MAX_ROOM_LIMIT + 1 })).toBe(false);
  expect(server({ ...REFUSED, limit: 0 })).toBe(false);
});

test('an ICE server is STUN or TURN', () => {
  const ice = (urls: readonly string[]) => server({ type: 'ice-servers', re: 1, iceServers: [{ urls }] });
  expect(ice(['stun:a', 'stuns:a', 'turn:a', 'turns:a'])).toBe(true);
  expect(ice([])).toBe(false);
  expect(ice(['https://a'])).toBe(false);
  expect(ice([' stun:a'])).toBe(false);
});

test('[PEER-1] a line of chat has a text of a length, and a moment that a date can hold', () => {
  expect(chat({ text: 'x'.repeat(MAX_CHAT_LENGTH) })).toBe(true);
  expect(chat({ text: 'x'.repeat(MAX_CHAT_LENGTH + 1) })).toBe(false);
  expect(chat({ text: '' })).toBe(false);
  expect(chat({ at: MAX_UNIX_TIME })).toBe(true);
  expect(chat({ at: MAX_UNIX_TIME + 1 })).toBe(false);
  expect(chat({ at: 1e300 })).toBe(false);
  expect(chat({ at: -1 })).toBe(false);
  expect(chat({ id: 'short' })).toBe(false);
});

test('a candidate may be empty, which ends its generation, and has bounds', () => {
  expect(candidate({})).toBe(true);
  expect(candidate({ candidate: 'x'.repeat(2_048) })).toBe(true);
  expect(candidate({ candidate: 'x'.repeat(2_049) })).toBe(false);
  expect(candidate({ sdpMLineIndex: 64 })).toBe(true);
  expect(candidate({ sdpMLineIndex: 65 })).toBe(false);
  expect(candidate({ sdpMLineIndex: -1 })).toBe(false);
  expect(candidate({ sdpMid: 'x'.repeat(33) })).toBe(false);
  expect(candidate({ usernameFragment: 'x'.repeat(257) })).toBe(false);
});

describe('views', () => {
  const view = (change: object) => peer({ type: 'view', camera: 640, screen: 0, codecs: ['VP8'], ...change });

  test.each([0, 1, MAX_VIEW_WIDTH])('%s device pixels are a width', (width) => {
    expect(view({ camera: width, screen: width })).toBe(true);
  });

  test.each([-1, 0.5, MAX_VIEW_WIDTH + 1, null, '640'])('%j device pixels are none', (width) => {
    expect(view({ camera: width })).toBe(false);
    expect(view({ screen: width })).toBe(false);
  });

  test('codecs are of those that lines use, at most each once', () => {
    expect(view({ codecs: [] })).toBe(true);
    expect(view({ codecs: ['H264', 'VP8', 'VP9', 'AV1'] })).toBe(true);
    expect(view({ codecs: ['h264'] })).toBe(false);
    expect(view({ codecs: Array.from({ length: 5 }, () => 'VP8') })).toBe(false);
  });
});
