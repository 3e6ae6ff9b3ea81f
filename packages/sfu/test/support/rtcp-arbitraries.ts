// Any RTCP packet that can be written, as fast-check makes them.
import fc from 'fast-check';
import type { ReportBlock } from '../../src/rtcp/receiver-report.js';
import type { RtcpPacket } from '../../src/rtcp/rtcp-packet.js';
import type { TransportFeedback } from '../../src/rtcp/transport-feedback.js';

const uint8 = fc.integer({ min: 0, max: 0xff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
/** At most 255 bytes of UTF-8. */
const shortText = fc.string({ unit: 'grapheme', maxLength: 10 });
const kind = <Kind extends RtcpPacket['kind']>(value: Kind) => fc.constant(value);

const block: fc.Arbitrary<ReportBlock> = fc.record({
  ssrc: uint32,
  fractionLost: uint8,
  cumulativeLost: fc.integer({ min: -0x80_0000, max: 0x7f_ffff }),
  highestSequence: uint32,
  jitter: uint32,
  lastSenderReport: uint32,
  delaySinceLastSenderReport: uint32,
});
const blocks = fc.array(block, { maxLength: 31 });

export const senderReport = fc.record({
  kind: kind('sr'),
  ssrc: uint32,
  ntpSeconds: uint32,
  ntpFraction: uint32,
  rtpTimestamp: uint32,
  packetCount: uint32,
  octetCount: uint32,
  blocks,
});
export const receiverReport = fc.record({ kind: kind('rr'), ssrc: uint32, blocks });
export const sourceDescription = fc.record({
  kind: kind('sdes'),
  chunks: fc.array(fc.record({ ssrc: uint32, cname: shortText }), { maxLength: 31 }),
});
export const goodbye = fc.record({
  kind: kind('bye'),
  ssrcs: fc.array(uint32, { maxLength: 31 }),
  reason: shortText,
});
export const pictureLossIndication = fc.record({ kind: kind('pli'), senderSsrc: uint32, mediaSsrc: uint32 });
export const fullIntraRequest = fc.record({
  kind: kind('fir'),
  senderSsrc: uint32,
  entries: fc.array(fc.record({ ssrc: uint32, sequenceNumber: uint8 }), { minLength: 1, maxLength: 9 }),
});

/** Numbers that ascend from a start, as those who miss packets name them: gaps of any size, over wraps. */
export const genericNack = fc.record({
  kind: kind('nack'),
  senderSsrc: uint32,
  mediaSsrc: uint32,
  sequenceNumbers: fc
    .tuple(uint16, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 100 }))
    .map(([first, gaps]) => {
      let number = first;
      return [first, ...gaps.map((gap) => (number = (number + gap) & 0xffff))];
    }),
});

/** Bitrates that 18 bits hold exactly. */
export const remb = fc.record({
  kind: kind('remb'),
  senderSsrc: uint32,
  bitrate: fc
    .tuple(fc.integer({ min: 0, max: 0x3ffff }), fc.integer({ min: 0, max: 63 }))
    .map(([mantissa, exponent]) => mantissa * 2 ** exponent),
  ssrcs: fc.array(uint32, { maxLength: 255 }),
});

/** Arrivals in steps of 0.25 ms within one turn of the reference time: lost ones, runs, bursts, steps back. */
export const transportFeedback: fc.Arbitrary<TransportFeedback> = fc.record({
  kind: kind('transport-feedback'),
  senderSsrc: uint32,
  mediaSsrc: uint32,
  baseSequence: uint16,
  feedbackCount: uint8,
  arrivals: fc
    .tuple(
      fc.integer({ min: 100_000, max: 2 ** 32 - 100_000_000 }),
      fc.array(
        fc.record({
          step: fc.oneof(
            { weight: 4, arbitrary: fc.constant(null) },
            { weight: 8, arbitrary: fc.integer({ min: 0, max: 255 }) },
            { weight: 2, arbitrary: fc.integer({ min: -300, max: 1000 }) },
            { weight: 1, arbitrary: fc.integer({ min: -0x8000, max: 0x7fff }) },
          ),
          times: fc.oneof(
            { weight: 5, arbitrary: fc.constant(1) },
            { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
          ),
        }),
        { minLength: 1, maxLength: 80 },
      ),
    )
    .map(([start, runs]) => {
      const arrivals: number[] = [];
      let ticks = start * 4;
      for (const { step, times } of runs) {
        for (let time = 0; time < times; time += 1) {
          if (step !== null) ticks = Math.max(0, ticks + step);
          arrivals.push(step === null ? Number.NaN : (ticks % 2 ** 32) / 4);
        }
      }
      return Float64Array.from(arrivals);
    }),
});

export const rtcpPacket: fc.Arbitrary<RtcpPacket> = fc.oneof<fc.Arbitrary<RtcpPacket>[]>(
  senderReport,
  receiverReport,
  sourceDescription,
  goodbye,
  genericNack,
  pictureLossIndication,
  fullIntraRequest,
  remb,
  transportFeedback,
);
