// Small parts of the router by themselves: allowances, datagrams of RTCP, pictures kept through a dip of the estimate.
import { describe, expect, test } from 'vitest';
import type { Choice, Demand } from '../src/estimate/allocation.js';
import { keepShown } from '../src/router/allotment.js';
import { Allowance } from '../src/router/allowance.js';
import { sendRtcp } from '../src/router/rtcp-datagrams.js';
import { readRtcp } from '../src/rtcp/read-rtcp.js';
import type { RtcpPacket } from '../src/rtcp/rtcp-packet.js';

describe('an allowance', () => {
  test('gives so much at once, and then at its rate', () => {
    const allowance = new Allowance(1_000, 50);
    expect(allowance.take(50, 0)).toBe(true);
    expect(allowance.take(1, 0)).toBe(false);
    expect(allowance.take(10, 9)).toBe(false);
    expect(allowance.take(10, 10)).toBe(true);
    expect(allowance.take(51, 10_000)).toBe(false);
    expect(allowance.take(50, 10_000)).toBe(true);
  });

  test('is not refilled by a time that runs backwards', () => {
    const allowance = new Allowance(1_000, 10);
    expect(allowance.take(10, 100)).toBe(true);
    expect(allowance.take(1, 50)).toBe(false);
    expect(allowance.take(1, 100)).toBe(false);
    expect(allowance.take(1, 101)).toBe(true);
  });
});

describe('datagrams of RTCP', () => {
  const sent = (messages: readonly RtcpPacket[]): Buffer[] => {
    const datagrams: Buffer[] = [];
    sendRtcp(messages, (datagram) => datagrams.push(Buffer.from(datagram)));
    return datagrams;
  };
  const nack = (mediaSsrc: number, count: number): RtcpPacket => ({
    kind: 'nack',
    senderSsrc: 1,
    mediaSsrc,
    // So far apart that each takes four bytes.
    sequenceNumbers: Array.from({ length: count }, (_, index) => (index * 40) & 0xffff),
  });

  test('nothing is no datagram', () => {
    expect(sent([])).toEqual([]);
  });

  test('what fits goes in one', () => {
    expect(sent([nack(1, 3), nack(2, 3)])).toHaveLength(1);
  });

  test('what does not is divided, in order, each short enough', () => {
    const messages: RtcpPacket[] = [
      { kind: 'rr', ssrc: 1, blocks: [] },
      { kind: 'sdes', chunks: [{ ssrc: 1, cname: 'maru' }] },
      ...Array.from({ length: 9 }, (_, index) => nack(10 + index, 100 + 15 * index)),
    ];
    const datagrams = sent(messages);
    for (const datagram of datagrams) expect(datagram.length).toBeLessThanOrEqual(1_180);
    const read = datagrams.map((datagram) => readRtcp(datagram) ?? []);
    expect(read.flat().map(({ kind }) => kind)).toEqual(messages.map(({ kind }) => kind));
    expect(read[0]?.slice(0, 2).map(({ kind }) => kind)).toEqual(['rr', 'sdes']);
    expect(datagrams.length).toBeLessThan(9);
  });
});

describe('a dip of the estimate', () => {
  const demand = (slot: number, priority: number, held: boolean): Demand => ({
    slot,
    priority,
    maxWidth: 640,
    options: [
      { source: 'm', bitrate: 300_000, width: 640 },
      { source: 'l', bitrate: 100_000, width: 320 },
    ],
    held: held ? { source: 'm', temporalLimit: Number.POSITIVE_INFINITY } : null,
  });
  const paused = (slot: number): Choice => ({ slot, step: null });

  test('leaves a picture that is shown in its smallest encoding', () => {
    const [kept] = keepShown([demand(3, 1, true)], [paused(3)], 180_000, 60_000);
    expect(kept).toEqual({
      slot: 3,
      step: { source: 'l', bitrate: 100_000, temporalLimit: Number.POSITIVE_INFINITY },
    });
  });

  test('leaves it at fewer frames, where there are such', () => {
    const { options, ...rest } = demand(3, 1, true);
    const slower = options.map((layer) => ({ ...layer, temporal: [0.4 * layer.bitrate, layer.bitrate] }));
    const [kept] = keepShown([{ ...rest, options: slower }], [paused(3)], 90_000, 60_000);
    expect(kept).toEqual({ slot: 3, step: { source: 'l', bitrate: 40_000, temporalLimit: 0 } });
  });

  test('does not begin one, and not for more than a quarter over', () => {
    expect(keepShown([demand(3, 1, false)], [paused(3)], 180_000, 60_000)).toEqual([paused(3)]);
    expect(keepShown([demand(3, 1, true)], [paused(3)], 120_000, 60_000)).toEqual([paused(3)]);
  });

  test('goes by priority where not all can stay', () => {
    const kept = keepShown([demand(0, 1, true), demand(1, 2, true)], [paused(0), paused(1)], 150_000, 60_000);
    expect(kept.map(({ step }) => step?.source ?? null)).toEqual([null, 'l']);
  });
});
