// AV1: dependency descriptors (AV1 RTP payload format, appendix A) and aggregation headers (section 4.4).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitReader } from '../src/codec/bit-reader.js';
import { createMarksReader } from '../src/codec/codec.js';
import { readDependencyDescriptor } from '../src/codec/dependency-descriptor.js';
import { readFrameNumber } from '../src/codec/frame-numbers.js';
import {
  BitWriter,
  type DescriptorFields,
  dependencyDescriptor,
  L1T3,
  packetOf,
  type StructureFields,
  type TemplateFields,
} from './support/codec-packets.js';

test('ns(5) is written as the specification shows', () => {
  const shown = ['00', '01', '10', '110', '111'];
  for (const [value, bits] of shown.entries()) {
    const reader = new BitReader(Uint8Array.of(Number.parseInt(bits.padEnd(8, '0'), 2)));
    expect(reader.below(5)).toBe(value);
    const rest = 8 - bits.length;
    reader.bits(rest);
    expect(reader.failed).toBe(false);
    reader.bits(1);
    expect(reader.failed).toBe(true);
  }
});

test('bits and ns come back as they were written', () => {
  const number = fc.integer({ min: 1, max: 32 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      value: fc.integer({ min: 0, max: 2 ** count - 1 }),
      limit: fc.integer({ min: 1, max: 40 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(number), (numbers) => {
      const writer = new BitWriter();
      for (const { count, value, limit } of numbers) writer.bits(value, count).below(value % limit, limit);
      const reader = new BitReader(writer.done());
      for (const { count, value, limit } of numbers) {
        expect([reader.bits(count), reader.below(limit)]).toEqual([value, value % limit]);
      }
      expect(reader.failed).toBe(false);
    }),
  );
});

test('three bytes are a frame as its template is', () => {
  const first = readDependencyDescriptor(
    dependencyDescriptor({ templateId: 0, frameNumber: 0xfffe, structure: L1T3 }),
    null,
  );
  expect(first).toMatchObject({ startOfFrame: true, endOfFrame: true, frameNumber: 0xfffe });
  expect(first?.activeDecodeTargets).toBe(7);
  expect(first?.structure).toMatchObject({
    chainCount: 1,
    decodeTargets: [0, 1, 2].map((temporalLayer) => ({ spatialLayer: 0, temporalLayer, chain: 0 })),
    resolutions: [{ width: 1280, height: 720 }],
  });
  const next = readDependencyDescriptor(Uint8Array.of(0x83, 0x12, 0x34), first?.structure ?? null);
  expect(next).toMatchObject({
    startOfFrame: true,
    endOfFrame: false,
    templateId: 3,
    frameNumber: 0x1234,
    structure: null,
    activeDecodeTargets: null,
    frame: { temporalLayer: 2, indications: [0, 0, 1], frameDifferences: [1], chainDifferences: [1] },
  });
});

test('what a frame has of its own stands for what its template has', () => {
  const known = readDependencyDescriptor(
    dependencyDescriptor({ templateId: 0, frameNumber: 1, structure: L1T3 }),
    null,
  );
  const own = dependencyDescriptor({
    templateId: 4,
    frameNumber: 2,
    activeDecodeTargets: 3,
    decodeTargetCount: 3,
    custom: { indications: '-SR', frameDifferences: [16, 17, 4096], chainDifferences: [255] },
  });
  expect(readDependencyDescriptor(own, known?.structure ?? null)).toMatchObject({
    activeDecodeTargets: 3,
    frame: {
      temporalLayer: 2,
      indications: [0, 2, 3],
      frameDifferences: [16, 17, 4096],
      chainDifferences: [255],
    },
  });
  for (let cut = 4; cut < own.length; cut += 1) {
    expect(readDependencyDescriptor(own.subarray(0, cut), known?.structure ?? null)).toBeNull();
  }
});

const template = (indications: string, step: number): fc.Arbitrary<TemplateFields & { step: number }> =>
  fc.record({
    step: fc.constant(step),
    spatialLayer: fc.constant(0),
    temporalLayer: fc.constant(0),
    indications: fc.constant(indications),
    frameDifferences: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 4 }),
    chainDifferences: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 32, maxLength: 32 }),
  });

/** Any structure that the syntax can express, within the layers that AV1 has. */
const structures: fc.Arbitrary<StructureFields> = fc
  .record({
    templateIdOffset: fc.nat(63),
    targets: fc.integer({ min: 1, max: 32 }),
    wantedChains: fc.nat(32),
    steps: fc.array(fc.nat(2), { maxLength: 20 }),
    resolved: fc.boolean(),
  })
  .chain(({ templateIdOffset, targets, wantedChains, steps, resolved }) => {
    const row = fc.string({ unit: fc.constantFrom(...'-DSR'), minLength: targets, maxLength: targets });
    const rows = fc.tuple(...[0, ...steps].map((step) => row.chain((letters) => template(letters, step))));
    const chainCount = Math.min(wantedChains, targets);
    const chains =
      chainCount === 0 ? [] : Array.from({ length: targets }, (_, target) => target % chainCount);
    return rows.map((raw) => {
      let spatialLayer = 0;
      let temporalLayer = 0;
      const templates: TemplateFields[] = [];
      for (const { step, ...fields } of raw) {
        const nextTemporal = step === 1 ? temporalLayer + 1 : step === 2 ? 0 : temporalLayer;
        const nextSpatial = step === 2 ? spatialLayer + 1 : spatialLayer;
        if (nextTemporal > 7 || nextSpatial > 3) continue;
        temporalLayer = nextTemporal;
        spatialLayer = nextSpatial;
        const chainDifferences = fields.chainDifferences.slice(0, chainCount);
        templates.push({ ...fields, spatialLayer, temporalLayer, chainDifferences });
      }
      const sizes = Array.from(
        { length: spatialLayer + 1 },
        (_, layer) => [(layer + 1) * 320, 65_536] as const,
      );
      return { templateIdOffset, templates, chains, ...(resolved && { resolutions: sizes }) };
    });
  });

test('any structure comes back as it was written, and none that is cut is taken', () => {
  fc.assert(
    fc.property(structures, fc.nat(0xffff), fc.nat(), (structure, frameNumber, which) => {
      const index = which % structure.templates.length;
      const templateId = (structure.templateIdOffset + index) % 64;
      const bytes = dependencyDescriptor({ templateId, frameNumber, structure });
      const read = readDependencyDescriptor(bytes, null);
      const { templates } = structure;
      expect(read?.frameNumber).toBe(frameNumber);
      expect(read?.structure?.templates).toEqual(
        templates.map(({ indications, ...rest }) => ({
          ...rest,
          indications: [...indications].map((letter) => '-DSR'.indexOf(letter)),
        })),
      );
      expect(read?.frame).toEqual(read?.structure?.templates[index]);
      expect(read?.structure?.resolutions).toEqual(
        (structure.resolutions ?? []).map(([width, height]) => ({ width, height })),
      );
      const cut = which % bytes.length;
      if (cut > 3) expect(readDependencyDescriptor(bytes.subarray(0, cut), null)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('a structure with more layers than AV1 has is refused', () => {
  const template = { indications: 'S', frameDifferences: [], chainDifferences: [] };
  const taken = (layers: readonly (readonly [number, number])[]) => {
    const templates = layers.map(([spatialLayer, temporalLayer]) => ({
      ...template,
      spatialLayer,
      temporalLayer,
    }));
    const structure = { templateIdOffset: 0, templates, chains: [] };
    return readDependencyDescriptor(dependencyDescriptor({ templateId: 0, frameNumber: 1, structure }), null);
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, layer) => layer);
  expect(taken(upTo(8).map((layer) => [0, layer]))).not.toBeNull();
  expect(taken(upTo(9).map((layer) => [0, layer]))).toBeNull();
  expect(taken(upTo(4).map((layer) => [layer, 0]))).not.toBeNull();
  expect(taken(upTo(5).map((layer) => [layer, 0]))).toBeNull();
  expect(taken(upTo(64).map(() => [0, 0]))).not.toBeNull();
  expect(taken(upTo(65).map(() => [0, 0]))).toBeNull();
});

/** Reads frames of a stream in turn, each of one packet unless it says otherwise. */
function av1Stream() {
  const reader = createMarksReader('AV1');
  return (fields: DescriptorFields, timestamp = fields.frameNumber * 3000) =>
    reader.read(
      packetOf([0x10, 0x30], { timestamp, sequenceNumber: fields.frameNumber }),
      dependencyDescriptor(fields),
    );
}

test('marks of a stream with three temporal layers', () => {
  const read = av1Stream();
  const layers = [1, 3, 2, 4].map((templateId) => ({ templateId }));
  const marks = [{ templateId: 0, structure: L1T3 }, ...layers.slice(1), ...layers, ...layers].map(
    (fields, frame) => read({ ...fields, frameNumber: 100 + frame }),
  );
  expect(marks.map((mark) => mark?.keyFrame)).toEqual([true, ...Array(11).fill(false)]);
  expect(marks.map((mark) => mark?.temporalLayer)).toEqual([0, 2, 1, 2, 0, 2, 1, 2, 0, 2, 1, 2]);
  expect(marks.flatMap((mark, frame) => (mark?.switchingUp ? [frame] : []))).toEqual([0, 1, 2, 5, 6, 9, 10]);
});

test('without a switch indication on the base layer there is no switching up', () => {
  const read = av1Stream();
  read({ templateId: 0, frameNumber: 1, structure: L1T3 });
  read({ templateId: 1, frameNumber: 5, custom: { indications: 'SRR' } });
  expect(read({ templateId: 3, frameNumber: 6 })?.switchingUp).toBe(false);
  read({ templateId: 1, frameNumber: 9, custom: { indications: 'SSR' } });
  expect(read({ templateId: 3, frameNumber: 10 })?.switchingUp).toBe(false);
  expect(read({ templateId: 2, frameNumber: 11 })?.switchingUp).toBe(true);
  expect(read({ templateId: 2, frameNumber: 12 })?.switchingUp).toBe(false);
});

test('only the first packet of a key frame is its key', () => {
  const read = av1Stream();
  expect(read({ templateId: 0, frameNumber: 1, structure: L1T3, end: false })).toMatchObject({
    startOfFrame: true,
    endOfFrame: false,
    keyFrame: true,
  });
  expect(read({ templateId: 0, frameNumber: 1, start: false })).toMatchObject({
    startOfFrame: false,
    endOfFrame: true,
    keyFrame: false,
  });
  expect(read({ templateId: 1, frameNumber: 2, structure: L1T3 })).toMatchObject({ keyFrame: false });
});

test('as long as no structure is known, starts and ends are, layers are not', () => {
  const read = av1Stream();
  const expected = { startOfFrame: true, endOfFrame: false, keyFrame: false, temporalLayer: 0 };
  expect(read({ templateId: 3, frameNumber: 1, end: false })).toMatchObject(expected);
  const own = { templateId: 3, frameNumber: 2, end: false, custom: { frameDifferences: [1] } };
  expect(read(own)).toMatchObject(expected);
});

test('a structure that comes late does not take the place of a newer one', () => {
  const read = av1Stream();
  const moved = { ...L1T3, templateIdOffset: 5 };
  read({ templateId: 5, frameNumber: 20, structure: moved });
  expect(read({ templateId: 0, frameNumber: 10, structure: L1T3 })?.keyFrame).toBe(true);
  expect(read({ templateId: 8, frameNumber: 21 })?.temporalLayer).toBe(2);
  read({ templateId: 0, frameNumber: 22, structure: L1T3 });
  expect(read({ templateId: 3, frameNumber: 23 })?.temporalLayer).toBe(2);
});

test('without descriptors the aggregation header tells', () => {
  const reader = createMarksReader('AV1');
  const read = (sequenceNumber: number, frame: number, header: number) =>
    reader.read(packetOf([header, 0x0a, 0x0b], { sequenceNumber, timestamp: frame * 3000 }), null);
  expect(read(1, 1, 0x18)).toMatchObject({ startOfFrame: true, keyFrame: true, switchingUp: true });
  expect(read(2, 1, 0x90)).toMatchObject({ startOfFrame: false, keyFrame: false });
  expect(read(3, 1, 0x10)).toMatchObject({ startOfFrame: false });
  expect(read(4, 2, 0x10)).toMatchObject({ startOfFrame: true, keyFrame: false });
  expect(read(6, 3, 0x10)).toMatchObject({ startOfFrame: true });
  expect(read(7, 3, 0x98)).toBeNull();
  expect(reader.read(packetOf([0x18]), null)).toBeNull();
});

test('a malformed descriptor leaves it to the aggregation header', () => {
  const reader = createMarksReader('AV1');
  expect(reader.read(packetOf([0x18, 0x0a]), Uint8Array.of(0xc0, 0))).toMatchObject({ keyFrame: true });
  expect(reader.read(packetOf([0x18, 0x0a]), Uint8Array.of(0xc0, 0, 0, 0x80))).toMatchObject({
    keyFrame: true,
  });
});

test('a frame number is read where it lies; one that does not fit is not there', () => {
  const bytes = dependencyDescriptor({ templateId: 3, frameNumber: 0xfedc });
  expect(readFrameNumber(Buffer.concat([Buffer.alloc(2), bytes]), 2)).toBe(0xfedc);
  expect(readFrameNumber(new Uint8Array(2), 0)).toBe(-1);
  expect(readFrameNumber(new Uint8Array(9), -1)).toBe(-1);
  expect(readFrameNumber(new Uint8Array(9), 2, 4)).toBe(-1);
});

test('the structure says how large the layers are', () => {
  const marks = createMarksReader('AV1');
  expect(marks.sizes).toEqual([]);
  const descriptor = dependencyDescriptor({ templateId: 0, frameNumber: 1, structure: L1T3 });
  marks.read(packetOf([0x08, 0xab, 0xcd]), descriptor);
  expect(marks.sizes).toEqual([{ width: 1_280, height: 720 }]);
});
