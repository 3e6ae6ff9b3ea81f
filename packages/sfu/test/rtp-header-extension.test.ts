// Header extension elements (RFC 8285): the RFC's own layouts, the ids and lengths that it reserves, and what they say.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginExtensionBlock,
  endExtensionBlock,
  writeExtension,
  writeNumberExtension,
} from '../src/rtp/extension-block.js';
import {
  extensionDataLength,
  findExtension,
  ONE_BYTE_PROFILE,
  readAbsoluteSendTime,
  readAudioLevel,
  readText,
  readTransportSequence,
  readVoiceActivity,
  TWO_BYTE_PROFILE,
} from '../src/rtp/header-extension.js';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import { packetWithElements, rtpPacket } from './support/rtp-bytes.js';

function data(packet: RtpPacket, id: number): number[] | null {
  const offset = findExtension(packet, id);
  return offset < 0 ? null : [...packet.bytes.subarray(offset, offset + extensionDataLength(packet, id))];
}

test('the example of RFC 8285, section 4.2: one-byte elements of 1, 2 and 4 bytes with padding between', () => {
  const packet = packetWithElements(0xbede, [0x10, 0xa1, 0x21, 0xb1, 0xb2, 0, 0, 0x33, 1, 2, 3, 4]);
  expect(data(packet, 1)).toEqual([0xa1]);
  expect(data(packet, 2)).toEqual([0xb1, 0xb2]);
  expect(data(packet, 3)).toEqual([1, 2, 3, 4]);
  expect(data(packet, 4)).toBeNull();
});

test('the example of RFC 8285, section 4.3: two-byte elements of 0, 1 and 4 bytes with padding between', () => {
  for (const applicationBits of [0, 0xf]) {
    const packet = packetWithElements(0x1000 | applicationBits, [1, 0, 2, 1, 0xb1, 0, 15, 4, 1, 2, 3, 4]);
    expect(findExtension(packet, 1)).toBe(18);
    expect(data(packet, 1)).toEqual([]);
    expect(data(packet, 2)).toEqual([0xb1]);
    expect(data(packet, 15)).toEqual([1, 2, 3, 4]);
  }
});

test('id 0, "not negotiated", is never found, not even in padding', () => {
  expect(findExtension(packetWithElements(0xbede, [0, 0, 0x10, 1]), 0)).toBe(-1);
  expect(findExtension(packetWithElements(0x1000, [0, 0, 1, 0]), 0)).toBe(-1);
});

test('one-byte id 15, and id 0 with a length, end the list', () => {
  for (const stop of [0xf0, 0xf3, 0x01]) {
    const packet = packetWithElements(0xbede, [0x10, 7, stop, 0x20, 8, 0x30, 9]);
    expect(data(packet, 1)).toEqual([7]);
    expect(findExtension(packet, 2)).toBe(-1);
    expect(findExtension(packet, 3)).toBe(-1);
    expect(findExtension(packet, 15)).toBe(-1);
  }
});

test('an element that would end behind the block is not there', () => {
  expect(findExtension(packetWithElements(0xbede, [0x10, 1, 0x22, 2]), 2)).toBe(-1);
  expect(findExtension(packetWithElements(0xbede, [0x11, 1, 1, 0x20]), 2)).toBe(-1);
  expect(findExtension(packetWithElements(0x1000, [1, 0, 2, 1]), 2)).toBe(-1);
  expect(findExtension(packetWithElements(0x1000, [1, 1, 0, 2]), 2)).toBe(-1);
});

test('a block of another profile, or none, has no elements', () => {
  expect(findExtension(packetWithElements(0xabac, [0x10, 1, 0, 0]), 1)).toBe(-1);
  expect(findExtension(packetWithElements(0x1010, [1, 1, 1, 0]), 1)).toBe(-1);
  expect(findExtension(rtpPacket({}), 1)).toBe(-1);
  expect(extensionDataLength(rtpPacket({}), 1)).toBe(0);
});

test('the transport-wide sequence number, in both its versions', () => {
  expect(readTransportSequence(packetWithElements(0xbede, [0x51, 0xfe, 0xdc]), 5)).toBe(0xfedc);
  expect(readTransportSequence(packetWithElements(0xbede, [0x53, 0, 1, 0x80, 9]), 5)).toBe(1);
  expect(readTransportSequence(packetWithElements(0xbede, [0x50, 1]), 5)).toBe(-1);
  expect(readTransportSequence(packetWithElements(0xbede, [0x51, 0, 1]), 0)).toBe(-1);
});

test('audio level and voice activity (RFC 6464) in both forms', () => {
  const speech = packetWithElements(0xbede, [0x10, 0x80 | 30]);
  expect(readAudioLevel(speech, 1)).toBe(30);
  expect(readVoiceActivity(speech, 1)).toBe(true);
  const silence = packetWithElements(0x1000, [1, 1, 127, 0]);
  expect(readAudioLevel(silence, 1)).toBe(127);
  expect(readVoiceActivity(silence, 1)).toBe(false);
  expect(readAudioLevel(silence, 2)).toBe(-1);
  expect(readVoiceActivity(silence, 2)).toBe(false);
  expect(readAudioLevel(packetWithElements(0x1000, [1, 0]), 1)).toBe(-1);
});

test('MID and RID are visible ASCII or they are not there', () => {
  expect(readText(packetWithElements(0xbede, [0x40, 0x30, 0x92, 0x68, 0x69, 0x21]), 4)).toBe('0');
  expect(readText(packetWithElements(0xbede, [0x40, 0x30, 0x92, 0x68, 0x69, 0x21]), 9)).toBe('hi!');
  expect(readText(packetWithElements(0xbede, [0x41, 0x30, 0]), 4)).toBeNull();
  expect(readText(packetWithElements(0xbede, [0x41, 0xc3, 0xa4]), 4)).toBeNull();
  expect(readText(packetWithElements(0x1000, [4, 0]), 4)).toBeNull();
  expect(readText(packetWithElements(0xbede, [0x40, 0x30]), 5)).toBeNull();
});

test('absolute send time counts 2^-18 s and turns at 64 s', () => {
  expect(readAbsoluteSendTime(packetWithElements(0xbede, [0x32, 0, 0, 0]), 3)).toBe(0);
  expect(readAbsoluteSendTime(packetWithElements(0xbede, [0x32, 0x04, 0, 0]), 3)).toBe(1000);
  expect(readAbsoluteSendTime(packetWithElements(0xbede, [0x32, 0xff, 0xff, 0xff]), 3)).toBeCloseTo(
    64_000,
    1,
  );
  expect(readAbsoluteSendTime(packetWithElements(0xbede, [0x31, 0, 0]), 3)).toBe(-1);
});

function elements(maxId: number, minLength: number, maxLength: number) {
  return fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: maxId }), fc.uint8Array({ minLength, maxLength })),
    { maxLength: 14, selector: ([id]) => id },
  );
}

test('written blocks are read again, whatever their elements', () => {
  const oneByte = fc.tuple(fc.constant(ONE_BYTE_PROFILE), elements(14, 1, 16));
  const twoByte = fc.tuple(fc.constant(TWO_BYTE_PROFILE), elements(255, 0, 255));
  fc.assert(
    fc.property(fc.oneof(oneByte, twoByte), ([profile, extensions]) => {
      const packet = rtpPacket({ profile, extensions, payload: Buffer.from('payload') });
      for (const [id, content] of extensions) expect(data(packet, id)).toEqual([...content]);
      expect(packet.payloadLength).toBe(7);
    }),
  );
});

test('what a form cannot hold is left out', () => {
  const out = Buffer.alloc(400);
  const long = Buffer.alloc(256);
  const start = beginExtensionBlock(0);
  for (const [id, length] of [
    [0, 1],
    [15, 1],
    [1, 0],
    [1, 17],
  ] as const) {
    expect(writeExtension(out, start, ONE_BYTE_PROFILE, id, long, 0, length)).toBe(start);
    expect(writeNumberExtension(out, start, ONE_BYTE_PROFILE, id === 1 ? 0 : id, 1, 2)).toBe(start);
  }
  for (const [id, length] of [
    [0, 1],
    [256, 1],
    [1, 256],
  ] as const) {
    expect(writeExtension(out, start, TWO_BYTE_PROFILE, id, long, 0, length)).toBe(start);
  }
  expect(endExtensionBlock(out, 0, start, ONE_BYTE_PROFILE)).toBe(0);
  expect(out.every((byte) => byte === 0)).toBe(true);
});

test('numbers are written in network order, padding included in the length', () => {
  const out = Buffer.alloc(20, 0xee);
  let at = beginExtensionBlock(2);
  at = writeNumberExtension(out, at, ONE_BYTE_PROFILE, 3, 0xabcd, 2);
  at = writeNumberExtension(out, at, ONE_BYTE_PROFILE, 4, 0xff, 1);
  expect(endExtensionBlock(out, 2, at, ONE_BYTE_PROFILE)).toBe(12);
  expect([...out]).toEqual([
    0xee, 0xee, 0xbe, 0xde, 0, 2, 0x31, 0xab, 0xcd, 0x40, 0xff, 0, 0, 0, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
  ]);
});

test('a block whose elements fill their words has no padding', () => {
  const out = Buffer.alloc(16, 0xee);
  const at = writeNumberExtension(out, beginExtensionBlock(0), ONE_BYTE_PROFILE, 5, 0x01_02_03, 3);
  expect(endExtensionBlock(out, 0, at, ONE_BYTE_PROFILE)).toBe(8);
  expect(out.toString('hex', 0, 9)).toBe('bede000152010203ee');
});
