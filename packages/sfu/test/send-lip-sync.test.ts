// What a receiver makes of the sender reports of slots: when each frame was taken, the same for voice and picture.
import { expect, test } from 'vitest';
import { ntpMilliseconds } from '../src/rtcp/ntp-time.js';
import { difference32 } from '../src/rtp/sequence-number.js';
import { RandomBytes } from './support/random-bytes.js';
import { audioSlot, SimulatedSource, UNKNOWN_CLOCK, videoSlot } from './support/simulated-source.js';
import { SlotFeed } from './support/slot-feed.js';

const WALL_CLOCK_AHEAD = 1_700_000_000_123;

/** A person whose voice and picture are taken by one clock and come by ways of different length. */
class Person {
  readonly audio: SimulatedSource;
  readonly video: SimulatedSource;

  constructor(
    number: number,
    readonly audioDelay: number,
    readonly videoDelay: number,
    random: RandomBytes,
  ) {
    this.audio = new SimulatedSource(number, 'audio', random);
    this.video = new SimulatedSource(number, 'video', random);
    for (const source of [this.audio, this.video]) {
      const zero = source.newestTimestamp;
      const perMs = source.clockRate / 1_000;
      source.clock = {
        toLocalMs: (rtp) => ((rtp - zero) | 0) / perMs,
        rtpAt: (localMs) => (zero + Math.round(localMs * perMs)) >>> 0,
      };
    }
  }
}

/** When a frame with this timestamp was taken, as the receiver takes it from the last report. */
function takenAt(feed: SlotFeed, timestamp: number, now: number): number {
  const report = feed.slot.senderReport(now, now + WALL_CLOCK_AHEAD);
  if (report === null) throw new Error('there is no report');
  const rate = feed.slot.plan.kind === 'audio' ? 48 : 90;
  const ntp = ntpMilliseconds(report.ntpSeconds, report.ntpFraction);
  return ntp + difference32(timestamp, report.rtpTimestamp) / rate - ntpMilliseconds(2_208_988_800, 0);
}

test('voice and picture of whoever is shown stay together over many switches', () => {
  const random = new RandomBytes(42);
  const people = [new Person(1, 20, 90, random), new Person(2, 150, 30, random), new Person(3, 5, 5, random)];
  const audio = new SlotFeed(audioSlot(0));
  const video = new SlotFeed(videoSlot(0));
  let shown: Person | undefined;
  for (let tick = 1; tick <= 700; tick += 1) {
    const taken = tick * 20;
    if (tick % 50 === 1) {
      shown = people[random.below(people.length)];
      audio.slot.target(shown?.audio ?? null);
      video.slot.target(shown?.video ?? null);
    }
    for (const person of people) {
      for (const sent of person.audio.nextFrame(false, 20)) {
        const out = audio.offer(sent, taken + person.audioDelay);
        if (out) expect(takenAt(audio, out.timestamp, taken + 160) - WALL_CLOCK_AHEAD).toBeCloseTo(taken, 0);
      }
      for (const sent of person.video.nextFrame(tick % 10 === 1, 20)) {
        const out = video.offer(sent, taken + person.videoDelay);
        if (out) expect(takenAt(video, out.timestamp, taken + 160) - WALL_CLOCK_AHEAD).toBeCloseTo(taken, 0);
      }
    }
  }
  expect(audio.out.length).toBeGreaterThan(500);
  expect(video.out.length).toBeGreaterThan(500);
});

test('the stream keeps to one clock: sources that are shown in turn do not let it drift', () => {
  const random = new RandomBytes(43);
  const [a, b] = [new Person(1, 20, 90, random), new Person(2, 150, 30, random)];
  const video = new SlotFeed(videoSlot(0));
  for (let frame = 0; frame < 1_000; frame += 1) {
    const taken = frame * 33;
    video.slot.target(Math.floor(frame / 10) % 2 ? a.video : b.video);
    for (const { video: source, videoDelay } of [a, b]) {
      video.offerAll(source.nextFrame(true, 33), taken + videoDelay);
    }
  }
  const first = video.out[0]?.timestamp ?? 0;
  const last = video.out.at(-1)?.timestamp ?? 0;
  expect(Math.abs(difference32(last, first) - 999 * 33 * 90)).toBeLessThan(90 * 90);
});

test('before any report of its sender, a stream goes by when its packets came', () => {
  const source = new SimulatedSource(1, 'video', new RandomBytes(44));
  source.clock = UNKNOWN_CLOCK;
  const feed = new SlotFeed(videoSlot(0));
  expect(feed.slot.senderReport(0, WALL_CLOCK_AHEAD)).toBe(null);
  feed.slot.target(source);
  expect(feed.slot.reportDue).toBe(false);
  feed.offerAll(source.nextFrame(true, 33), 1_000);
  feed.offerAll(source.nextFrame(false, 33), 1_033);
  expect(feed.slot.reportDue).toBe(true);
  const newest = feed.out.at(-1)?.timestamp ?? 0;
  expect(takenAt(feed, newest, 1_200) - WALL_CLOCK_AHEAD).toBeCloseTo(1_033, 0);
  expect(feed.slot.reportDue).toBe(false);
});

test('a report counts what was sent', () => {
  const source = new SimulatedSource(1, 'video', new RandomBytes(45));
  const feed = new SlotFeed(videoSlot(0));
  feed.slot.target(source);
  for (let frame = 0; frame < 20; frame += 1) feed.offerAll(source.nextFrame(frame === 0, 33), frame * 33);
  const octets = feed.out.reduce((sum, packet) => sum + packet.payloadLength, 0);
  feed.ask(feed.out[3]?.sequenceNumber ?? 0, 700);
  const report = feed.slot.senderReport(700, WALL_CLOCK_AHEAD);
  expect(report).toMatchObject({ ssrc: feed.slot.plan.ssrc, octetCount: octets, blocks: [] });
  expect(report?.packetCount).toBe(feed.out.length - 1);
});
