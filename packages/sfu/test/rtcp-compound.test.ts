// How RTCP packets are framed in a datagram (RFC 3550, sections 6.1 and 6.4.1; RFC 5506).
import { expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const RR = '80c90001 00000001';
const PLI = '81ce0002 00000001 00000002';

test('a compound packet is read in order', () => {
  const kinds = readRtcp(hex(`${RR} 81ca0003 00000001 01026162 00000000 ${PLI}`))?.map(({ kind }) => kind);
  expect(kinds).toEqual(['rr', 'sdes', 'pli']);
});

test('a reduced-size one begins with any packet (RFC 5506)', () => {
  expect(readRtcp(hex(PLI))?.map(({ kind }) => kind)).toEqual(['pli']);
});

test('extended reports, application-defined packets and unknown feedback are kept as "other"', () => {
  expect(
    readRtcp(hex(`80cf0001 00000001 85cc0002 00000001 41424344 9fcd0002 00000001 00000002 ${RR}`)),
  ).toEqual([
    { kind: 'other', packetType: 207, format: 0, length: 8 },
    { kind: 'other', packetType: 204, format: 5, length: 12 },
    { kind: 'other', packetType: 205, format: 31, length: 12 },
    { kind: 'rr', ssrc: 1, blocks: [] },
  ]);
});

test('a malformed packet does not spoil its neighbours', () => {
  expect(readRtcp(hex(`${RR} 81ce0000 ${PLI}`))?.map(({ kind }) => kind)).toEqual(['rr', 'other', 'pli']);
});

test('padding is no content', () => {
  const nack = '00000001 00000002 000a0000';
  const [plain] = readRtcp(hex(`81cd0003 ${nack}`)) ?? [];
  expect(plain).toMatchObject({ kind: 'nack', sequenceNumbers: [10] });
  expect(readRtcp(hex(`a1cd0005 ${nack} 00000000 00000008`))).toEqual([plain]);
  expect(readRtcp(hex('a1cb0003 00000001 00000000 00000008'))).toEqual([
    { kind: 'bye', ssrcs: [1], reason: '' },
  ]);
});

test('padding by one byte, in the middle of a datagram, as libwebrtc sends it', () => {
  const feedback = 'afcd0005 00000001 00000002 0001 0001 000000 00 2001 04 01';
  expect(readRtcp(hex(feedback + feedback))?.map(({ kind }) => kind)).toEqual([
    'transport-feedback',
    'transport-feedback',
  ]);
});

test.each([
  ['nothing', ''],
  ['less than a header', '80c900'],
  ['version 1', '40c90001 00000001'],
  ['a packet type of RTP', '80e00001 00000001'],
  ['a length beyond the end', '80c90002 00000001'],
  ['half a packet behind a whole one', `${RR} 80c9`],
  ['a second packet of version 0', `${RR} 00c90001 00000001`],
  ['padding of no length', 'a0c90001 00000000'],
  ['padding longer than the packet', 'a0c90001 00000005'],
])('%s is refused', (_, text) => {
  expect(readRtcp(hex(text))).toBeNull();
});

test('"other" packets have nothing to write', () => {
  const [rr] = readRtcp(hex(RR)) ?? [];
  if (rr === undefined) throw new Error('no report');
  expect(writeRtcp([{ kind: 'other', packetType: 207, format: 0, length: 8 }, rr])).toEqual(hex(RR));
  expect(writeRtcp([])).toEqual(Buffer.alloc(0));
});

test('a packet that its length field cannot hold is a bug, and throws', () => {
  const entries = Array.from({ length: 40_000 }, () => ({ ssrc: 1, sequenceNumber: 1 }));
  expect(() => writeRtcp([{ kind: 'fir', senderSsrc: 1, entries }])).toThrow(RangeError);
});
