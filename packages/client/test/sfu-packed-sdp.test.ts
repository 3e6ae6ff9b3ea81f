// Descriptions packed for the way to the SFU and back, and the protocol's bounds that the chunk writes down for itself.

import { LINE_KIND, LINES, MAX_PACKED_SDP_LENGTH, MAX_UNPACKED_SDP_BYTES } from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_UNPACKED_SDP_BYTES as OWN_BOUND, packSdp, unpackSdp } from '../src/sfu/packed-sdp.js';
import { LINE_KIND as OWN_KINDS, LINES as OWN_LINES } from '../src/sfu/sfu-lines.js';

test('what is packed comes out as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2_000 }), async (sdp) => {
      expect(await unpackSdp(await packSdp(sdp))).toBe(sdp);
    }),
    { numRuns: 50 },
  );
});

test('a description of thirty m-lines fits easily, in base64', async () => {
  const line =
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n'.repeat(20);
  const packed = await packSdp(`v=0\r\n${line.repeat(30)}`);
  expect(packed).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(packed.length).toBeLessThan(MAX_PACKED_SDP_LENGTH / 8);
});

test('one that comes to more than a description may is refused while it is unpacked', async () => {
  const bomb = await packSdp('a'.repeat(MAX_UNPACKED_SDP_BYTES + 1));
  await expect(unpackSdp(bomb)).rejects.toThrow('more than');
  expect(await unpackSdp(await packSdp('a'.repeat(MAX_UNPACKED_SDP_BYTES)))).toHaveLength(
    MAX_UNPACKED_SDP_BYTES,
  );
});

test.each(['', 'bm8gZGVmbGF0ZQ==', '****', 'AAAA'])('%j is refused', async (packed) => {
  await expect(unpackSdp(packed)).rejects.toThrow();
});

test('what this chunk writes down is what the protocol says', () => {
  expect(OWN_BOUND).toBe(MAX_UNPACKED_SDP_BYTES);
  expect(OWN_LINES).toEqual(LINES);
  expect(OWN_KINDS).toEqual(LINE_KIND);
});
