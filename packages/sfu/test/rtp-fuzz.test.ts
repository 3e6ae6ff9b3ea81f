// No RTP packet, however damaged, makes the reader throw or look outside of it. A million: MARU_FUZZ=1000000.
import { expect, test } from 'vitest';
import {
  extensionDataLength,
  findExtension,
  readAbsoluteSendTime,
  readAudioLevel,
  readText,
  readTransportSequence,
  readVoiceActivity,
} from '../src/rtp/header-extension.js';
import { type RtpPacket, readRtp } from '../src/rtp/rtp-packet.js';
import { unwrapRtx } from '../src/rtp/rtx.js';
import { FUZZ_INPUTS, FUZZ_TIMEOUT_MS, fuzz, type RandomBytes } from './support/random-bytes.js';
import { rtpBytes } from './support/rtp-bytes.js';

const SOUND = [
  rtpBytes({ payload: Buffer.from('payload') }),
  rtpBytes({ csrcs: [1, 2], padding: 5, extensions: [[4, Buffer.from('0')]], payload: Buffer.alloc(9) }),
  rtpBytes({
    extensions: [
      [1, Buffer.from([200])],
      [3, Buffer.alloc(3)],
      [5, Buffer.alloc(16, 65)],
    ],
  }),
  rtpBytes({
    profile: 0x1000,
    extensions: [
      [1, Buffer.alloc(0)],
      [4, Buffer.alloc(40, 66)],
      [15, Buffer.alloc(2)],
    ],
  }),
];

function input(random: RandomBytes): Buffer {
  if (random.below(4) > 0) return random.damage(SOUND[random.below(SOUND.length)] as Buffer);
  const bytes = random.bytes(random.below(64));
  // Most random bytes are not RTP at all; these at least begin like it.
  if (bytes.length > 16 && random.below(2)) {
    bytes[0] = 0x90 | (bytes[0] as number & 0x23);
    bytes.writeUInt16BE(random.below(2) ? 0xbede : 0x1000, 12);
    bytes.writeUInt16BE(random.below(14), 14);
  }
  return bytes;
}

function within(value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) expect(value).toBe(`${low} to ${high}`);
}

function checkPacket(packet: RtpPacket, length: number): void {
  within(packet.payloadType, 0, 127);
  within(packet.sequenceNumber, 0, 0xffff);
  within(packet.timestamp, 0, 0xffff_ffff);
  within(packet.ssrc, 0, 0xffff_ffff);
  within(packet.payloadOffset, 12, length);
  within(packet.payloadLength, 0, length - packet.payloadOffset);
  within(packet.extensionOffset, 0, packet.payloadOffset);
  within(packet.extensionOffset + packet.extensionLength, 0, packet.payloadOffset);
}

function checkExtensions(packet: RtpPacket): void {
  for (const id of [0, 1, 3, 4, 5, 14, 15, 255]) {
    const offset = findExtension(packet, id);
    const length = extensionDataLength(packet, id);
    if (offset < 0) expect(length).toBe(0);
    else {
      within(offset, packet.extensionOffset + 1, packet.payloadOffset);
      within(offset + length, offset, packet.extensionOffset + packet.extensionLength);
    }
    within(readTransportSequence(packet, id), -1, 0xffff);
    within(readAudioLevel(packet, id), -1, 127);
    readVoiceActivity(packet, id);
    within(Math.ceil(readAbsoluteSendTime(packet, id)), -1, 64_000);
    const text = readText(packet, id);
    if (text !== null) within(text.length, 1, length);
  }
}

/** Seeds that once failed. */
const KEPT_SEEDS: readonly number[] = [];

test('damaged and random packets are read within their bounds, or refused', {
  timeout: FUZZ_TIMEOUT_MS,
}, () => {
  const read = fuzz(KEPT_SEEDS, (random) => {
    const bytes = input(random);
    const packet = readRtp(bytes);
    if (packet === null) return false;
    checkPacket(packet, bytes.length);
    checkExtensions(packet);
    const original = unwrapRtx(packet, 1, 96);
    if (original !== null) checkPacket(original, bytes.length);
    return true;
  });
  if (FUZZ_INPUTS >= 1000) expect(read).toBeGreaterThan(FUZZ_INPUTS / 4);
});
