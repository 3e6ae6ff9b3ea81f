// Feedback messages byte by byte: NACK and PLI (RFC 4585), FIR (RFC 5104), REMB.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function nack(...sequenceNumbers: number[]) {
  return { kind: 'nack' as const, senderSsrc: 1, mediaSsrc: 2, sequenceNumbers };
}

test('a NACK: the lowest bit of the mask is the packet behind PID (RFC 4585, section 6.2.1)', () => {
  const bytes = hex('81cd0003 00000001 00000002 000a8005');
  expect(readRtcp(bytes)).toEqual([nack(10, 11, 13, 26)]);
  expect(writeRtcp([nack(10, 11, 13, 26)])).toEqual(bytes);
});

test('a NACK goes over the wrap, and begins a new entry after 17 numbers', () => {
  expect(writeRtcp([nack(65_535, 0, 15, 16)])).toEqual(hex('81cd0004 00000001 00000002 ffff8001 00100000'));
  expect(readRtcp(hex('81cd0003 00000001 00000002 ffff8001'))).toEqual([nack(65_535, 0, 15)]);
});

test('numbers in any order, and named twice, are all asked for', () => {
  const near = fc.integer({ min: -20, max: 20 }).map((number) => number & 0xffff);
  const anywhere = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(fc.array(fc.oneof(near, anywhere), { minLength: 1 }), (numbers) => {
      const [read] = readRtcp(writeRtcp([nack(...numbers)])) ?? [];
      const asked = read?.kind === 'nack' ? read.sequenceNumbers : [];
      expect(new Set(asked)).toEqual(new Set(numbers));
    }),
  );
});

test('a NACK without an entry is malformed, and one without numbers is not written', () => {
  expect(readRtcp(hex('81cd0002 00000001 00000002'))?.[0]?.kind).toBe('other');
  expect(writeRtcp([nack()]).length).toBe(0);
});

test('a picture loss indication', () => {
  const bytes = hex('81ce0002 00000001 00000002');
  expect(readRtcp(bytes)).toEqual([{ kind: 'pli', senderSsrc: 1, mediaSsrc: 2 }]);
  expect(writeRtcp([{ kind: 'pli', senderSsrc: 1, mediaSsrc: 2 }])).toEqual(bytes);
  expect(readRtcp(hex('81ce0001 00000001'))?.[0]?.kind).toBe('other');
});

test('a full intra request names its streams in its entries', () => {
  const bytes = hex('84ce0006 00000001 00000000 00000002 05000000 00000003 ff000000');
  const request = {
    kind: 'fir' as const,
    senderSsrc: 1,
    entries: [
      { ssrc: 2, sequenceNumber: 5 },
      { ssrc: 3, sequenceNumber: 255 },
    ],
  };
  expect(readRtcp(bytes)).toEqual([request]);
  expect(writeRtcp([request])).toEqual(bytes);
  expect(readRtcp(hex('84ce0002 00000001 00000000'))?.[0]?.kind).toBe('other');
  expect(writeRtcp([{ ...request, entries: [] }]).length).toBe(0);
});

test('REMB: exponent and mantissa', () => {
  // 1,000,000 = 250,000 * 2^2.
  const bytes = hex('8fce0006 00000001 00000000 52454d42 02 0bd090 00000002 00000003');
  const message = { kind: 'remb' as const, senderSsrc: 1, bitrate: 1_000_000, ssrcs: [2, 3] };
  expect(readRtcp(bytes)).toEqual([message]);
  expect(writeRtcp([message])).toEqual(bytes);
});

test('REMB: other identifiers and missing SSRCs are "other"', () => {
  expect(readRtcp(hex('8fce0005 00000001 00000000 52454d43 01 0bd090 00000002'))?.[0]?.kind).toBe('other');
  expect(readRtcp(hex('8fce0005 00000001 00000000 52454d42 02 0bd090 00000002'))?.[0]?.kind).toBe('other');
});

test('REMB rounds any bitrate down by less than 1 in 100,000', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e24, noNaN: true }), (bitrate) => {
      const [read] = readRtcp(writeRtcp([{ kind: 'remb', senderSsrc: 1, bitrate, ssrcs: [] }])) ?? [];
      const got = read?.kind === 'remb' ? read.bitrate : Number.NaN;
      expect(got).toBeLessThanOrEqual(bitrate);
      expect(got).toBeGreaterThanOrEqual(Math.floor(bitrate) * (1 - 1e-5));
    }),
  );
});

test('REMB: what no bitrate can be is written as the nearest that can', () => {
  const read = (bitrate: number) =>
    readRtcp(writeRtcp([{ kind: 'remb', senderSsrc: 1, bitrate, ssrcs: [] }]));
  expect(read(Number.NaN)).toMatchObject([{ bitrate: 0 }]);
  expect(read(-1)).toMatchObject([{ bitrate: 0 }]);
  expect(read(Number.POSITIVE_INFINITY)).toMatchObject([{ bitrate: 0x3ffff * 2 ** 63 }]);
});
