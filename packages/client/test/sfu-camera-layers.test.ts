// Which encodings of a picture are made: by how large it is, and by what somebody is shown.

import { LAYERS, type Layer } from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAMERA_ENCODINGS, layerOrders, SCREEN_ENCODINGS, sameLayers } from '../src/sfu/camera-layers.js';

const CAMERA: readonly Layer[] = ['l', 'm', 'h'];
const brief = (pixels: number, shown: readonly Layer[] | null, rids = CAMERA): string =>
  layerOrders(rids, pixels, shown)
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
  expect(brief(1_920 * 1_080, ['h'], ['l', 'h'])).toBe('- h/1');
});

test('somebody who is shown an encoding that is not made is shown the largest that is', () => {
  expect(brief(320 * 180, ['h'])).toBe('l/1 - -');
  expect(brief(640 * 480, ['h'])).toBe('- m/1 -');
});

test('something is made exactly when something is shown, and one of them is the whole picture or a half of the next', () => {
  const shown = fc.option(fc.subarray([...LAYERS]), { nil: null });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_000_000 }), shown, (pixels, layers) => {
      const orders = layerOrders(CAMERA, pixels, layers);
      expect(orders.some(({ active }) => active)).toBe(layers === null || layers.length > 0);
      expect(orders.some(({ scale }) => scale === 1)).toBe(true);
    }),
  );
});

test('orders that a sender has already are recognised', () => {
  const orders = layerOrders(CAMERA, 1_280 * 720, ['l']);
  const encodings = orders.map(({ rid, active, scale }) => ({ rid, active, scaleResolutionDownBy: scale }));
  expect(sameLayers(encodings, orders)).toBe(true);
  expect(sameLayers([{ ...encodings[0], active: false }], orders)).toBe(false);
});
