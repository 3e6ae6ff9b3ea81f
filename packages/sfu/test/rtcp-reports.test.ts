// Reports, descriptions and goodbyes byte by byte (RFC 3550, section 6), and what is too much for one packet.
import { expect, test } from 'vitest';
import {
  middleOfNtp,
  ntpFractionAt,
  ntpMilliseconds,
  ntpSecondsAt,
  roundTripMs,
} from '../src/rtcp/ntp-time.js';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import type { ReportBlock } from '../src/rtcp/receiver-report.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';

const BLOCK: ReportBlock = {
  ssrc: 0x5678_9abc,
  fractionLost: 64,
  cumulativeLost: -2,
  highestSequence: 0x0001_0005,
  jitter: 90,
  lastSenderReport: 0xb705_2000,
  delaySinceLastSenderReport: 0x0005_4000,
};
const BLOCK_HEX = '56789abc 40 fffffe 00010005 0000005a b7052000 00054000';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const of = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

test('a sender report with a block, as in the figure of section 6.4.1', () => {
  const bytes = hex(`81c8000c 12345678 b44db705 20000000 0000a000 0000007b 00010000 ${BLOCK_HEX}`);
  const report = {
    kind: 'sr' as const,
    ssrc: 0x1234_5678,
    ntpSeconds: 0xb44d_b705,
    ntpFraction: 0x2000_0000,
    rtpTimestamp: 0xa000,
    packetCount: 123,
    octetCount: 65_536,
    blocks: [BLOCK],
  };
  expect(readRtcp(bytes)).toEqual([report]);
  expect(writeRtcp([report])).toEqual(bytes);
});

test('a receiver report; profile-specific extensions behind its blocks are skipped', () => {
  const report = { kind: 'rr' as const, ssrc: 0x1234_5678, blocks: [BLOCK] };
  expect(writeRtcp([report])).toEqual(hex(`81c90007 12345678 ${BLOCK_HEX}`));
  expect(readRtcp(hex(`81c90008 12345678 ${BLOCK_HEX} deadbeef`))).toEqual([report]);
});

test('a report that promises more blocks than it has is "other"', () => {
  expect(readRtcp(hex(`82c90007 12345678 ${BLOCK_HEX}`))).toEqual([
    { kind: 'other', packetType: 201, format: 2, length: 32 },
  ]);
  expect(readRtcp(hex('80c80001 12345678'))?.[0]?.kind).toBe('other');
});

test('losses are clamped at 24 bits, not wrapped (appendix A.3)', () => {
  for (const [lost, clamped] of [
    [9_000_000, 0x7f_ffff],
    [-9_000_000, -0x80_0000],
  ] as const) {
    const report = { kind: 'rr' as const, ssrc: 1, blocks: [{ ...BLOCK, cumulativeLost: lost }] };
    expect(readRtcp(writeRtcp([report]))).toEqual([
      { ...report, blocks: [{ ...BLOCK, cumulativeLost: clamped }] },
    ]);
  }
});

test('blocks beyond 31 go into receiver reports behind (section 6.1)', () => {
  const blocks = of(70, (index) => ({ ...BLOCK, ssrc: index }));
  const zero = { ntpSeconds: 0, ntpFraction: 0, rtpTimestamp: 0, packetCount: 0, octetCount: 0 };
  const read = readRtcp(writeRtcp([{ kind: 'sr', ssrc: 7, ...zero, blocks }]));
  expect(read?.map(({ kind }) => kind)).toEqual(['sr', 'rr', 'rr']);
  expect(read?.flatMap((packet) => ('blocks' in packet ? packet.blocks : []))).toEqual(blocks);
  expect(read?.every((packet) => 'ssrc' in packet && packet.ssrc === 7)).toBe(true);
});

test('the round trip of figure 2: 6.125 s', () => {
  const arrival = middleOfNtp(0xb44d_b710, 0x8000_0000);
  expect(arrival).toBe(0xb710_8000);
  expect(roundTripMs(BLOCK, arrival)).toBe(6125);
  expect(roundTripMs({ ...BLOCK, lastSenderReport: 0 }, arrival)).toBeNull();
  expect(roundTripMs(BLOCK, 0xb706_0000)).toBeNull();
});

test('NTP time counts from 1900 in seconds and fractions', () => {
  expect(ntpSecondsAt(0)).toBe(2_208_988_800);
  expect(ntpFractionAt(0)).toBe(0);
  const unixMs = 1_700_000_000_125;
  expect(ntpFractionAt(unixMs)).toBe(0x2000_0000);
  expect(ntpMilliseconds(ntpSecondsAt(unixMs), ntpFractionAt(unixMs))).toBe(unixMs + 2_208_988_800_000);
  // The era ends on 7 February 2036.
  expect(ntpSecondsAt(Date.UTC(2036, 1, 7, 6, 28, 16))).toBe(0);
});

test('a source description: CNAME among other items, chunks on 32-bit boundaries', () => {
  // Chunk 1: TOOL "ab", CNAME "xyz", end: 4 + 4 + 5 + 1 = 14, padded to 16. Chunk 2: no item, four zeros.
  const bytes = hex('82ca0006 00000001 06026162 010378797a 000000 00000002 00000000');
  expect(readRtcp(bytes)).toEqual([
    {
      kind: 'sdes',
      chunks: [
        { ssrc: 1, cname: 'xyz' },
        { ssrc: 2, cname: '' },
      ],
    },
  ]);
});

test('a list of items that fills its words needs four zeros behind it', () => {
  const bytes = writeRtcp([{ kind: 'sdes', chunks: [{ ssrc: 1, cname: 'ab' }] }]);
  expect(bytes).toEqual(hex('81ca0003 00000001 01026162 00000000'));
  expect(readRtcp(hex('81ca0002 00000001 01026162'))?.[0]?.kind).toBe('other');
  expect(readRtcp(hex('81ca0002 00000001 01096162'))?.[0]?.kind).toBe('other');
});

test('a goodbye with and without a reason', () => {
  expect(readRtcp(hex('82cb0002 00000001 00000002'))).toEqual([{ kind: 'bye', ssrcs: [1, 2], reason: '' }]);
  const reasoned = { kind: 'bye' as const, ssrcs: [1], reason: 'gone' };
  expect(writeRtcp([reasoned])).toEqual(hex('81cb0003 00000001 04676f6e 65000000'));
  expect(readRtcp(writeRtcp([reasoned]))).toEqual([reasoned]);
  expect(readRtcp(hex('81cb0002 00000001 04676f6e'))?.[0]?.kind).toBe('other');
});

test('more than 31 chunks or sources go into further packets', () => {
  const chunks = of(40, (index) => ({ ssrc: index, cname: 'c' }));
  const ssrcs = of(63, (index) => index);
  const read = readRtcp(
    writeRtcp([
      { kind: 'sdes', chunks },
      { kind: 'bye', ssrcs, reason: '' },
    ]),
  );
  expect(read?.map(({ kind }) => kind)).toEqual(['sdes', 'sdes', 'bye', 'bye', 'bye']);
  expect(read?.flatMap((packet) => (packet.kind === 'sdes' ? packet.chunks : []))).toEqual(chunks);
  expect(read?.flatMap((packet) => (packet.kind === 'bye' ? packet.ssrcs : []))).toEqual(ssrcs);
});

test('texts are cut at 255 bytes, between characters', () => {
  const read = readRtcp(writeRtcp([{ kind: 'sdes', chunks: [{ ssrc: 1, cname: `a${'é'.repeat(200)}` }] }]));
  expect(read).toEqual([{ kind: 'sdes', chunks: [{ ssrc: 1, cname: `a${'é'.repeat(127)}` }] }]);
  const wide = readRtcp(writeRtcp([{ kind: 'bye', ssrcs: [1], reason: '한'.repeat(100) }]));
  expect(wide).toEqual([{ kind: 'bye', ssrcs: [1], reason: '한'.repeat(85) }]);
});
