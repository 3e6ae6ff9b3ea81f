// What a sender on a link to the SFU is told: encodings of their own, or spatial layers of one, by the codec that was agreed.

import { expect, test } from 'vitest';
import type { ScalableEncoding } from '../src/sfu/camera-layers.js';
import { orderLayers } from '../src/sfu/sender-layers.js';
import { settle } from '../src/testing/fake-env.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';

/** A sender of three encodings whose answer has this codec first; none before there is an answer. */
function sender(mimeType: string | null) {
  const refusals: unknown[] = [];
  let encodings: ScalableEncoding[] = ['l', 'm', 'h'].map((rid) => ({ rid, active: true }));
  const it = {
    getParameters: () => ({
      codecs: mimeType === null ? [] : [{ mimeType, payloadType: 96, clockRate: 90_000 }],
      encodings: structuredClone(encodings),
    }),
    setParameters: async (parameters: { encodings: ScalableEncoding[] }) => {
      encodings = parameters.encodings;
    },
  } as unknown as RTCRtpSender;
  return {
    async order(shown: readonly ('l' | 'm' | 'h')[] | null): Promise<string> {
      orderLayers(it, 'camera', fakeTrack('video'), shown, (error) => refusals.push(error));
      await settle();
      expect(refusals).toEqual([]);
      return encodings
        .filter(({ active }) => active)
        .map(({ rid, scaleResolutionDownBy, scalabilityMode = 'alone' }) => {
          return `${rid}/${scaleResolutionDownBy} ${scalabilityMode}`;
        })
        .join(', ');
    },
  };
}

test.each(['video/VP9', 'video/AV1'])('%s goes in spatial layers of the first', async (mimeType) => {
  const camera = sender(mimeType);
  expect(await camera.order(null)).toBe('l/1 L3T3_KEY');
  expect(await camera.order(['l'])).toBe('l/4 L1T3');
  expect(await camera.order(['l', 'm'])).toBe('l/2 L2T3_KEY');
  expect(await camera.order([])).toBe('');
});

test.each(['video/VP8', 'video/H264', null])('%s goes in encodings of their own', async (mimeType) => {
  const camera = sender(mimeType);
  expect(await camera.order(null)).toBe('l/4 alone, m/2 alone, h/1 alone');
  expect(await camera.order(['l', 'h'])).toBe('l/4 alone, h/1 alone');
});
