// No payload and no descriptor makes a parser throw, hang, or read a byte beside it. MARU_FUZZ=1000000 tries a million each.

import { expect, test } from 'vitest';
import { createMarksReader, createPictureIdRewriter, VIDEO_CODECS } from '../src/codec/codec.js';
import { readDependencyDescriptor } from '../src/codec/dependency-descriptor.js';
import type { DependencyStructure } from '../src/codec/dependency-structure.js';
import { readH264 } from '../src/codec/h264-payload.js';
import { Vp8Descriptor } from '../src/codec/vp8-descriptor.js';
import { Vp9Descriptor } from '../src/codec/vp9-descriptor.js';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import {
  dependencyDescriptor,
  L1T3,
  randomNumbers,
  vp8Payload,
  vp9Payload,
} from './support/codec-packets.js';

const RUNS = Number(process.env['MARU_FUZZ'] ?? 50_000);
/** A million takes half a minute on an idle machine. */
const TIMEOUT_MS = 60_000 + RUNS / 5;
/** Seeds that once failed stay; a failure names the seed of its run. */
const KEPT_SEEDS: readonly number[] = [1];
const ROOM = 8;

const KEY_DESCRIPTOR = dependencyDescriptor({ templateId: 0, frameNumber: 7, structure: L1T3 });
const SAMPLES: readonly (readonly number[])[] = [
  vp8Payload({ pictureId: 3000, tl0PictureIndex: 3, temporalLayer: 1, keyIndex: 4 }),
  vp9Payload({
    pictureId: 3000,
    temporalLayer: 1,
    tl0PictureIndex: 3,
    structure: [0x38, 1, 2, 3, 4, 5, 6, 7, 8, 1, 4, 1],
  }),
  vp9Payload({ pictureId: 30, flexible: true, interPicture: true, temporalLayer: 1, references: [1, 2] }),
  [0x78, 0, 4, 0x67, 1, 2, 3, 0, 2, 0x68, 1],
  [0x7c, 0x85, 1, 2],
  [...KEY_DESCRIPTOR],
];

/** Random bytes, or a sample with a few bytes changed and perhaps its end cut off. */
function inputs(seed: number): () => Uint8Array {
  const random = randomNumbers(seed);
  return () => {
    const kind = random();
    if (kind % 3 === 0) return Uint8Array.from({ length: random() % 40 }, () => random());
    const bytes = Uint8Array.from(SAMPLES[kind % SAMPLES.length] ?? []);
    for (let changes = random() % 4; changes > 0; changes -= 1) bytes[random() % bytes.length] = random();
    return random() % 2 ? bytes : bytes.subarray(0, random() % (bytes.length + 1));
  };
}

/** A packet whose payload lies among other bytes, all of them `beside`. */
function among(
  payload: Uint8Array,
  beside: number,
  place: { sequenceNumber: number; timestamp: number },
): RtpPacket {
  const bytes = Buffer.alloc(payload.length + 2 * ROOM, beside);
  bytes.set(payload, ROOM);
  return {
    bytes,
    marker: false,
    payloadType: 96,
    ssrc: 1,
    extensionOffset: 0,
    extensionLength: 0,
    extensionProfile: 0,
    payloadOffset: ROOM,
    payloadLength: payload.length,
    ...place,
  };
}

/** Twice the same payload among different bytes: what is read must not differ. */
function twice(payload: Uint8Array, random: () => number): readonly [RtpPacket, RtpPacket] {
  const place = { sequenceNumber: random() & 0xffff, timestamp: random() };
  return [among(payload, 0x00, place), among(payload, 0xff, place)];
}

/** Compares without the cost of an assertion each time. */
function same(a: unknown, b: unknown, seed: number, payload: Uint8Array): void {
  if (JSON.stringify(a) === JSON.stringify(b)) return;
  expect(a, `seed ${seed}, input ${Buffer.from(payload).toString('hex')}`).toEqual(b);
}

test.each(KEPT_SEEDS)(
  'payload descriptors, seed %i',
  (seed) => {
    const random = randomNumbers(~seed);
    const next = inputs(seed);
    const readers = [0, 1].map(() => [new Vp8Descriptor(), new Vp9Descriptor()]);
    for (let run = 0; run < RUNS; run += 1) {
      const payload = next();
      const packets = twice(payload, random);
      const [first, second] = packets.map((packet, side) => [
        ...(readers[side] ?? []).map((reader) => (reader.read(packet) ? { ...reader } : null)),
        readH264(packet.bytes, packet.payloadOffset, packet.payloadLength),
      ]);
      same(first, second, seed, payload);
      for (const reader of readers[0] ?? []) {
        if (reader.read(packets[0])) expect(reader.length).toBeLessThan(payload.length);
      }
    }
  },
  TIMEOUT_MS,
);

test.each(KEPT_SEEDS)(
  'marks of a stream of anything, seed %i',
  (seed) => {
    const random = randomNumbers(~seed);
    const next = inputs(seed);
    const readers = [0, 1].map(() => VIDEO_CODECS.map(createMarksReader));
    for (let run = 0; run < RUNS; run += 1) {
      const payload = next();
      const kind = random() % 4;
      const descriptor = kind === 0 ? null : kind === 1 ? KEY_DESCRIPTOR : next();
      const [first, second] = twice(payload, random).map((packet, side) =>
        (readers[side] ?? []).map((reader) => reader.read(packet, descriptor)),
      );
      same(first, second, seed, payload);
      for (const marks of first ?? []) {
        if (marks === null) continue;
        const sound =
          marks.temporalLayer <= 7 && marks.spatialLayer <= 7 && (!marks.keyFrame || marks.startOfFrame);
        if (!sound) expect(marks, `seed ${seed}`).toBe('sound');
      }
    }
  },
  TIMEOUT_MS,
);

test.each(KEPT_SEEDS)(
  'dependency descriptors, seed %i',
  (seed) => {
    const next = inputs(seed);
    let structure: DependencyStructure | null = null;
    let taken = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const read = readDependencyDescriptor(next(), structure);
      if (read?.structure) {
        structure = read.structure;
        taken += 1;
        const sound =
          structure.templates.length <= 64 &&
          structure.decodeTargets.length <= 32 &&
          structure.templates.every(
            ({ temporalLayer, spatialLayer }) => temporalLayer <= 7 && spatialLayer <= 3,
          );
        if (!sound) expect(structure, `seed ${seed}`).toBe('sound');
      }
    }
    expect(taken).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

test.each(KEPT_SEEDS)(
  'picture ids are written inside the descriptor and nowhere else, seed %i',
  (seed) => {
    const random = randomNumbers(~seed);
    const next = inputs(seed);
    for (const codec of ['VP8', 'VP9'] as const) {
      const rewriter = createPictureIdRewriter(codec);
      const descriptor = codec === 'VP8' ? new Vp8Descriptor() : new Vp9Descriptor();
      for (let run = 0; run < RUNS; run += 1) {
        const payload = next();
        const [packet] = twice(payload, random);
        const kind = random() % 8;
        if (kind === 0) rewriter?.switchTo(packet);
        if (kind === 1) rewriter?.dropFrame(packet);
        const scratch = Buffer.from(packet.bytes);
        if (kind % 2) rewriter?.rewrite(packet, scratch, ROOM);
        else rewriter?.apply(random() >>> 4, packet, scratch, ROOM);
        const length = descriptor.read(packet) ? descriptor.length : 0;
        const outside =
          scratch.compare(packet.bytes, 0, ROOM + 1, 0, ROOM + 1) === 0 &&
          scratch.subarray(ROOM + length).equals(packet.bytes.subarray(ROOM + length));
        if (!outside) expect(scratch.toString('hex'), `seed ${seed}`).toBe(packet.bytes.toString('hex'));
      }
    }
  },
  TIMEOUT_MS,
);
