// Which spatial layers of a picture are passed on (VP9 and AV1 SVC): down at once, up with a key frame.
import { expect, test } from 'vitest';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import { ALL_LAYERS } from '../src/send/layer-filter.js';
import { RandomBytes } from './support/random-bytes.js';
import { type SentPacket, SimulatedSource, videoSlot } from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

class Scene {
  readonly source = new SimulatedSource(1, 'video', new RandomBytes(3), {}, 3);
  readonly feed = new SlotFeed(videoSlot(0));
  now = 0;

  constructor() {
    this.feed.slot.target(this.source);
  }

  /** The spatial layers of the next picture that come out, and on which packets of them the marker is. */
  next(keyFrame = false): string {
    this.now += 33;
    return this.pass(this.source.nextFrame(keyFrame, 33));
  }

  pass(picture: readonly SentPacket[]): string {
    const seen = picture.flatMap((sent) => {
      const out = this.feed.offer(sent, this.now);
      return out && out.payloadLength > 0 ? [[sent.marks.spatialLayer, out.marker] as const] : [];
    });
    const layers = [...new Set(seen.map(([layer]) => layer))].join('');
    const markers = seen.flatMap(([, marker], place) => (marker ? [place === seen.length - 1] : []));
    expect(markers).toEqual(seen.length > 0 ? [true] : []);
    return layers;
  }

  limit(spatial: number): void {
    this.feed.slot.setLayerLimits(spatial, ALL_LAYERS);
  }
}

const numbers = (packets: readonly RtpPacket[]): number[] =>
  packets.map(({ sequenceNumber }) => sequenceNumber);

test('a slot passes the layers on that are wanted, each picture ends with its marker, and no number is missing', () => {
  const scene = new Scene();
  scene.limit(1);
  expect(scene.next(true)).toBe('01');
  scene.limit(0);
  expect(scene.next()).toBe('0');
  expect(scene.next()).toBe('0');
  const [first = 0, ...rest] = numbers(scene.feed.out);
  expect(rest).toEqual(rest.map((_, place) => (first + 1 + place) & 0xffff));
});

test('a larger layer begins with a key frame, and is not there until then', () => {
  const scene = new Scene();
  scene.limit(0);
  expect(scene.next(true)).toBe('0');
  expect(scene.feed.slot.spatialLayer).toBe(0);
  scene.limit(2);
  expect(scene.next()).toBe('0');
  expect(scene.feed.slot.spatialLayer).toBe(0);
  expect(scene.next(true)).toBe('012');
  expect(scene.feed.slot.spatialLayer).toBe(2);
  expect(scene.next()).toBe('012');
});

test('a larger layer does not begin in the middle of a key frame whose first packet came late', () => {
  const scene = new Scene();
  scene.limit(0);
  scene.next(true);
  scene.limit(2);
  const [start, ...rest] = scene.source.nextFrame(true, 33) as [SentPacket, ...SentPacket[]];
  scene.now += 33;
  scene.pass([...rest, start].filter(({ marks }) => marks.spatialLayer > 0 || marks.startOfFrame));
  expect(scene.next()).toBe('0');
  expect(scene.feed.slot.spatialLayer).toBe(0);
});

test('a late packet of a larger layer goes with its picture', () => {
  const scene = new Scene();
  expect(scene.next(true)).toBe('012');
  const picture = scene.source.nextFrame(false, 33);
  const late = picture.filter(({ marks }) => marks.spatialLayer === 2);
  scene.now += 33;
  for (const sent of picture) if (!late.includes(sent)) scene.feed.offer(sent, scene.now);
  scene.limit(0);
  expect(scene.next()).toBe('0');
  for (const sent of late) expect(scene.feed.offer(sent, scene.now)?.payloadLength).toBeGreaterThan(0);
});

test('what is sent again has the marker that it had', () => {
  const scene = new Scene();
  scene.limit(1);
  scene.next(true);
  const last = scene.feed.out.at(-1) as RtpPacket;
  expect(last.marker).toBe(true);
  expect(scene.feed.ask(last.sequenceNumber, scene.now)?.marker).toBe(true);
  const [first] = scene.feed.out as [RtpPacket];
  expect(first.marker).toBe(false);
  expect(scene.feed.ask(first.sequenceNumber, scene.now)?.marker).toBe(false);
});
