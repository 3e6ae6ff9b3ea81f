// The control channels of SFU links: what clients say is checked and carried out, what the SFU tells is of its schema.

import {
  MAX_MESSAGE_BYTES,
  MAX_PEER_MESSAGE_LENGTH,
  parseSfuNotice,
  type SfuNotice,
  type SlotWant,
} from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sfuRequests } from '../../protocol/test/arbitraries.js';
import { ControlChannels, type ControlledSfu } from '../src/sfu/control-channels.js';

const ANN = 'ann-------------';
const BEN = 'ben-------------';
const CAT = 'cat-------------';

/** Two rooms: Ann and Ben in one, on the links `a` and `b`; Cat in another. One more link waits in the first. */
function sfu() {
  const peers: Readonly<Record<string, string>> = { a: ANN, b: BEN, c: CAT };
  const room = (link: string): string => (link === 'c' ? 'other' : 'room');
  const wanted: (readonly [string, readonly SlotWant[]])[] = [];
  const said: (readonly [string, SfuNotice])[] = [];
  const early: (readonly [string, SfuNotice])[] = [];
  const shut = new Set<string>();
  const beside = { peers: 1 };
  const fake: ControlledSfu = {
    want: (link, wishes) => void wanted.push([link, wishes]),
    sendControl(link, text) {
      const parsed = parseSfuNotice(text);
      if (!parsed.ok) throw new Error(`no client reads ${text}`);
      said.push([link, parsed.message]);
      return true;
    },
    hears: (link) => !shut.has(link),
    peerOf: (link) => peers[link] ?? null,
    peersBeside: () => beside.peers,
    linkTo: (link, peer) =>
      Object.keys(peers).find((other) => peers[other] === peer && room(other) === room(link)) ?? null,
  };
  const channels = new ControlChannels(fake, (link, notice) => void early.push([link, notice]));
  const say = (link: string, message: object) => channels.heard(link, JSON.stringify(message));
  return { channels, wanted, said, early, shut, beside, say };
}

const wish = (slot: number): SlotWant => ({ slot, peer: BEN, line: 'camera', width: 640, priority: 1 });

test('[SFU-18] what is said to a peer of the same room is heard by it alone, under the sender’s own name', () => {
  const { said, say } = sfu();
  say('a', { type: 'say', to: BEN, message: '{"type":"bye"}' });
  expect(said).toEqual([['b', { type: 'heard', from: ANN, message: '{"type":"bye"}' }]]);
});

test('[SFU-18] messages from one peer to another arrive in order, and are not read', () => {
  const { said, say } = sfu();
  const messages = ['not JSON', '\u0000', '각', 'x'.repeat(MAX_PEER_MESSAGE_LENGTH)];
  for (const message of messages) say('a', { type: 'say', to: BEN, message });
  expect(said.map(([, notice]) => notice.type === 'heard' && notice.message)).toEqual(messages);
});

test('[SFU-18] what is said to oneself, to another room or to nobody is dropped', () => {
  const { channels, said, say } = sfu();
  for (const to of [ANN, CAT, 'nobody----------']) say('a', { type: 'say', to, message: 'x' });
  say('a', { type: 'say', to: BEN, from: CAT, message: 'x' });
  expect([said, channels.dropped]).toEqual([[], 4]);
});

test('[SFU-19] one who has not joined is heard by nobody', () => {
  const { channels, said, say } = sfu();
  say('waiting', { type: 'say', to: BEN, message: 'x' });
  expect([said, channels.dropped]).toEqual([[], 1]);
});

test('[SFU-16] a `want` that is not newer than the last is dropped, for each link', () => {
  const { channels, wanted, say } = sfu();
  say('a', { type: 'want', rev: 5, slots: [wish(0)] });
  for (const rev of [5, 4, 0]) say('a', { type: 'want', rev, slots: [wish(1)] });
  say('a', { type: 'want', rev: 6, slots: [] });
  say('b', { type: 'want', rev: 0, slots: [wish(2)] });
  expect(wanted).toEqual([
    ['a', [wish(0)]],
    ['a', []],
    ['b', [wish(2)]],
  ]);
  expect(channels.dropped).toBe(3);
  channels.forget('a');
  say('a', { type: 'want', rev: 0, slots: [] });
  expect(wanted).toHaveLength(4);
});

test('[SFU-17] seats go another way as long as the channel is not open, and are counted on when it is', () => {
  const { channels, said, early, shut } = sfu();
  const seats = [{ slot: 0, peer: BEN, line: 'camera' }] as const;
  shut.add('a');
  channels.tellSeats('a', []);
  channels.tellSeats('a', seats);
  shut.delete('a');
  channels.tellSeats('a', seats);
  expect(early).toEqual([
    ['a', { type: 'seats', rev: 0, seats: [] }],
    ['a', { type: 'seats', rev: 1, seats }],
  ]);
  expect(said).toEqual([['a', { type: 'seats', rev: 2, seats }]]);
});

test('[SFU-15] what is not exactly of its schema is dropped, whatever it is', () => {
  const { channels, wanted, said, say } = sfu();
  const bad = ['', '{', '[]', '{"type":"want"}', '{"type":"heard","from":"x","message":"x"}'];
  for (const text of bad) channels.heard('a', text);
  say('a', { type: 'say', to: BEN, message: 'x', extra: 1 });
  channels.heard('b', ' '.repeat(MAX_MESSAGE_BYTES + 1));
  expect([wanted, said, channels.dropped]).toEqual([[], [], bad.length + 2]);
});

test('[SFU-15] no text makes it fail', () => {
  const message = fc.oneof(...Object.values(sfuRequests)).map((request) => JSON.stringify(request));
  const bruised = fc
    .tuple(message, fc.nat(), fc.nat(5), fc.string({ unit: 'binary', maxLength: 4 }))
    .map(([text, at, cut, insert]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + cut);
    });
  const { channels } = sfu();
  let n = 0;
  fc.assert(
    fc.property(fc.oneof(bruised, fc.json(), fc.string({ unit: 'binary' })), (text) => {
      // A fresh link each, so that none is too fast.
      channels.heard(`link ${n++}`, text);
    }),
    { numRuns: Number(process.env['MARU_FUZZ'] ?? 2_000) },
  );
});

test('[SFU-15] who says too much is not listened to, and nobody else is the worse for it', () => {
  const { channels, said, say } = sfu();
  for (let n = 0; n < 1_000; n++) say('a', { type: 'say', to: BEN, message: `${n}` });
  expect(said.length).toBeGreaterThanOrEqual(136);
  expect(said.length).toBeLessThan(200);
  expect(channels.dropped).toBe(1_000 - said.length);
  say('b', { type: 'say', to: ANN, message: 'still here' });
  expect(said.at(-1)?.[0]).toBe('a');
});

test('[SFU-15] a long message counts as several', () => {
  const { said, say } = sfu();
  for (let n = 0; n < 200; n++) say('a', { type: 'say', to: BEN, message: 'x'.repeat(32_768) });
  expect(said.length).toBeLessThan(70);
});

test('[SFU-17] each telling of the seats of a link has a higher `rev`', () => {
  const { channels, said } = sfu();
  channels.tellSeats('a', [{ slot: 0, peer: BEN, line: 'mic' }]);
  channels.tellSeats('b', []);
  channels.tellSeats('a', []);
  expect(said).toEqual([
    ['a', { type: 'seats', rev: 0, seats: [{ slot: 0, peer: BEN, line: 'mic' }] }],
    ['b', { type: 'seats', rev: 0, seats: [] }],
    ['a', { type: 'seats', rev: 1, seats: [] }],
  ]);
});

test('[SFU-20, SFU-21, SFU-22] who can be reached, what is encoded and who speaks is told as it is', () => {
  const { channels, said } = sfu();
  channels.tellReachable('a', [BEN, CAT]);
  channels.tellEncodings('a', { camera: ['l', 'h'], screen: [''] });
  channels.tellSpeaker('a', BEN);
  channels.tellSpeaker('a', null);
  expect(said.map(([, notice]) => notice)).toEqual([
    { type: 'reachable', peers: [BEN, CAT] },
    { type: 'encode', camera: ['l', 'h'], screen: ['h'] },
    { type: 'speaker', peer: BEN },
    { type: 'speaker', peer: null },
  ]);
});

test('[SFU-15] in a room of a hundred fifteen lines of chat in a row reach all', () => {
  const { channels, said, beside, say } = sfu();
  beside.peers = 99;
  for (let n = 0; n < 15 * 99; n++) say('a', { type: 'say', to: BEN, message: `${n}` });
  expect([said.length, channels.dropped]).toEqual([15 * 99, 0]);
});

test('[SFU-15] a room whose size goes up and down gives nobody a fresh allowance', () => {
  const { said, beside, say } = sfu();
  for (let n = 0; n < 1_000; n++) {
    beside.peers = 1 + (n % 2);
    say('a', { type: 'say', to: BEN, message: `${n}` });
  }
  expect(said.length).toBeGreaterThanOrEqual(136);
  expect(said.length).toBeLessThan(200);
});
