// Descriptions packed for signalling, and what is done with packed text that is broken or far too large.

import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../src/sdp/packed-sdp.js';
import { OFFERS, RECORDED } from './recorded-offers.js';

const MAX_BYTES = 262_144;

test.each(RECORDED)('an offer of %s is itself again, and small between', (browser) => {
  const packed = pack(OFFERS[browser]);
  expect(unpack(packed, MAX_BYTES)).toBe(OFFERS[browser]);
  expect(packed.length).toBeLessThan(8_000);
});

test('any text is itself again', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unpack(pack(text), MAX_BYTES) === text));
});

test('text that would grow beyond the limit is refused', () => {
  const large = 'a'.repeat(1_001);
  expect(unpack(pack(large), 1_000)).toBeNull();
  expect(unpack(pack(large), 1_001)).toBe(large);
  expect(unpack(pack('a'.repeat(50_000_000)), MAX_BYTES)).toBeNull();
});

test('what is not base64, not deflated, cut off or not UTF-8 is refused', () => {
  const packed = pack(OFFERS.firefox);
  for (const broken of ['', '=', 'AAA', 'A===', `${packed} `, `-${packed.slice(1)}`, packed.slice(0, -8)]) {
    expect(unpack(broken, MAX_BYTES)).toBeNull();
  }
  expect(unpack(deflateRawSync(Buffer.from([0xff, 0xfe])).toString('base64'), MAX_BYTES)).toBeNull();
});

test('broken bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = unpack(Buffer.from(bytes).toString('base64'), 10_000);
      return text === null || Buffer.byteLength(text) <= 10_000;
    }),
    { numRuns: Number(process.env['MARU_FUZZ'] ?? 1_000) },
  );
});
