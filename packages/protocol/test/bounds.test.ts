// The bounds of the fields: the last value inside is taken, the first outside is not.

import { describe, expect, test } from 'vitest';
import {
  MAX_CHAT_LENGTH,
  MAX_COUNTER,
  MAX_JOIN_OFFERS,
  MAX_PACKED_SDP_LENGTH,
  MAX_PEER_MESSAGE_LENGTH,
  MAX_ROOM_LIMIT,
  MAX_SIGNAL_LENGTH,
  MAX_SLOTS,
  MAX_TOKEN_LENGTH,
  MAX_UNIX_TIME,
  MAX_VIEW_WIDTH,
} from '../src/limits.js';
import {
  parseClientMessage,
  parseLinkSignal,
  parsePeerMessage,
  parseServerMessage,
  parseSfuNotice,
  parseSfuRequest,
} from '../src/parse.js';
import { MAX_SLOT_PRIORITY } from '../src/sfu-message.js';

const PEER = 'abcdefghijklmnop';
const LINK = 'abcdefghijkl';
const STATE = { rev: 0, mic: true, camera: true, screen: false, hand: false };
const REFUSED = { type: 'refused', re: 1, code: 'room-full' };

const client = (message: object) => parseClientMessage(JSON.stringify(message)).ok;
const server = (message: object) => parseServerMessage(JSON.stringify(message)).ok;
const peer = (message: object) => parsePeerMessage(JSON.stringify(message)).ok;
const link = (message: object) => parseLinkSignal(JSON.stringify(message)).ok;
const sfuRequest = (message: object) => parseSfuRequest(JSON.stringify(message)).ok;
const sfuNotice = (message: object) => parseSfuNotice(JSON.stringify(message)).ok;

const join = (change: object) =>
  client({ type: 'join', id: 1, room: 'room', name: 'Mina', state: STATE, offers: [], ...change });
const resume = (change: object) =>
  client({
    type: 'resume',
    id: 1,
    token: 'x',
    name: 'Mina',
    state: STATE,
    locked: false,
    topology: 'mesh',
    epoch: 0,
    ...change,
  });
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

test('a join carries an offer for each other seat of the largest mesh', () => {
  expect(join({ offers: Array(MAX_JOIN_OFFERS).fill('offer') })).toBe(true);
  expect(join({ offers: Array(MAX_JOIN_OFFERS + 1).fill('offer') })).toBe(false);
  expect(join({ offers: ['x'.repeat(MAX_SIGNAL_LENGTH)] })).toBe(true);
  expect(join({ offers: ['x'.repeat(MAX_SIGNAL_LENGTH + 1)] })).toBe(false);
  expect(join({ offers: [''] })).toBe(false);
});

test('a token has a length', () => {
  expect(resume({ token: 'x'.repeat(MAX_TOKEN_LENGTH) })).toBe(true);
  expect(resume({ token: 'x'.repeat(MAX_TOKEN_LENGTH + 1) })).toBe(false);
  expect(resume({ token: '' })).toBe(false);
});

test('a topology is a mesh or an SFU, and an epoch a counter', () => {
  for (const topology of ['mesh', 'sfu']) {
    expect(join({ topology })).toBe(true);
    expect(resume({ topology, epoch: MAX_COUNTER })).toBe(true);
    expect(server({ type: 'room-topology', topology, epoch: 1 })).toBe(true);
  }
  for (const topology of ['SFU', 'ring', '', null]) {
    expect(join({ topology })).toBe(false);
    expect(resume({ topology })).toBe(false);
    expect(server({ type: 'room-topology', topology, epoch: 1 })).toBe(false);
  }
  expect(resume({ epoch: MAX_COUNTER + 1 })).toBe(false);
  expect(server({ type: 'room-topology', topology: 'sfu', epoch: -1 })).toBe(false);
});

describe('[SFU-8] a packed description', () => {
  const sfu = (offer: unknown) => client({ type: 'sfu', id: 1, link: LINK, offer });
  const answer = (text: unknown) => server({ type: 'sfu-answer', re: 1, answer: text });

  test.each(['AAAA', '+/09', 'AA==', 'AAA=', 'A'.repeat(MAX_PACKED_SDP_LENGTH)])('%.9s is one', (text) => {
    expect([sfu(text), answer(text)]).toEqual([true, true]);
  });

  test.each(['', '====', 'A===', 'AA=A', 'A-_A', 'v=0\r\n', 'AAAA\n', ' AAAA', 7])('%j is none', (text) => {
    expect([sfu(text), answer(text)]).toEqual([false, false]);
  });

  test('has a length, and belongs to a link', () => {
    expect(sfu('A'.repeat(MAX_PACKED_SDP_LENGTH + 1))).toBe(false);
    expect(client({ type: 'sfu', id: 1, link: 'short', offer: 'AAAA' })).toBe(false);
    expect(server({ type: 'sfu-lost', link: LINK })).toBe(true);
    expect(server({ type: 'sfu-lost', link: 'short' })).toBe(false);
    expect(server({ type: 'sfu-seats', link: LINK, rev: 0, seats: [] })).toBe(true);
    expect(server({ type: 'sfu-seats', link: LINK, rev: -1, seats: [] })).toBe(false);
    expect(server({ type: 'sfu-seats', link: 'short', rev: 0, seats: [] })).toBe(false);
  });
});

describe('[SFU-15] what is said to the SFU and by it', () => {
  const want = (change: object) =>
    sfuRequest({
      type: 'want',
      rev: 0,
      slots: [{ slot: 0, peer: PEER, line: 'camera', width: 640, priority: 0, ...change }],
    });
  const seats = (change: object) =>
    sfuNotice({ type: 'seats', rev: 0, seats: [{ slot: 0, peer: PEER, line: 'mic', ...change }] });

  test('slots are numbered from 0 to 63', () => {
    for (const slot of [0, MAX_SLOTS - 1]) expect([want({ slot }), seats({ slot })]).toEqual([true, true]);
    for (const slot of [-1, 0.5, MAX_SLOTS])
      expect([want({ slot }), seats({ slot })]).toEqual([false, false]);
    const wish = { slot: 0, peer: PEER, line: 'screen', width: 1, priority: 0 };
    const wishes = (count: number) => ({ type: 'want', rev: 0, slots: Array(count).fill(wish) });
    expect(sfuRequest(wishes(MAX_SLOTS))).toBe(true);
    expect(sfuRequest(wishes(MAX_SLOTS + 1))).toBe(false);
  });

  test('a wish is for a picture that is drawn, with a priority of a few', () => {
    for (const width of [1, MAX_VIEW_WIDTH]) expect(want({ width })).toBe(true);
    for (const width of [0, 1.5, MAX_VIEW_WIDTH + 1]) expect(want({ width })).toBe(false);
    for (const priority of [0, MAX_SLOT_PRIORITY]) expect(want({ priority })).toBe(true);
    for (const priority of [-1, MAX_SLOT_PRIORITY + 1]) expect(want({ priority })).toBe(false);
    for (const line of ['mic', 'screenAudio', 'video']) expect(want({ line })).toBe(false);
  });

  test('what is passed on has the length of a message between peers', () => {
    const both = (message: string) => [
      sfuRequest({ type: 'say', to: PEER, message }),
      sfuNotice({ type: 'heard', from: PEER, message }),
    ];
    expect(both('x')).toEqual([true, true]);
    expect(both('x'.repeat(MAX_PEER_MESSAGE_LENGTH))).toEqual([true, true]);
    expect(both('x'.repeat(MAX_PEER_MESSAGE_LENGTH + 1))).toEqual([false, false]);
    expect(both('')).toEqual([false, false]);
  });

  test('encodings are of the three that there are', () => {
    const encode = (camera: readonly string[]) => sfuNotice({ type: 'encode', camera, screen: [] });
    expect(encode([])).toBe(true);
    expect(encode(['l', 'm', 'h'])).toBe(true);
    expect(encode(['x'])).toBe(false);
    expect(encode(['l', 'm', 'h', 'h'])).toBe(false);
  });

  test('nobody hears a request, and nobody asks with a notice', () => {
    expect(sfuNotice({ type: 'say', to: PEER, message: 'x' })).toBe(false);
    expect(sfuRequest({ type: 'heard', from: PEER, message: 'x' })).toBe(false);
    expect(peer({ type: 'say', to: PEER, message: 'x' })).toBe(false);
  });
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
