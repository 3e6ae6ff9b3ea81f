// Which encodings of a picture are made: by how large it is, and by what somebody is shown.

import { LAYERS, type Layer } from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CAMERA_ENCODINGS,
  type Encodings,
  layerOrders,
  SCREEN_ENCODINGS,
  sameLayers,
  spatialOrders,
} from '../src/sfu/camera-layers.js';

const brief = (
  pixels: number,
  shown: readonly Layer[] | null,
  encodings: Encodings = CAMERA_ENCODINGS,
): string =>
  layerOrders(encodings, pixels, shown)
    .map(({ rid, active, scale }) => (active ? `${rid}/${scale}` : '-'))
    .join(' ');

test('the encodings have the RIDs of the protocol, the smallest first', () => {
  expect(CAMERA_ENCODINGS.map(({ rid }) => rid)).toEqual(LAYERS);
  expect(SCREEN_ENCODINGS.map(({ rid }) => rid)).toEqual([LAYERS[0], LAYERS[2]]);
});

test.each([
  [1_920 * 1_080, 'l/4 m/2 h/1'],
  [1_280 * 720, 'l/4 m/2 h/1'],
  [640 * 480, 'l/2 m/1 -'],
  [320 * 180, 'l/1 - -'],
])('a camera of %i pixels is sent whole in its largest encoding: %s', (pixels, orders) => {
  expect(brief(pixels, null)).toBe(orders);
});

test('what nobody is shown is not made', () => {
  expect(brief(1_280 * 720, ['l', 'h'])).toBe('l/4 - h/1');
  expect(brief(1_280 * 720, [])).toBe('- - -');
  expect(brief(1_920 * 1_080, ['h'], SCREEN_ENCODINGS)).toBe('- h/1');
});

test('somebody who is shown an encoding that is not made is shown the largest that is', () => {
  expect(brief(320 * 180, ['h'])).toBe('l/1 - -');
  expect(brief(640 * 480, ['h'])).toBe('- m/1 -');
});

test('something is made exactly when something is shown, and one of them is the whole picture or a half of the next', () => {
  const shown = fc.option(fc.subarray([...LAYERS]), { nil: null });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_000_000 }), shown, (pixels, layers) => {
      const orders = layerOrders(CAMERA_ENCODINGS, pixels, layers);
      expect(orders.some(({ active }) => active)).toBe(layers === null || layers.length > 0);
      expect(orders.some(({ scale }) => scale === 1)).toBe(true);
    }),
  );
});

test('orders that a sender has already are recognised', () => {
  const orders = layerOrders(CAMERA_ENCODINGS, 1_280 * 720, ['l']);
  const encodings = orders.map(({ rid, active, scale }) => ({ rid, active, scaleResolutionDownBy: scale }));
  expect(sameLayers(encodings, orders)).toBe(true);
  expect(sameLayers([{ ...encodings[0], active: false }], orders)).toBe(false);
});

test.each([
  [1_280 * 720, null, 'L3T3_KEY', 1, 2_350_000],
  [1_280 * 720, ['l'], 'L1T3', 4, 150_000],
  [1_280 * 720, ['l', 'm'], 'L2T3_KEY', 2, 650_000],
  [1_280 * 720, ['h'], 'L3T3_KEY', 1, 2_350_000],
  [640 * 480, null, 'L2T3_KEY', 1, 650_000],
  [640 * 480, ['l'], 'L1T3', 2, 150_000],
  [320 * 180, ['h'], 'L1T3', 1, 150_000],
] as const)(
  'a camera of %i pixels of which %s is shown is sent in spatial layers as %s',
  (pixels, shown, mode, scale, maxBitrate) => {
    const [first, ...rest] = spatialOrders(layerOrders(CAMERA_ENCODINGS, pixels, shown));
    expect(first).toEqual({ rid: 'l', active: true, scale, maxBitrate, scalabilityMode: mode });
    expect(rest.some(({ active }) => active)).toBe(false);
  },
);

test('spatial layers of which nobody is shown any are not made', () => {
  const orders = spatialOrders(layerOrders(CAMERA_ENCODINGS, 1_280 * 720, []));
  expect(orders.some(({ active }) => active)).toBe(false);
});

test('a sender has its spatial layers only with their mode and their bitrate', () => {
  const orders = spatialOrders(layerOrders(SCREEN_ENCODINGS, 1_920 * 1_080, null));
  const encodings = orders.map(({ scale, ...order }) => ({ ...order, scaleResolutionDownBy: scale }));
  expect(sameLayers(encodings, orders)).toBe(true);
  expect(sameLayers([{ ...encodings[0], scalabilityMode: 'L1T3' }], orders)).toBe(false);
  expect(sameLayers([{ ...encodings[0], maxBitrate: 1 }], orders)).toBe(false);
});
