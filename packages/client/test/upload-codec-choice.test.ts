// The codec of each link: what both sides do well, by hardware and then by cost.

import type { VideoCodec } from '@maru/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { codecsDoneWell } from '../src/upload/browser-codec-abilities.js';
import { type CodecQuestion, chooseCodec, rankCodecs } from '../src/upload/codec-choice.js';

const codec = (mimeType: string): RTCRtpCodec => ({ mimeType, clockRate: 90_000 });
const NEGOTIATED = ['video/VP8', 'video/rtx', 'video/H264', 'video/VP9', 'video/AV1'].map(codec);

const chosen = (changes: Partial<CodecQuestion>): string | undefined =>
  chooseCodec({
    negotiated: NEGOTIATED,
    encodes: ['H264', 'VP8', 'VP9', 'AV1'],
    decodes: ['H264', 'VP8', 'VP9', 'AV1'],
    pixels: 640 * 480,
    cheapest: false,
    ...changes,
  })?.mimeType;

describe('the choice', () => {
  test('is H.264 where both have it: it costs least in software', () => {
    expect(chosen({})).toBe('video/H264');
  });

  test('is VP8 towards a browser without H.264, such as Firefox before it has fetched one', () => {
    expect(chosen({ decodes: ['VP8', 'VP9', 'AV1'] })).toBe('video/VP8');
    expect(chosen({ negotiated: NEGOTIATED.filter(({ mimeType }) => mimeType !== 'video/H264') })).toBe(
      'video/VP8',
    );
  });

  test('is what both put first together, not only one of them', () => {
    expect(chosen({ encodes: ['VP9', 'H264', 'VP8', 'AV1'], decodes: ['VP9', 'H264'] })).toBe('video/VP9');
  });

  test('is not H.264 for pictures larger than its negotiated level', () => {
    expect(chosen({ pixels: 1280 * 720 })).toBe('video/H264');
    expect(chosen({ pixels: 1920 * 1080 })).toBe('video/VP8');
  });

  test('is the cheapest when the processor is too slow', () => {
    expect(chosen({ encodes: ['AV1', 'VP8'], decodes: ['AV1', 'VP8'] })).toBe('video/AV1');
    expect(chosen({ encodes: ['AV1', 'VP8'], decodes: ['AV1', 'VP8'], cheapest: true })).toBe('video/VP8');
  });

  test('is left to the browser where one side says nothing, or nothing is common', () => {
    expect(chosen({ decodes: [] })).toBeUndefined();
    expect(chosen({ encodes: [] })).toBeUndefined();
    expect(chosen({ encodes: ['AV1'], decodes: ['VP8'] })).toBeUndefined();
    expect(chosen({ negotiated: [] })).toBeUndefined();
  });
});

test('hardware comes before cost, and what is not smooth not at all', () => {
  expect(
    rankCodecs([
      { codec: 'VP8', smooth: true, powerEfficient: false },
      { codec: 'VP9', smooth: true, powerEfficient: true },
      { codec: 'H264', smooth: true, powerEfficient: false },
      { codec: 'AV1', smooth: false, powerEfficient: true },
    ]),
  ).toEqual(['VP9', 'H264', 'VP8'] satisfies VideoCodec[]);
});

describe('what a browser says of itself', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('is nothing where it cannot be asked', async () => {
    vi.stubGlobal('navigator', {});
    expect(await codecsDoneWell()).toEqual({ encodes: [], decodes: [] });
  });

  test('is asked for calls, codec by codec; one that it does not know does not spoil the others', async () => {
    const ask = async ({ type, video }: { type: string; video: VideoConfiguration }) => {
      if (video.contentType === 'video/AV1') throw new TypeError('what is that?');
      const supported = type === 'webrtc' && video.contentType !== 'video/H264';
      return { supported, smooth: true, powerEfficient: video.contentType === 'video/VP9' };
    };
    vi.stubGlobal('navigator', { mediaCapabilities: { encodingInfo: ask, decodingInfo: ask } });
    const expected = ['VP9', 'VP8'];
    expect(await codecsDoneWell()).toEqual({ encodes: expected, decodes: expected });
  });
});
