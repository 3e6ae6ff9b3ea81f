// In which codecs a browser says that it makes a picture in several sizes.

import type { VideoCodec } from '@maru/protocol';
import { afterEach, expect, test, vi } from 'vitest';
import { sendableCodecs } from '../src/sfu/sendable-codecs.js';
import { fakeEnv } from '../src/testing/fake-env.js';

afterEach(() => vi.unstubAllGlobals());

const { clock } = fakeEnv();

const ALL: readonly VideoCodec[] = ['AV1', 'VP9', 'H264', 'VP8'];

/** A browser that answers so to whether it has spatial layers in these codecs. */
function browser(answer: (codec: string) => Promise<{ supported: boolean }>): void {
  const encodingInfo = ({ video }: { video: { contentType: string; scalabilityMode: string } }) => {
    expect(video.scalabilityMode).toBe('L3T3_KEY');
    return answer(video.contentType.replace('video/', ''));
  };
  vi.stubGlobal('navigator', { mediaCapabilities: { encodingInfo } });
}

test('VP9 and AV1 where it has spatial layers in them, the others always', async () => {
  browser(async (codec) => ({ supported: codec === 'VP9' }));
  expect(await sendableCodecs(ALL, clock)).toEqual(['VP9', 'H264', 'VP8']);
});

test('neither of the two where it does not know the question: it says yes to any', async () => {
  browser(async () => ({ supported: true }));
  expect(await sendableCodecs(ALL, clock)).toEqual(['H264', 'VP8']);
});

test('neither of the two where it refuses the question, or cannot be asked', async () => {
  browser(() => Promise.reject(new TypeError('webrtc is no type')));
  expect(await sendableCodecs(ALL, clock)).toEqual(['H264', 'VP8']);
  vi.stubGlobal('navigator', {});
  expect(await sendableCodecs(ALL, clock)).toEqual(['H264', 'VP8']);
});

test('is not asked where nothing hangs on it', async () => {
  browser(() => Promise.reject(new Error('it was asked')));
  expect(await sendableCodecs(['H264', 'VP8'], clock)).toEqual(['H264', 'VP8']);
});

test('a browser that does not answer is waited for no longer than a call can wait', async () => {
  browser(() => new Promise(() => undefined));
  const sendable = sendableCodecs(ALL, clock);
  await clock.advance(500);
  expect(await sendable).toEqual(['H264', 'VP8']);
});
