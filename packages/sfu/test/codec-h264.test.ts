// H.264 payloads (RFC 6184) and where their frames begin, in order, out of order, with losses.

import { expect, test } from 'vitest';
import { createMarksReader } from '../src/codec/codec.js';
import { H264_CONTINUATION, H264_IDR, H264_PARAMETERS, readH264 } from '../src/codec/h264-payload.js';
import { dependencyDescriptor, L1T3, packetOf } from './support/codec-packets.js';

const SPS = [0x67, 0x42, 0xe0, 0x1f];
const PPS = [0x68, 0xce, 0x3c, 0x80];
const IDR = [0x65, 0xb8, 0x00];
const SLICE = [0x41, 0x9a, 0x00];
const DELIMITER = [0x09, 0xf0];

function stapA(...units: number[][]): number[] {
  return [0x78, ...units.flatMap((unit) => [unit.length >> 8, unit.length & 0xff, ...unit])];
}

function fuA(type: number, part: 'first' | 'middle' | 'last'): number[] {
  return [0x7c, type | (part === 'first' ? 0x80 : part === 'last' ? 0x40 : 0), 0x11, 0x22];
}

function flags(payload: readonly number[]): number {
  return readH264(Uint8Array.from(payload), 0, payload.length);
}

test('single NAL units', () => {
  expect(flags(SPS)).toBe(H264_PARAMETERS);
  expect(flags(IDR)).toBe(H264_IDR);
  expect(flags(SLICE)).toBe(0);
  expect(flags(DELIMITER)).toBe(0);
});

test('STAP-A: each unit counts', () => {
  expect(flags(stapA(SPS, PPS))).toBe(H264_PARAMETERS);
  expect(flags(stapA(SPS, PPS, IDR))).toBe(H264_PARAMETERS | H264_IDR);
  expect(flags(stapA(SLICE, SLICE))).toBe(0);
});

test('FU-A: the fragmented unit counts', () => {
  expect(flags(fuA(5, 'first'))).toBe(H264_IDR);
  expect(flags(fuA(5, 'middle'))).toBe(H264_IDR | H264_CONTINUATION);
  expect(flags(fuA(1, 'last'))).toBe(H264_CONTINUATION);
});

test('what is malformed or not of this mode is refused', () => {
  const malformed = [
    [],
    [0x60],
    [0x78],
    [0x78, 0x00],
    [0x78, 0x00, 0x04, 0x67, 0x42],
    [0x78, 0x00, 0x00, 0x67],
    [...stapA(SPS), 0x00],
    stapA([0x78, 0x00]),
    [0x7c],
    [0x7c, 0x85],
    [0x7c, 0x9c, 0x00],
    [0x79, 0x00, 0x00, 0x00, 0x01, 0x41],
    [0x7d, 0x85, 0x00, 0x00, 0x01],
    [0x7f, 0x00],
  ];
  for (const payload of malformed) expect(flags(payload), payload.join()).toBe(-1);
});

/** Marks of packets, as [sequence number, frame, payload], in a text of `s`tart, `k`ey, `e`nd. */
function marksOf(packets: readonly (readonly [number, number, readonly number[]])[]): string[] {
  const reader = createMarksReader('H264');
  return packets.map(([sequenceNumber, frame, payload]) => {
    const marker = !packets.some((other) => other[1] === frame && other[0] > sequenceNumber);
    const packet = packetOf(payload, { sequenceNumber, timestamp: frame * 3000, marker });
    const marks = reader.read(packet, null);
    if (marks === null) return 'null';
    return `${marks.startOfFrame ? 's' : ''}${marks.keyFrame ? 'k' : ''}${marks.endOfFrame ? 'e' : ''}`;
  });
}

test('a key frame as browsers send it, and the frames behind', () => {
  expect(
    marksOf([
      [65535, 1, stapA(SPS, PPS)],
      [65536, 1, fuA(5, 'first')],
      [65537, 1, fuA(5, 'middle')],
      [65538, 1, fuA(5, 'last')],
      [65539, 2, SLICE],
      [65540, 3, fuA(1, 'first')],
      [65541, 3, fuA(1, 'last')],
    ]),
  ).toEqual(['sk', '', '', 'e', 'se', 's', 'e']);
});

test('an IDR frame without parameter sets is a key frame when nothing is missing before it', () => {
  expect(
    marksOf([
      [1, 1, SLICE],
      [2, 2, IDR],
      [4, 3, IDR],
    ]),
  ).toEqual(['se', 'ske', 'e']);
});

test('parameter sets behind a delimiter begin a key frame', () => {
  expect(
    marksOf([
      [1, 1, SLICE],
      [2, 2, DELIMITER],
      [3, 2, SPS],
      [4, 2, PPS],
      [5, 2, IDR],
    ]),
  ).toEqual(['se', 's', 'sk', '', 'e']);
});

test('a second slice begins no frame, late packets are where they belong', () => {
  expect(
    marksOf([
      [10, 1, SLICE],
      [11, 1, SLICE],
      [13, 2, fuA(1, 'middle')],
      [14, 2, fuA(1, 'last')],
      [12, 2, fuA(1, 'first')],
      [15, 3, SLICE],
    ]),
  ).toEqual(['s', 'e', '', 'e', 's', 'se']);
});

test('with a dependency descriptor there are temporal layers', () => {
  const reader = createMarksReader('H264');
  const key = dependencyDescriptor({ templateId: 0, frameNumber: 1, structure: L1T3 });
  expect(reader.read(packetOf(stapA(SPS, PPS, IDR)), key)).toMatchObject({ keyFrame: true });
  const delta = dependencyDescriptor({ templateId: 3, frameNumber: 2 });
  expect(reader.read(packetOf(SLICE, { timestamp: 3000 }), delta)).toMatchObject({
    temporalLayer: 2,
    switchingUp: true,
  });
  expect(reader.read(packetOf(IDR, { sequenceNumber: 9 }), Uint8Array.of(1))).toMatchObject({
    temporalLayer: 0,
  });
});
