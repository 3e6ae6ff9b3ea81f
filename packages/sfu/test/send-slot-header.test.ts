// The headers that slots write: extensions carried over under the receiver's ids, in the form that holds them.
import { describe, expect, test } from 'vitest';
import { extensionDataLength, findExtension, readTransportSequence } from '../src/rtp/header-extension.js';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import type { ExtensionIds } from '../src/sdp/link-plan.js';
import { RandomBytes } from './support/random-bytes.js';
import { rtpPacket } from './support/rtp-bytes.js';
import {
  RECEIVER_IDS,
  SENDER_IDS,
  type SentPacket,
  SimulatedSource,
  videoSlot,
} from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

const NONE: ExtensionIds = {
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  transportSequence: 0,
  absoluteSendTime: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
  playoutDelay: 0,
};

/** A frame in one packet, with a dependency descriptor of so many bytes. */
function described(source: SimulatedSource, extended: number, frame: number, length: number): SentPacket {
  const descriptor = Buffer.alloc(length, 0xab);
  descriptor.writeUInt16BE(frame, 1);
  const packet = rtpPacket({
    marker: true,
    sequenceNumber: extended & 0xffff,
    timestamp: extended * 3_000,
    profile: 0x1000,
    extensions: [[SENDER_IDS.dependencyDescriptor, descriptor]],
    payload: Buffer.from([1, 2, 3]),
  });
  const marks = {
    startOfFrame: true,
    endOfFrame: true,
    keyFrame: length > 16,
    temporalLayer: 0,
    spatialLayer: 0,
    switchingUp: length > 16,
  };
  return { source, extended, packet, marks, frame, index: 0 };
}

function av1(number: number): SimulatedSource {
  const source = new SimulatedSource(number, 'video', new RandomBytes(number));
  return Object.assign(source, { codecName: 'AV1' });
}

function frameOf(packet: RtpPacket | null): number {
  if (packet === null) throw new Error('nothing came out');
  const at = findExtension(packet, RECEIVER_IDS.dependencyDescriptor);
  return packet.bytes.readUInt16BE(at + 1);
}

describe('dependency descriptors', () => {
  test('stand in two-byte elements where they are long, with the others beside them', () => {
    const source = av1(1);
    const feed = new SlotFeed(videoSlot(0));
    feed.slot.target(source);
    const long = feed.offer(described(source, 10, 500, 40), 0) as RtpPacket;
    expect(long.extensionProfile).toBe(0x1000);
    expect(extensionDataLength(long, RECEIVER_IDS.dependencyDescriptor)).toBe(40);
    expect(readTransportSequence(long, RECEIVER_IDS.transportSequence)).toBe(1);
    const short = feed.offer(described(source, 11, 501, 3), 33) as RtpPacket;
    expect(short.extensionProfile).toBe(0xbede);
    expect(extensionDataLength(short, RECEIVER_IDS.dependencyDescriptor)).toBe(3);
    expect(short.bytes[findExtension(short, RECEIVER_IDS.dependencyDescriptor)]).toBe(0xab);
  });

  test('are left out where they are long and the client takes one form only', () => {
    const source = av1(1);
    const feed = new SlotFeed(videoSlot(0), RECEIVER_IDS, false);
    feed.slot.target(source);
    const long = feed.offer(described(source, 10, 500, 40), 0) as RtpPacket;
    expect(long.extensionProfile).toBe(0xbede);
    expect(findExtension(long, RECEIVER_IDS.dependencyDescriptor)).toBe(-1);
  });

  test('have frame numbers that go on over switches, and again in repetitions', () => {
    const [a, b] = [av1(1), av1(2)];
    const feed = new SlotFeed(videoSlot(0));
    feed.slot.target(a);
    const first = feed.offer(described(a, 10, 65_534, 40), 0);
    const start = frameOf(first);
    expect(frameOf(feed.offer(described(a, 11, 65_535, 3), 33)) - start).toBe(1);
    // A frame that is left out keeps its number: references count in these.
    expect(frameOf(feed.offer(described(a, 13, 1, 3), 99)) - start).toBe(3);
    feed.slot.target(b);
    expect(frameOf(feed.offer(described(b, 900, 77, 40), 132)) - start).toBe(4);
    expect(frameOf(feed.offer(described(b, 901, 78, 3), 165)) - start).toBe(5);
    const again = feed.ask(first?.sequenceNumber ?? 0, 200);
    expect(again?.payloadType).toBe(46);
    expect(frameOf(again)).toBe(start);
    expect(again?.extensionProfile).toBe(0x1000);
  });
});

test('without extensions there is no extension block', () => {
  const source = av1(1);
  const feed = new SlotFeed(videoSlot(0), NONE);
  feed.slot.target(source);
  const packet = feed.offer(described(source, 10, 500, 40), 0);
  expect(packet?.payloadOffset).toBe(12);
  expect(packet?.bytes.length).toBe(15);
});

test('ids above 14 need two-byte elements', () => {
  const source = av1(1);
  const ids = { ...RECEIVER_IDS, transportSequence: 20 };
  const feed = new SlotFeed(videoSlot(0), ids);
  feed.slot.target(source);
  const packet = feed.offer(described(source, 10, 500, 18), 0) as RtpPacket;
  expect(packet.extensionProfile).toBe(0x1000);
  expect(readTransportSequence(packet, 20)).toBe(1);
});

test('a source packet of the longest payload gets out, and a longer one does not', () => {
  const source = av1(1);
  const feed = new SlotFeed(videoSlot(0));
  feed.slot.target(source);
  const of = described(source, 10, 500, 255);
  const longest = rtpPacket({ timestamp: 3, payload: Buffer.alloc(2_048, 7) });
  const tooLong = rtpPacket({ timestamp: 4, payload: Buffer.alloc(2_049, 7) });
  expect(feed.offer(of, 0)).not.toBe(null);
  expect(feed.offer({ ...of, extended: 11, packet: longest }, 1)?.payloadLength).toBe(2_048);
  expect(feed.offer({ ...of, extended: 12, packet: tooLong }, 2)).toBe(null);
});
