// Retransmissions and padding: how often, how much, and from what.
import { describe, expect, test } from 'vitest';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import { RetransmissionMap } from '../src/send/retransmission-map.js';
import { RandomBytes } from './support/random-bytes.js';
import { SimulatedSource, videoSlot } from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

function fed(frames: number, codecName = 'VP8'): [SimulatedSource, SlotFeed] {
  const source = new SimulatedSource(1, 'video', new RandomBytes(3));
  Object.assign(source, { codecName });
  const feed = new SlotFeed(videoSlot(0));
  feed.slot.target(source);
  for (let frame = 0; frame < frames; frame += 1)
    feed.offerAll(source.nextFrame(frame === 0, 33), frame * 33);
  return [source, feed];
}

const numberOf = (packet: RtpPacket | undefined) => packet?.sequenceNumber ?? -1;

describe('repetition', () => {
  test('comes once in a round trip', () => {
    const [, feed] = fed(10);
    const wanted = numberOf(feed.out.at(-3));
    expect(feed.ask(wanted, 400, 80)).not.toBe(null);
    expect(feed.ask(wanted, 479, 80)).toBe(null);
    expect(feed.ask(wanted, 481, 80)).not.toBe(null);
  });

  test('costs no more than the budget', () => {
    const [, feed] = fed(10);
    const wanted = feed.out.at(-3);
    const payload = wanted?.payloadLength ?? 0;
    expect(feed.ask(numberOf(wanted), 400, 80, payload)).toBe(null);
    expect(feed.ask(numberOf(wanted), 400, 80, payload + 40)).not.toBe(null);
  });

  test('has sequence numbers of its own that count up', () => {
    const [, feed] = fed(10);
    const numbers = feed.out
      .slice(-4)
      .map((packet) => numberOf(feed.ask(numberOf(packet), 400) ?? undefined));
    expect(numbers.map((number) => number - (numbers[0] ?? 0))).toEqual([0, 1, 2, 3]);
  });

  test('goes by the media stream where the client has no RTX for the codec', () => {
    const [, feed] = fed(10, 'H264');
    const wanted = feed.out.at(-3);
    const again = feed.ask(numberOf(wanted), 400);
    expect([again?.ssrc, again?.payloadType]).toEqual([wanted?.ssrc, wanted?.payloadType]);
    expect(again?.bytes.subarray(-10).equals(wanted?.bytes.subarray(-10) as Buffer)).toBe(true);
  });

  test('ends with the cache, and with the numbers that were never given', () => {
    const [source, feed] = fed(100);
    expect(feed.ask(numberOf(feed.out[0]), 3_400)).toBe(null);
    expect(feed.ask((numberOf(feed.out.at(-1)) + 1) & 0xffff, 3_400)).toBe(null);
    const last = numberOf(feed.out.at(-1));
    source.cache.clear();
    expect(feed.ask(last, 3_400)).toBe(null);
  });

  test('serves what came before the first packet of the key frame', () => {
    const source = new SimulatedSource(1, 'video', new RandomBytes(5));
    const feed = new SlotFeed(videoSlot(0));
    feed.slot.target(source);
    let frame = source.nextFrame(true, 33);
    while (frame.length < 4) frame = source.nextFrame(true, 33);
    const [start, second, ...rest] = frame;
    if (!start || !second) throw new Error('the frame is too small');
    expect(feed.offer(second, 0)).toBe(null);
    expect(feed.offer(start, 1)).not.toBe(null);
    feed.offerAll(rest, 2);
    const again = feed.ask((numberOf(feed.out[0]) + 1) & 0xffff, 30);
    const { packet } = second;
    expect(
      again?.bytes
        .subarray(-5)
        .equals(packet.bytes.subarray(0, packet.payloadOffset + packet.payloadLength).subarray(-5)),
    ).toBe(true);
    expect(again?.timestamp).toBe(feed.out[0]?.timestamp);
    expect(feed.offer(second, 31)).toBe(null);
  });
});

describe('padding', () => {
  test('is made of what was sent lately', () => {
    const [, feed] = fed(10);
    const known = new Map(feed.out.map((packet) => [packet.sequenceNumber, packet]));
    for (let round = 0; round < 40; round += 1) {
      const packet = feed.read(feed.slot.padding(1_000, 9, feed.scratch)) as RtpPacket;
      const original = known.get(packet.bytes.readUInt16BE(packet.payloadOffset));
      expect(packet.ssrc).toBe(feed.slot.plan.rtxSsrc);
      expect(packet.payloadLength).toBe((original?.payloadLength ?? 0) + 2);
    }
  });

  test('is nothing but padding where that is too long', () => {
    const [, feed] = fed(10);
    const packet = feed.read(feed.slot.padding(8, 9, feed.scratch)) as RtpPacket;
    expect([packet.payloadLength, packet.ssrc]).toEqual([0, feed.slot.plan.rtxSsrc]);
    expect(packet.bytes[0]).toBe(0xb0);
  });

  test('is there before anything was sent, so that a path can be measured', () => {
    const feed = new SlotFeed(videoSlot(0));
    const packet = feed.read(feed.slot.padding(200, 1, feed.scratch)) as RtpPacket;
    expect([packet.payloadLength, packet.payloadType, packet.ssrc]).toEqual([0, 121, feed.slot.plan.rtxSsrc]);
    expect(packet.bytes.length).toBeGreaterThan(190);
  });

  test('needs RTX', () => {
    const plan = videoSlot(0);
    const without = new SlotFeed({ ...plan, codecs: plan.codecs.filter(({ name }) => name === 'H264') });
    expect(without.slot.padding(500, 1, without.scratch)).toBe(0);
  });
});

describe('the map', () => {
  test('grows so that it reaches back two seconds at 1,000 packets a second, and no further', () => {
    const map = new RetransmissionMap();
    for (let sequence = 0; sequence < 5_000; sequence += 1) {
      map.put(65_000 + sequence, 1, sequence, sequence * 90, sequence, sequence % 3 === 0, sequence);
    }
    const newest = 65_000 + 4_999;
    for (const back of [0, 1, 255, 256, 1_499, 2_047]) {
      const place = map.find((newest - back) & 0xffff);
      expect(map.source(place)).toBe(4_999 - back);
      expect(map.timestamp(place)).toBe((4_999 - back) * 90);
      expect(map.pictureIds(place)).toBe(4_999 - back);
      expect(map.marker(place)).toBe((4_999 - back) % 3 === 0);
    }
    expect(map.find((newest - 2_048) & 0xffff)).toBe(-1);
  });

  test('a number that is left open takes no place of what may still be asked for', () => {
    const map = new RetransmissionMap();
    for (let sequence = 0; sequence < 256; sequence += 1)
      map.put(1_000 + sequence, 1, sequence, 0, 0, false, sequence);
    map.put(1_000 + 257, 1, 257, 0, 0, false, 257);
    expect(map.source(map.find(1_000))).toBe(0);
    expect(map.source(map.find(1_001))).toBe(1);
  });

  test('knows nothing of numbers that were left open', () => {
    const map = new RetransmissionMap();
    // Long ago, so that the places of open numbers have been used before.
    for (let number = -900; number <= 10; number += 1) map.put(1_000 + number, 1, 1, 1, 0, true, number * 10);
    map.put(1_020, 1, 2, 2, 0, true, 5_000);
    for (let number = 1_011; number < 1_020; number += 1) expect(map.find(number)).toBe(-1);
    map.put(1_015, 1, 3, 3, 0, true, 5_000);
    expect(map.source(map.find(1_015))).toBe(3);
  });
});
