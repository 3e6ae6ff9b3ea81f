// The original packet inside a retransmission (RFC 4588, section 4).
import { expect, test } from 'vitest';
import { extensionDataLength } from '../src/rtp/header-extension.js';
import { unwrapRtx } from '../src/rtp/rtx.js';
import { rtpPacket } from './support/rtp-bytes.js';

test('the original sequence number is taken from the payload, the rest from the header', () => {
  const rtx = rtpPacket({
    marker: true,
    payloadType: 97,
    sequenceNumber: 7,
    timestamp: 0xfedc_ba98,
    ssrc: 0x1111,
    extensions: [[3, Buffer.from('h')]],
    payload: Buffer.from([0xab, 0xcd, 1, 2, 3]),
    padding: 2,
  });
  const original = unwrapRtx(rtx, 0x2222, 96);
  expect(original).toMatchObject({
    marker: true,
    payloadType: 96,
    sequenceNumber: 0xabcd,
    timestamp: 0xfedc_ba98,
    ssrc: 0x2222,
    payloadLength: 3,
  });
  expect(original?.bytes).toBe(rtx.bytes);
  const from = original?.payloadOffset ?? 0;
  expect([...rtx.bytes.subarray(from, from + 3)]).toEqual([1, 2, 3]);
  expect(original && extensionDataLength(original, 3)).toBe(1);
});

test('padding alone, and half a sequence number, are no retransmission', () => {
  expect(unwrapRtx(rtpPacket({ padding: 200 }), 1, 96)).toBeNull();
  expect(unwrapRtx(rtpPacket({ payload: Buffer.from([1]) }), 1, 96)).toBeNull();
  expect(unwrapRtx(rtpPacket({}), 1, 96)).toBeNull();
});

test('a repeated packet may itself have been empty', () => {
  expect(unwrapRtx(rtpPacket({ payload: Buffer.from([0, 9]) }), 1, 96)).toMatchObject({
    sequenceNumber: 9,
    payloadLength: 0,
  });
});
