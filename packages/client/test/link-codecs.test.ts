// Which codecs a line keeps of what a browser offers.

import { expect, test } from 'vitest';
import { isWanted } from '../src/link/browser-codecs.js';

const kept = (mimeType: string, sdpFmtpLine?: string) =>
  isWanted(sdpFmtpLine === undefined ? { mimeType } : { mimeType, sdpFmtpLine });

test.each([
  ['audio/opus', 'minptime=10;useinbandfec=1'],
  ['audio/red', '111/111'],
  ['video/VP8', undefined],
  ['video/VP9', 'profile-id=0'],
  ['video/AV1', 'level-idx=5;profile=0;tier=0'],
  ['video/AV1', undefined],
  ['video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'],
  ['video/rtx', undefined],
])('%s %s is kept', (mimeType, fmtp) => {
  expect(kept(mimeType, fmtp)).toBe(true);
});

test.each([
  ['audio/PCMU', undefined],
  ['audio/telephone-event', undefined],
  ['video/VP9', 'profile-id=2'],
  ['video/AV1', 'level-idx=5;profile=1;tier=0'],
  ['video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f'],
  ['video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f'],
  ['video/ulpfec', undefined],
  ['video/red', undefined],
])('%s %s is dropped', (mimeType, fmtp) => {
  expect(kept(mimeType, fmtp)).toBe(false);
});
