// Whatever bytes a client sends: a room does not throw, and the others go on. `MARU_FUZZ=1000000` for a long look.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { FUZZ_INPUTS, FUZZ_SEED, FUZZ_TIMEOUT_MS, RandomBytes } from './support/random-bytes.js';
import { RoomWorld } from './support/room-world.js';

/** Fewer than other fuzz tests try when not told how many: a room does much more with each. */
const INPUTS = process.env['MARU_FUZZ'] === undefined ? FUZZ_INPUTS / 5 : FUZZ_INPUTS;
/** Packets of real ones that are damaged: the last so many. */
const KEPT = 400;

/** Packets as a client would send them, kept to be damaged. */
function keepSent(client: FakeClient): Buffer[] {
  const kept: Buffer[] = [];
  const due = client.due.bind(client);
  client.due = (now, wallClockMs) => {
    const packets = due(now, wallClockMs);
    kept.push(...packets.map((packet) => Buffer.from(packet)));
    kept.splice(0, Math.max(0, kept.length - KEPT));
    return packets;
  };
  return kept;
}

/** RTCP about slots and streams, with numbers at random. */
function rtcp(random: RandomBytes, client: FakeClient): Buffer {
  const slots = [...client.plan.videoSlots, ...client.plan.audioSlots];
  const ssrc = (): number => {
    const slot = slots[random.below(slots.length)];
    const encoding = client.encodings[random.below(client.encodings.length)];
    return (
      [slot?.ssrc, slot?.rtxSsrc, encoding?.ssrc, encoding?.rtxSsrc, random.next()][random.below(5)] ?? 0
    );
  };
  const senderSsrc = ssrc();
  const block = {
    ssrc: ssrc(),
    fractionLost: random.below(256),
    cumulativeLost: random.below(1_000),
    highestSequence: random.next(),
    jitter: random.next(),
    lastSenderReport: random.next(),
    delaySinceLastSenderReport: random.next(),
  };
  const arrivals = Float64Array.from({ length: 1 + random.below(60) }, () =>
    random.below(3) === 0 ? Number.NaN : random.below(10_000),
  );
  arrivals[0] = 1_000;
  const sequenceNumbers = Array.from({ length: 1 + random.below(40) }, () => random.below(65_536));
  const first = { ntpSeconds: random.next(), ntpFraction: random.next(), rtpTimestamp: random.next() };
  switch (random.below(7)) {
    case 0:
      return client.say({ kind: 'nack', senderSsrc, mediaSsrc: ssrc(), sequenceNumbers });
    case 1:
      return client.say({ kind: 'pli', senderSsrc, mediaSsrc: ssrc() });
    case 2:
      return client.say({ kind: 'bye', ssrcs: [ssrc(), ssrc()], reason: '' });
    case 3:
      return client.say({ kind: 'rr', ssrc: senderSsrc, blocks: [block] });
    case 4:
      return client.say({
        kind: 'sr',
        ssrc: ssrc(),
        ...first,
        packetCount: 1,
        octetCount: 1,
        blocks: [block],
      });
    case 5:
      return client.say({
        kind: 'fir',
        senderSsrc,
        entries: [{ ssrc: ssrc(), sequenceNumber: random.below(256) }],
      });
    default:
      return client.say({
        kind: 'transport-feedback',
        senderSsrc,
        mediaSsrc: ssrc(),
        baseSequence: random.below(65_536),
        feedbackCount: random.below(256),
        arrivals: arrivals.map((at, index) => (index === 0 || Number.isNaN(at) ? at : 1_000 + (at % 50))),
      });
  }
}

test(
  'damaged and random packets, RTP and RTCP',
  () => {
    const seed = FUZZ_SEED;
    const random = new RandomBytes(seed);
    const world = new RoomWorld({ seed });
    const bad = world.join('bad');
    const ann = world.join('ann');
    const ben = world.join('ben');
    world.want(ann, [0, 'ben', 1_280], [1, 'bad', 1_280]);
    const kept = keepSent(bad);
    world.run(1_000);
    const each = 20;
    try {
      for (let tried = 0; tried < INPUTS; tried += each) {
        for (let now = 0; now < each; now += 1) {
          const packet = kept[random.below(kept.length)] ?? Buffer.alloc(0);
          const kind = random.below(4);
          const bytes =
            kind === 0
              ? random.bytes(random.below(120))
              : kind === 1
                ? rtcp(random, bad)
                : random.damage(packet);
          world.room.receive(bad.link, bytes, world.now);
        }
        world.run(5);
        // So that the two who watch and are watched keep nothing of hours.
        if (tried % 10_000 === 0)
          for (const output of [...ann.video, ...ann.audio, ...ben.video, ...ben.audio]) output.forget();
      }
    } catch (error) {
      throw new Error(`MARU_FUZZ_SEED=${seed} shows it`, { cause: error });
    }
    world.run(1_000);
    // The other two have noticed nothing.
    expect(ann.slotOf('ben', 'camera')).toBe(0);
    expect(ann.video[0]?.since(world.now - 500).length).toBeGreaterThan(15);
    const voice = ben.audio[ben.slotOf('ann', 'mic')];
    expect(voice?.since(world.now - 500).length).toBeGreaterThan(20);
    expect(ann.video[0]?.complaints(true)).toEqual([]);
  },
  FUZZ_TIMEOUT_MS + 300_000,
);
