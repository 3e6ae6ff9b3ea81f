// When a slot changes its source, and what it does with everything that comes at the wrong moment.
import { describe, expect, test } from 'vitest';
import { difference16, difference32 } from '../src/rtp/sequence-number.js';
import { ALL_LAYERS } from '../src/send/layer-filter.js';
import { RandomBytes } from './support/random-bytes.js';
import { audioSlot, SimulatedSource, videoSlot } from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

function sources(kind: 'audio' | 'video'): [SimulatedSource, SimulatedSource, SlotFeed] {
  const random = new RandomBytes(7);
  const feed = new SlotFeed(kind === 'audio' ? audioSlot(0) : videoSlot(0));
  return [new SimulatedSource(1, kind, random), new SimulatedSource(2, kind, random), feed];
}

describe('a video slot', () => {
  test('waits for a key frame, and goes on with the source it had until one comes', () => {
    const [a, b, feed] = sources('video');
    feed.slot.target(a);
    expect(feed.offerAll(a.nextFrame(false, 33), 0)).toEqual([]);
    expect(feed.slot.pending).toBe(a);
    expect(feed.offerAll(a.nextFrame(true, 33), 33).length).toBeGreaterThan(0);
    expect([feed.slot.source, feed.slot.pending]).toEqual([a, null]);

    feed.slot.target(b);
    expect(feed.offerAll(b.nextFrame(false, 33), 66)).toEqual([]);
    expect(feed.offerAll(a.nextFrame(false, 33), 66).length).toBeGreaterThan(0);
    expect(feed.offerAll(b.nextFrame(true, 33), 99).length).toBeGreaterThan(0);
    expect(feed.offerAll(a.nextFrame(false, 33), 99)).toEqual([]);
    expect([feed.slot.source, feed.slot.pending]).toEqual([b, null]);
  });

  test('leaves its source at once when told so, or when it is to show nothing', () => {
    const [a, b, feed] = sources('video');
    feed.slot.target(a);
    feed.offerAll(a.nextFrame(true, 33), 0);
    feed.slot.target(b, true);
    expect(feed.offerAll(a.nextFrame(false, 33), 33)).toEqual([]);
    feed.offerAll(b.nextFrame(true, 33), 66);
    expect(feed.slot.source).toBe(b);
    feed.slot.target(null);
    expect(feed.offerAll(b.nextFrame(false, 33), 99)).toEqual([]);
    feed.slot.target(b);
    expect(feed.offerAll(b.nextFrame(false, 33), 132)).toEqual([]);
    expect(feed.slot.pending).toBe(b);
  });

  test('takes back a change of mind', () => {
    const [a, b, feed] = sources('video');
    feed.slot.target(a);
    feed.offerAll(a.nextFrame(true, 33), 0);
    feed.slot.target(b);
    feed.slot.target(a);
    expect(feed.offerAll(b.nextFrame(true, 33), 33)).toEqual([]);
    expect(feed.offerAll(a.nextFrame(false, 33), 33).length).toBeGreaterThan(0);
  });

  test('begins behind what it has sent, in the middle of a frame too', () => {
    const [a, b, feed] = sources('video');
    feed.slot.target(a);
    let cut = a.nextFrame(true, 33);
    while (cut.length < 2) cut = a.nextFrame(true, 33);
    feed.offerAll(cut.slice(0, -1), 0);
    feed.slot.target(b);
    feed.offerAll(b.nextFrame(true, 33), 1);
    expect(feed.offer(cut.at(-1) as (typeof cut)[0], 2)).toBe(null);
    const [before, after] = [feed.out[cut.length - 2], feed.out[cut.length - 1]];
    if (!before || !after) throw new Error('nothing came out');
    expect(difference16(after.sequenceNumber, before.sequenceNumber)).toBe(1);
    expect(difference32(after.timestamp, before.timestamp)).toBeGreaterThan(0);
  });

  test('sends each codec under its own payload type, and nothing that the client cannot decode', () => {
    const [a, , feed] = sources('video');
    const foreign = new SimulatedSource(3, 'video', new RandomBytes(1));
    Object.assign(foreign, { codecName: 'VP9' });
    expect(feed.slot.accepts(foreign)).toBe(false);
    feed.slot.target(foreign);
    expect(feed.offerAll(foreign.nextFrame(true, 33), 0)).toEqual([]);
    Object.assign(a, { codecName: 'h264' });
    feed.slot.target(a);
    expect(feed.offerAll(a.nextFrame(true, 33), 0)[0]?.payloadType).toBe(50);
  });

  test('keeps holes of the source open and closes a gap that nobody can mend', () => {
    const [a, , feed] = sources('video');
    feed.slot.target(a);
    feed.offerAll(a.nextFrame(true, 33), 0);
    const before = feed.out.at(-1)?.sequenceNumber ?? 0;
    for (let frame = 0; frame < 900; frame += 1) a.nextFrame(false, 33);
    const [first] = feed.offerAll(a.nextFrame(true, 33), 29_700);
    expect(difference16(first?.sequenceNumber ?? 0, before)).toBe(2);
  });
});

describe('temporal layers', () => {
  /** Frames of four cycles behind a key frame, joined at a limit that is raised after the first. */
  function shown(limit: number): { layer: number; sync: boolean; sent: boolean }[] {
    const [a, , feed] = sources('video');
    feed.slot.target(a);
    feed.slot.setLayerLimits(ALL_LAYERS, 0);
    const frames: { layer: number; sync: boolean; sent: boolean }[] = [];
    for (let frame = 0; frame < 40; frame += 1) {
      if (frame === 6) feed.slot.setLayerLimits(ALL_LAYERS, limit);
      const packets = a.nextFrame(frame === 0, 33);
      const sent = feed.offerAll(packets, frame * 33).length > 0;
      const marks = packets[0]?.marks;
      frames.push({ layer: marks?.temporalLayer ?? 0, sync: marks?.switchingUp ?? false, sent });
    }
    return frames;
  }

  test('are left out above the limit', () => {
    for (const { layer, sent } of shown(0)) expect(sent).toBe(layer === 0);
    for (const { layer, sent } of shown(1)) if (layer === 2) expect(sent).toBe(false);
  });

  test('come back one after the other, each at a frame that allows it', () => {
    const frames = shown(2);
    for (const layer of [1, 2]) {
      const first = frames.find((frame) => frame.layer === layer && frame.sent);
      expect(first?.sync).toBe(true);
    }
    const firstOfOne = frames.findIndex(({ layer, sent }) => layer === 1 && sent);
    const firstOfTwo = frames.findIndex(({ layer, sent }) => layer === 2 && sent);
    expect(firstOfOne).toBeGreaterThan(5);
    expect(firstOfTwo).toBeGreaterThan(firstOfOne);
    expect(frames.slice(firstOfTwo).every(({ sent }) => sent)).toBe(true);
  });

  test('a limit that changes in the middle of a frame does not cut it', () => {
    const [a, , feed] = sources('video');
    feed.slot.target(a);
    feed.offerAll(a.nextFrame(true, 33), 0);
    let frame = a.nextFrame(false, 33);
    while (frame.length < 2 || frame[0]?.marks.temporalLayer === 0) {
      feed.offerAll(frame, 33);
      frame = a.nextFrame(false, 33);
    }
    const sent = frame.map((packet, index) => {
      if (index === 1) feed.slot.setLayerLimits(ALL_LAYERS, 0);
      return feed.offer(packet, 66) !== null;
    });
    const wanted = frame.map(({ packet }) => packet.payloadLength > 0);
    expect(sent).toEqual(wanted);
  });
});

describe('an audio slot', () => {
  test('changes at once and goes on a packet later', () => {
    const [a, b, feed] = sources('audio');
    feed.slot.target(a);
    for (let packet = 0; packet < 5; packet += 1) feed.offerAll(a.nextFrame(false, 20), packet * 20);
    feed.slot.target(b);
    feed.offerAll(b.nextFrame(false, 20), 81);
    expect(feed.offerAll(a.nextFrame(false, 20), 100)).toEqual([]);
    feed.offerAll(b.nextFrame(false, 20), 101);
    const steps = feed.out.slice(1).map((packet, index) => {
      return difference32(packet.timestamp, feed.out[index]?.timestamp ?? 0);
    });
    // The last packet of the one has 20 ms, so that is where the other begins, though it came after 1 ms.
    expect(steps).toEqual([960, 960, 960, 960, 960, 960]);
    expect(new Set(feed.out.map(({ payloadType }) => payloadType))).toEqual(new Set([109]));
  });

  test('does not send again, and has no padding', () => {
    const [a, , feed] = sources('audio');
    feed.slot.target(a);
    const [packet] = feed.offerAll(a.nextFrame(false, 20), 0);
    expect(feed.ask(packet?.sequenceNumber ?? 0, 50)).toBe(null);
    expect(feed.slot.padding(500, 1, feed.scratch)).toBe(0);
  });
});

test('timestamps of a source that begin anew are laid where time says', () => {
  for (const jumpMs of [-3_600_000, 3_600_000]) {
    const [a, , feed] = sources('video');
    feed.slot.target(a);
    for (let frame = 0; frame < 10; frame += 1) feed.offerAll(a.nextFrame(frame === 0, 33), frame * 33);
    const before = feed.out.at(-1)?.timestamp ?? 0;
    const [first] = feed.offerAll(a.nextFrame(false, jumpMs), 330);
    expect(difference32(first?.timestamp ?? 0, before)).toBe(33 * 90);
    const [next] = feed.offerAll(a.nextFrame(false, 33), 363);
    expect(difference32(next?.timestamp ?? 0, first?.timestamp ?? 0)).toBe(33 * 90);
  }
});
