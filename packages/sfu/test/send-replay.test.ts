// The picture so far: when there is one, and what a slot makes of it that begins with it.
import { describe, expect, test } from 'vitest';
import { difference16, difference32 } from '../src/rtp/sequence-number.js';
import type { PacketScratch } from '../src/send/packet-scratch.js';
import { PictureSoFar } from '../src/send/picture-so-far.js';
import { type ReplayLink, replay } from '../src/send/replay.js';
import { RandomBytes } from './support/random-bytes.js';
import { type SentPacket, SimulatedSource, videoSlot } from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

class Watched {
  readonly source: SimulatedSource;
  readonly picture: PictureSoFar;

  constructor(seed: number) {
    this.source = new SimulatedSource(1, 'video', new RandomBytes(seed), { maxAgeMs: 500 });
    this.picture = new PictureSoFar(this.source.cache);
  }

  come(packets: readonly SentPacket[], now: number): void {
    for (const { packet, marks, extended } of packets) {
      this.source.cache.put(extended, packet, now, marks);
      this.picture.onPacket(extended, marks, now);
    }
  }
}

function linkOf(feed: SlotFeed): ReplayLink {
  let transportSequence = 1;
  return {
    get transportSequence() {
      return transportSequence;
    },
    send(scratch: PacketScratch, bytes: number) {
      expect(scratch).toBe(feed.scratch);
      transportSequence += 1;
      feed.read(bytes);
    },
  };
}

describe('the picture so far', () => {
  test('lasts from a key frame until it is too old or too much', () => {
    const watched = new Watched(2);
    expect(watched.picture.first(0)).toBe(-1);
    watched.come(watched.source.nextFrame(false, 33), 0);
    expect(watched.picture.first(0)).toBe(-1);
    const key = watched.source.nextFrame(true, 33);
    watched.come(key, 33);
    expect(watched.picture.first(33)).toBe(key[0]?.extended);
    let now = 33;
    for (; now < 2_900; now += 33) watched.come(watched.source.nextFrame(false, 33), now);
    expect(watched.picture.first(now)).toBe(key[0]?.extended);
    expect(watched.picture.first(3_100)).toBe(-1);
  });

  test('is none while a packet is missing, and one again when it has come', () => {
    const watched = new Watched(3);
    watched.come(watched.source.nextFrame(true, 33), 0);
    const missing = watched.source.nextFrame(false, 33);
    watched.come(watched.source.nextFrame(false, 33), 66);
    expect(watched.picture.first(66)).toBe(-1);
    watched.come(missing, 70);
    expect(watched.picture.first(70)).toBeGreaterThan(0);
  });

  test('may begin with packets out of order', () => {
    const watched = new Watched(4);
    watched.come(watched.source.nextFrame(false, 33), 0);
    let key = watched.source.nextFrame(true, 33);
    while (key.length < 3) {
      watched.come(key, 0);
      key = watched.source.nextFrame(true, 33);
    }
    const [first, second, ...rest] = key;
    if (!first || !second) throw new Error('the frame is too small');
    watched.come([second, first, ...rest], 1);
    expect(watched.picture.first(1)).toBe(first.extended);
    expect(watched.picture.last).toBe(key.at(-1)?.extended);
  });
});

describe('replay', () => {
  test('shows a newcomer everything at once and then goes on', () => {
    const watched = new Watched(5);
    const { source } = watched;
    let now = 0;
    for (let frame = 0; frame < 60; frame += 1, now += 33)
      watched.come(source.nextFrame(frame === 0, 33), now);
    const feed = new SlotFeed(videoSlot(0));
    expect(replay(feed.slot, source, watched.picture, now, feed.scratch, linkOf(feed))).toBe(true);
    expect([feed.slot.source, feed.slot.pending]).toEqual([source, null]);
    const payloads = [...source.sent.values()].filter(({ packet }) => packet.payloadLength > 0).length;
    expect(feed.out.length).toBe(payloads);

    const last = feed.out.at(-1);
    // One millisecond from frame to frame: nobody watches the past at its own pace.
    expect(difference32(last?.timestamp ?? 0, feed.out[0]?.timestamp ?? 0)).toBe(59 * 90);
    const [next] = feed.offerAll(source.nextFrame(false, 33), now);
    expect(difference32(next?.timestamp ?? 0, last?.timestamp ?? 0)).toBe(33 * 90);
    expect(difference16(next?.sequenceNumber ?? 0, last?.sequenceNumber ?? 0)).toBe(1);
    const again = feed.ask(feed.out[4]?.sequenceNumber ?? 0, now + 10);
    expect(again?.timestamp).toBe(feed.out[4]?.timestamp);
  });

  test('follows what the slot has shown before', () => {
    const watched = new Watched(6);
    const other = new SimulatedSource(2, 'video', new RandomBytes(8));
    const feed = new SlotFeed(videoSlot(0));
    feed.slot.target(other);
    feed.offerAll(other.nextFrame(true, 33), 0);
    for (let frame = 0; frame < 30; frame += 1)
      watched.come(watched.source.nextFrame(frame === 0, 33), frame * 33);
    feed.offerAll(other.nextFrame(false, 1_000), 1_000);
    const before = feed.out.at(-1);
    const count = feed.out.length;
    replay(feed.slot, watched.source, watched.picture, 1_000, feed.scratch, linkOf(feed));
    const [first] = feed.out.slice(count);
    expect(difference16(first?.sequenceNumber ?? 0, before?.sequenceNumber ?? 0)).toBe(1);
    expect(difference32(first?.timestamp ?? 0, before?.timestamp ?? 0)).toBeGreaterThan(0);
    expect(feed.offerAll(other.nextFrame(false, 33), 1_033)).toEqual([]);
  });

  test('does nothing where there is no whole picture', () => {
    const watched = new Watched(7);
    const feed = new SlotFeed(videoSlot(0));
    feed.slot.target(watched.source);
    watched.come(watched.source.nextFrame(false, 33), 0);
    expect(replay(feed.slot, watched.source, watched.picture, 0, feed.scratch, linkOf(feed))).toBe(false);
    expect([feed.out.length, feed.slot.pending]).toEqual([0, watched.source]);
  });
});
