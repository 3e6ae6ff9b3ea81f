// RTCP as Chromium and Firefox really send it, against what they were sent.
import { describe, expect, test } from 'vitest';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import type { RtcpPacket } from '../src/rtcp/rtcp-packet.js';
import { writeRtcp } from '../src/rtcp/write-rtcp.js';
import { CAPTURES, capturedPackets } from './support/captured-packets.js';

function readAll(name: (typeof CAPTURES)[number]): { bytes: Buffer; packets: RtcpPacket[] }[] {
  return capturedPackets(name).rtcp.map((bytes) => {
    const packets = readRtcp(bytes);
    if (packets === null) throw new Error(`not read: ${bytes.toString('hex')}`);
    return { bytes, packets };
  });
}

const hasPadding = (bytes: Buffer): boolean => ((bytes[0] as number) & 0x20) !== 0;

describe.each(CAPTURES)('%s', (name) => {
  const datagrams = readAll(name);
  const all = datagrams.flatMap(({ packets }) => packets);

  test('everything is understood', () => {
    expect(new Set(all.map(({ kind }) => kind))).toContain('transport-feedback');
    expect(all.filter(({ kind }) => kind === 'other')).toEqual([]);
  });

  test('written again it is the same, byte for byte where it has no padding', () => {
    for (const { bytes, packets } of datagrams) {
      const again = writeRtcp(packets);
      expect(readRtcp(again)).toEqual(packets);
      // Of chunks there is more than one right choice: ours are never longer.
      expect(again.length).toBeLessThanOrEqual(bytes.length);
      if (!hasPadding(bytes) && !packets.some(({ kind }) => kind === 'transport-feedback')) {
        expect(again.toString('hex')).toBe(bytes.toString('hex'));
      }
    }
  });

  test('sender reports come with a CNAME for the same source, some before anything was sent', () => {
    const reports = datagrams.filter(({ packets }) => packets[0]?.kind === 'sr');
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.some(({ packets: [first] }) => first?.kind === 'sr' && first.packetCount > 0)).toBe(true);
    for (const { packets } of reports) {
      const [report, description] = packets;
      if (report?.kind !== 'sr' || description?.kind !== 'sdes')
        throw new Error('a report without description');
      expect(description.chunks[0]?.ssrc).toBe(report.ssrc);
      expect(description.chunks[0]?.cname).not.toBe('');
      expect(report.ntpSeconds).toBeGreaterThan(0);
    }
  });

  test('feedback counts on, follows on, and its times lie close together', () => {
    const feedback = all.flatMap((packet) => (packet.kind === 'transport-feedback' ? [packet] : []));
    expect(feedback.some(({ feedbackCount }) => feedbackCount > 0)).toBe(true);
    for (const { arrivals } of feedback) {
      const received = [...arrivals].filter((arrival) => !Number.isNaN(arrival));
      expect(received.length).toBeGreaterThan(0);
      expect(Math.max(...received) - Math.min(...received)).toBeLessThan(2000);
    }
    const [first, second] = feedback;
    if (!first || !second) throw new Error('no two feedbacks');
    expect(second.feedbackCount).toBe(first.feedbackCount + 1);
    expect(second.baseSequence).toBeGreaterThanOrEqual(first.baseSequence);
  });
});

test('padding of one to three bytes, as libwebrtc writes it, is really there', () => {
  const padded = CAPTURES.flatMap((name) => readAll(name)).filter(({ bytes }) => hasPadding(bytes));
  expect(padded.length).toBeGreaterThan(10);
  for (const { bytes } of padded) expect(bytes.at(-1)).toBeLessThanOrEqual(3);
});

test('both browsers ask for what is missing: Chromium in a compound, Firefox reduced-size', () => {
  const kindsWithNack = (name: (typeof CAPTURES)[number]) =>
    new Set(
      readAll(name)
        .map(({ packets }) => packets.map(({ kind }) => kind).join('+'))
        .filter((kinds) => kinds.includes('nack')),
    );
  expect(kindsWithNack('chromium-156-vp8')).toEqual(new Set(['rr+nack']));
  expect(kindsWithNack('firefox-153-vp8')).toEqual(new Set(['nack']));
});
