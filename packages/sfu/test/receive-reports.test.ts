// When receiver reports go out, and about what.

import { describe, expect, test } from 'vitest';
import { ReceiveStream } from '../src/receive/receive-stream.js';
import { ReceiverReports } from '../src/receive/receiver-reports.js';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';
import { rtpPacket } from './support/rtp-bytes.js';

const stream = (ssrc: number) => new ReceiveStream({ ssrc, kind: 'video', clockRate: 90_000, nack: true });

describe('receiver reports', () => {
  test('none before a packet; the first after half a second, then one a second', () => {
    const reports = new ReceiverReports(1);
    const one = stream(5);
    expect(reports.take(10_000, [one])).toEqual([]);
    const times: number[] = [];
    for (let now = 20_000, sequenceNumber = 0; now < 23_000; now += 20, sequenceNumber += 1) {
      one.receive(rtpPacket({ ssrc: 5, sequenceNumber }), now);
      reports.onPacket(now);
      const taken = reports.take(now, [one]);
      if (taken.length > 0) times.push(now);
    }
    expect(times).toEqual([20_500, 21_500, 22_500]);
  });

  test('a block for each stream heard since the last, 31 in a report', () => {
    const reports = new ReceiverReports(1);
    const streams = Array.from({ length: 40 }, (_, index) => stream(100 + index));
    for (const each of streams) each.receive(rtpPacket({ ssrc: each.ssrc, sequenceNumber: 9 }), 0);
    reports.onPacket(0);
    const taken = reports.take(600, streams);
    expect(taken.map(({ blocks }) => blocks.length)).toEqual([31, 9]);
    expect(taken.flatMap(({ blocks }) => blocks.map(({ ssrc }) => ssrc))).toEqual(
      streams.map(({ ssrc }) => ssrc),
    );
    expect(readRtcp(writeRtcp(taken))).toEqual(taken);
    streams[3]?.receive(rtpPacket({ ssrc: 103, sequenceNumber: 11 }), 700);
    const [next] = reports.take(1_600, streams);
    expect(next?.blocks).toMatchObject([
      { ssrc: 103, highestSequence: 11, cumulativeLost: 1, fractionLost: 128 },
    ]);
    expect(reports.take(2_600, streams)).toEqual([]);
  });

  test('a turn that comes late is not made up for', () => {
    const reports = new ReceiverReports(1);
    const one = stream(5);
    one.receive(rtpPacket({ ssrc: 5 }), 0);
    reports.onPacket(0);
    reports.take(9_000, [one]);
    expect(reports.nextAt).toBe(9_500);
  });
});
