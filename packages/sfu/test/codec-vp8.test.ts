// VP8 payload descriptors: the examples of RFC 7741, every field, every bound.

import { expect, test } from 'vitest';
import { createMarksReader } from '../src/codec/codec.js';
import { Vp8Descriptor } from '../src/codec/vp8-descriptor.js';
import { packetOf, type Vp8Fields, vp8Payload } from './support/codec-packets.js';

function read(payload: readonly number[]) {
  const descriptor = new Vp8Descriptor();
  return descriptor.read(packetOf(payload)) ? descriptor : null;
}

function marks(fields: Vp8Fields, marker = false) {
  return createMarksReader('VP8').read(packetOf(vp8Payload(fields), { marker }), null);
}

test('RFC 7741, 4.5.1: a key frame in one packet', () => {
  expect(read([0x90, 0x80, 17, 0x00])).toMatchObject({
    startOfFrame: true,
    keyFrame: true,
    pictureId: 17,
    pictureIdBits: 7,
    pictureIdOffset: 2,
    length: 3,
  });
});

test('RFC 7741, 4.5.2: a discardable frame without picture id', () => {
  const descriptor = read([0x30, 0x01]);
  expect(descriptor).toMatchObject({ startOfFrame: true, keyFrame: false, pictureId: -1, length: 1 });
});

test('RFC 7741, 4.5.3: partitions of a frame in two packets', () => {
  expect(read([0x90, 0x80, 17, 0x00])).toMatchObject({ startOfFrame: true, keyFrame: true });
  expect(read([0x91, 0x80, 17, 0x00])).toMatchObject({ startOfFrame: false, keyFrame: false, pictureId: 17 });
});

test('RFC 7741, 4.5.4: a frame in fragments', () => {
  expect(read([0x80, 0x80, 17, 0x00])).toMatchObject({ startOfFrame: false, keyFrame: false });
  expect(read([0x82, 0x80, 17, 0x00])).toMatchObject({ startOfFrame: false, keyFrame: false });
});

test('RFC 7741, 4.5.5: a picture id of 15 bits', () => {
  expect(read([0x90, 0x80, 0x92, 0x67, 0x01])).toMatchObject({
    pictureId: 4711,
    pictureIdBits: 15,
    length: 4,
  });
});

test('reads what Chromium sends: picture id, TL0PICIDX and layers', () => {
  const payload = [0x90, 0xe0, 0xf2, 0x19, 0x6c, 0x60, 0x01];
  expect(read(payload)).toMatchObject({
    pictureId: 0x7219,
    tl0PictureIndex: 0x6c,
    tl0Offset: 4,
    temporalLayer: 1,
    layerSync: true,
    keyIndex: -1,
    length: 6,
  });
});

test('reads every combination of fields', () => {
  for (let mask = 0; mask < 64; mask += 1) {
    const bits = mask & 16 ? 15 : 7;
    const fields: Vp8Fields = {
      ...(mask & 1 && { pictureId: 0x55, bits }),
      ...(mask & 2 && { tl0PictureIndex: 0xa5 }),
      ...(mask & 4 && { temporalLayer: 2, layerSync: true }),
      ...(mask & 8 && { keyIndex: 19 }),
      keyFrame: (mask & 32) !== 0,
    };
    expect(read(vp8Payload(fields))).toMatchObject({
      pictureId: fields.pictureId ?? -1,
      tl0PictureIndex: fields.tl0PictureIndex ?? -1,
      temporalLayer: fields.temporalLayer ?? -1,
      layerSync: fields.layerSync ?? false,
      keyIndex: fields.keyIndex ?? -1,
      keyFrame: fields.keyFrame,
    });
  }
});

test('refuses a descriptor that is cut anywhere, or has nothing behind it', () => {
  const payload = vp8Payload({ pictureId: 300, tl0PictureIndex: 1, temporalLayer: 1, keyIndex: 2 });
  const length = read(payload)?.length ?? 0;
  for (let cut = 0; cut <= length; cut += 1) expect(read(payload.slice(0, cut))).toBeNull();
  expect(read(payload.slice(0, length + 1))).not.toBeNull();
});

test('marks a frame by its layer; switching up where it needs only the base', () => {
  const delta = { pictureId: 1, tl0PictureIndex: 1 };
  expect(marks({ ...delta, temporalLayer: 0, keyFrame: true })).toEqual({
    startOfFrame: true,
    endOfFrame: false,
    keyFrame: true,
    temporalLayer: 0,
    spatialLayer: 0,
    switchingUp: true,
  });
  expect(marks({ ...delta, temporalLayer: 2, layerSync: true })).toMatchObject({
    temporalLayer: 2,
    switchingUp: true,
  });
  expect(marks({ ...delta, temporalLayer: 2 })).toMatchObject({ keyFrame: false, switchingUp: false });
  expect(marks({ ...delta, temporalLayer: 0, layerSync: true })).toMatchObject({ switchingUp: false });
  expect(marks({ pictureId: 1, keyIndex: 3 })).toMatchObject({ temporalLayer: 0 });
  expect(marks({ pictureId: 1, start: false, keyFrame: true }, true)).toMatchObject({
    startOfFrame: false,
    endOfFrame: true,
    keyFrame: false,
  });
});

test('a packet of padding has no marks', () => {
  expect(createMarksReader('VP8').read(packetOf([]), null)).toBeNull();
});
