// RTP's fixed header (RFC 3550, section 5.1), and how RTCP is told from it (RFC 5761).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRtcp, readRtp } from '../src/rtp/rtp-packet.js';
import { rtpBytes } from './support/rtp-bytes.js';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

test('what was written is read', () => {
  fc.assert(
    fc.property(
      fc.record({
        marker: fc.boolean(),
        payloadType: fc.integer({ min: 0, max: 127 }),
        sequenceNumber: fc.integer({ min: 0, max: 0xffff }),
        timestamp: uint32,
        ssrc: uint32,
        csrcs: fc.array(uint32, { maxLength: 15 }),
        extensions: fc.array(
          fc.tuple(fc.integer({ min: 1, max: 14 }), fc.uint8Array({ minLength: 1, maxLength: 16 })),
          { maxLength: 5 },
        ),
        payload: fc.uint8Array({ maxLength: 50 }),
        padding: fc.integer({ min: 0, max: 255 }),
      }),
      (content) => {
        const bytes = rtpBytes(content);
        const packet = readRtp(bytes);
        expect(packet).toMatchObject({
          marker: content.marker,
          payloadType: content.payloadType,
          sequenceNumber: content.sequenceNumber,
          timestamp: content.timestamp,
          ssrc: content.ssrc,
          payloadLength: content.payload.length,
        });
        const from = packet?.payloadOffset ?? 0;
        expect(bytes.subarray(from, from + content.payload.length)).toEqual(Buffer.from(content.payload));
        expect((packet?.extensionLength ?? 0) > 0).toBe(content.extensions.length > 0);
      },
    ),
  );
});

test('other versions, short packets and lengths that do not fit are refused', () => {
  const good = rtpBytes({ extensions: [[1, Buffer.from('a')]], payload: Buffer.alloc(4) });
  for (let length = 0; length < 20; length += 1) expect(readRtp(good.subarray(0, length))).toBeNull();
  for (const first of [0x10, 0x50, 0xd0]) {
    const bytes = Buffer.from(good);
    bytes[0] = first;
    expect(readRtp(bytes)).toBeNull();
  }
  const tooManySources = Buffer.from(good);
  tooManySources[0] = 0x8f;
  expect(readRtp(tooManySources)).toBeNull();
});

test('padding that is empty or longer than what follows the header is refused', () => {
  const bytes = rtpBytes({ payload: Buffer.alloc(4), padding: 4 });
  expect(readRtp(bytes)?.payloadLength).toBe(4);
  bytes[bytes.length - 1] = 8;
  expect(readRtp(bytes)?.payloadLength).toBe(0);
  bytes[bytes.length - 1] = 9;
  expect(readRtp(bytes)).toBeNull();
  bytes[bytes.length - 1] = 0;
  expect(readRtp(bytes)).toBeNull();
});

test('RTCP is what has 192 to 223 in its second byte', () => {
  expect([191, 192, 200, 207, 223, 224].map((second) => isRtcp(Buffer.from([0x80, second])))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(isRtcp(Buffer.alloc(0))).toBe(false);
});
