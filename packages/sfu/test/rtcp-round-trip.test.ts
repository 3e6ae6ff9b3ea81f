// What is written is read again: every kind of RTCP packet, alone and in compounds.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';
import * as arbitraries from './support/rtcp-arbitraries.js';

for (const [name, packet] of Object.entries(arbitraries)) {
  test(`${name}: written and read`, () => {
    fc.assert(
      fc.property(packet, (written) => {
        const bytes = writeRtcp([written]);
        expect(bytes.length % 4).toBe(0);
        expect(readRtcp(bytes)).toEqual([written]);
      }),
    );
  });
}

test('compounds: each packet as if it stood alone', () => {
  fc.assert(
    fc.property(fc.array(arbitraries.rtcpPacket, { minLength: 1, maxLength: 6 }), (written) => {
      expect(readRtcp(writeRtcp(written))).toEqual(written);
      expect(writeRtcp(written)).toEqual(Buffer.concat(written.map((packet) => writeRtcp([packet]))));
    }),
  );
});
