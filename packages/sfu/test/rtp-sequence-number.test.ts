// Numbers on a circle (RFC 1982), and sequence numbers extended over wraps, late packets and losses.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  difference16,
  difference32,
  isNewer16,
  isNewer32,
  SequenceUnwrapper,
} from '../src/rtp/sequence-number.js';

test('16 bits: order across the wrap, none at half a circle', () => {
  expect(difference16(1, 65_535)).toBe(2);
  expect(difference16(65_535, 1)).toBe(-2);
  expect(isNewer16(0, 65_535)).toBe(true);
  expect(isNewer16(65_535, 0)).toBe(false);
  expect(isNewer16(7, 7)).toBe(false);
  expect(isNewer16(32_767, 0)).toBe(true);
  expect(isNewer16(32_768, 0)).toBe(false);
  expect(isNewer16(0, 32_768)).toBe(false);
});

test('32 bits: the same', () => {
  expect(difference32(5, 0xffff_fffb)).toBe(10);
  expect(difference32(0xffff_fffb, 5)).toBe(-10);
  expect(isNewer32(0x7fff_ffff, 0)).toBe(true);
  expect(isNewer32(0x8000_0000, 0)).toBe(false);
  expect(isNewer32(0, 0x8000_0000)).toBe(false);
});

test('a difference added is the number again', () => {
  const uint16 = fc.integer({ min: 0, max: 0xffff });
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(fc.property(uint16, uint16, (a, b) => ((b + difference16(a, b)) & 0xffff) === a));
  fc.assert(fc.property(uint32, uint32, (a, b) => (b + difference32(a, b)) >>> 0 === a));
});

test('the first number keeps its value; late ones from before a wrap find their place', () => {
  const unwrapper = new SequenceUnwrapper();
  expect(unwrapper.highest).toBe(-1);
  expect([65_533, 65_535, 1, 65_534, 0, 2].map((number) => unwrapper.unwrap(number))).toEqual([
    65_533, 65_535, 65_537, 65_534, 65_536, 65_538,
  ]);
  expect(unwrapper.highest).toBe(65_538);
});

test('a packet older than the very first lies below it, below 0 if need be', () => {
  const unwrapper = new SequenceUnwrapper();
  expect(unwrapper.unwrap(0)).toBe(0);
  expect(unwrapper.unwrap(65_535)).toBe(-1);
  expect(unwrapper.unwrap(1)).toBe(1);
});

test('a number that is only named moves nothing', () => {
  const unwrapper = new SequenceUnwrapper();
  expect(unwrapper.peek(9)).toBe(9);
  unwrapper.unwrap(10);
  expect(unwrapper.peek(30_000)).toBe(30_000);
  expect(unwrapper.highest).toBe(10);
  expect(unwrapper.unwrap(65_530)).toBe(-6);
});

test('any line of numbers is found again, through reordering, loss and many wraps', () => {
  const step = fc.integer({ min: -3000, max: 25_000 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff }), fc.array(step, { maxLength: 200 }), (first, steps) => {
      const unwrapper = new SequenceUnwrapper();
      expect(unwrapper.unwrap(first)).toBe(first);
      let highest = first;
      for (const ahead of steps) {
        const extended = highest + ahead;
        expect(unwrapper.unwrap(extended & 0xffff)).toBe(extended);
        highest = Math.max(highest, extended);
        expect(unwrapper.highest).toBe(highest);
      }
    }),
  );
});
