// VP9 payload descriptors (RFC 9628, section 4.2): both modes, layers, scalability structures, switching points.

import { expect, test } from 'vitest';
import { createMarksReader } from '../src/codec/codec.js';
import { Vp9Descriptor } from '../src/codec/vp9-descriptor.js';
import { packetOf, type Vp9Fields, vp9Payload } from './support/codec-packets.js';

function read(payload: readonly number[]) {
  const descriptor = new Vp9Descriptor();
  return descriptor.read(packetOf(payload)) ? descriptor : null;
}

/** Two layers, 320x180 and 640x360; a group of four pictures, the last of which has two references. */
const STRUCTURE = [
  0x38, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x04, 0x04, 0x04, 0x54, 0x01, 0x34, 0x02, 0x58, 0x01,
  0x02,
];

test('non-flexible mode: picture id, layers, TL0PICIDX', () => {
  const payload = [0xac, 0x81, 0x02, 0x52, 0x7f, 0xab];
  expect(read(payload)).toMatchObject({
    startOfFrame: true,
    endOfFrame: true,
    interPicture: false,
    flexible: false,
    pictureId: 0x102,
    pictureIdBits: 15,
    pictureIdOffset: 1,
    temporalLayer: 2,
    switchingUp: true,
    spatialLayer: 1,
    tl0PictureIndex: 0x7f,
    tl0Offset: 4,
    length: 5,
  });
});

test('flexible mode: references instead of TL0PICIDX', () => {
  const payload = vp9Payload({
    flexible: true,
    interPicture: true,
    pictureId: 5,
    bits: 7,
    temporalLayer: 1,
    references: [1, 2, 4],
  });
  expect(read(payload)).toMatchObject({
    flexible: true,
    interPicture: true,
    pictureId: 5,
    pictureIdBits: 7,
    temporalLayer: 1,
    tl0PictureIndex: -1,
    length: 6,
  });
});

test('a fourth reference is refused', () => {
  const fields: Vp9Fields = { flexible: true, interPicture: true, pictureId: 5, references: [1, 2, 3, 4] };
  expect(read(vp9Payload(fields))).toBeNull();
});

test('a scalability structure is skipped whole', () => {
  const fields: Vp9Fields = { pictureId: 9, temporalLayer: 0, tl0PictureIndex: 3, structure: STRUCTURE };
  expect(read(vp9Payload(fields))?.length).toBe(5 + STRUCTURE.length);
  expect(read(vp9Payload({ ...fields, structure: [0x00] }))?.length).toBe(6);
  expect(read(vp9Payload({ ...fields, structure: [0x08, 0x00] }))?.length).toBe(7);
});

test('the structure of a key frame says how large the layers are, which holds until the next', () => {
  const marks = createMarksReader('VP9');
  expect(marks.sizes).toEqual([]);
  const fields: Vp9Fields = { pictureId: 9, temporalLayer: 0, tl0PictureIndex: 3 };
  marks.read(packetOf(vp9Payload({ ...fields, structure: STRUCTURE })), null);
  const sizes = [
    { width: 320, height: 180 },
    { width: 640, height: 360 },
  ];
  expect(marks.sizes).toEqual(sizes);
  marks.read(packetOf(vp9Payload({ ...fields, pictureId: 10, interPicture: true })), null);
  expect(marks.sizes).toEqual(sizes);
  marks.read(packetOf(vp9Payload({ ...fields, pictureId: 11, structure: [0x00] })), null);
  expect(marks.sizes).toEqual([]);
});

test('refuses a descriptor that is cut anywhere, or has nothing behind it', () => {
  const payloads = [
    vp9Payload({ pictureId: 9, temporalLayer: 0, tl0PictureIndex: 3, structure: STRUCTURE }),
    vp9Payload({ pictureId: 9, flexible: true, interPicture: true, temporalLayer: 0, references: [1, 2] }),
  ];
  for (const payload of payloads) {
    const length = read(payload)?.length ?? 0;
    expect(length).toBeGreaterThan(4);
    for (let cut = 0; cut <= length; cut += 1) expect(read(payload.slice(0, cut))).toBeNull();
    expect(read(payload.slice(0, length + 1))).not.toBeNull();
  }
});

test('a structure that names 255 pictures which are not there is refused', () => {
  expect(read([0x8a, 0x01, 0x08, 0xff, 0x0c, 0x01, 0x01])).toBeNull();
});

test('a key frame begins with the first packet of the lowest spatial layer', () => {
  const reader = createMarksReader('VP9');
  const picture: Vp9Fields = { pictureId: 1, temporalLayer: 0, tl0PictureIndex: 0 };
  const first = reader.read(packetOf(vp9Payload({ ...picture, end: false })), null);
  expect(first).toEqual({
    startOfFrame: true,
    endOfFrame: false,
    keyFrame: true,
    temporalLayer: 0,
    spatialLayer: 0,
    switchingUp: true,
  });
  const second = reader.read(packetOf(vp9Payload({ ...picture, start: false })), null);
  expect(second).toMatchObject({ startOfFrame: false, endOfFrame: true, keyFrame: false });
  const upper = reader.read(packetOf(vp9Payload({ ...picture, spatialLayer: 1 }), { marker: true }), null);
  expect(upper).toMatchObject({ startOfFrame: true, endOfFrame: true, keyFrame: false, spatialLayer: 1 });
  expect(reader.read(packetOf(vp9Payload({ pictureId: 2 })), null)).toMatchObject({ keyFrame: true });
  const delta = packetOf(vp9Payload({ pictureId: 3, interPicture: true }), { timestamp: 3000 });
  expect(reader.read(delta, null)).toMatchObject({ keyFrame: false, switchingUp: false });
});

/** Switching points among pictures of these layers, given which have the U bit. The first is a key frame. */
function points(layers: readonly number[], switchingUp: (layer: number, index: number) => boolean): number[] {
  const reader = createMarksReader('VP9');
  return layers.flatMap((temporalLayer, index) => {
    const fields: Vp9Fields = {
      pictureId: index,
      temporalLayer,
      interPicture: index > 0,
      switchingUp: switchingUp(temporalLayer, index),
    };
    const marks = reader.read(packetOf(vp9Payload(fields), { timestamp: index * 3000 }), null);
    return marks?.switchingUp ? [index] : [];
  });
}

const THREE_LAYERS = [0, 2, 1, 2, 0, 2, 1, 2, 0, 2, 1, 2];

test('U on the base layer opens the layers above for the pictures behind it', () => {
  // At 3, 7 and 11 layer 1 has passed by: those who were on layer 0 lack picture 2, 6, 10.
  expect(points(THREE_LAYERS, (layer) => layer === 0)).toEqual([0, 1, 2, 5, 6, 9, 10]);
  expect(points(THREE_LAYERS, (_, index) => index === 8)).toEqual([0, 1, 2, 9, 10]);
});

test('U on upper layers alone, as Chromium has it in flexible mode, opens them too', () => {
  expect(points(THREE_LAYERS, (layer) => layer > 0)).toEqual([0, 1, 2, 5, 6, 9, 10]);
  expect(points([0, 1, 0, 1, 0, 1], (layer) => layer > 0)).toEqual([0, 1, 3, 5]);
});

test('without U nothing opens but at the key frame', () => {
  expect(points(THREE_LAYERS, () => false)).toEqual([0, 1, 2]);
});

test('all packets of a picture have its point; a late picture is none', () => {
  const reader = createMarksReader('VP9');
  const at = (pictureId: number, fields: Vp9Fields) =>
    reader.read(packetOf(vp9Payload({ pictureId, ...fields }), { timestamp: pictureId * 3000 }), null)
      ?.switchingUp;
  expect(at(10, { temporalLayer: 0 })).toBe(true);
  const upper = { temporalLayer: 1, interPicture: true };
  expect(at(11, { ...upper, end: false })).toBe(true);
  expect(at(11, { ...upper, start: false })).toBe(true);
  expect(at(9, upper)).toBe(false);
  expect(at(11, upper)).toBe(true);
  expect(at(13, upper)).toBe(false);
});
