// Losses on either side of the SFU, key frames that are asked for, and senders that begin anew.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';

function pair(width = 320): { world: RoomWorld; ann: FakeClient; ben: FakeClient } {
  const world = new RoomWorld();
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.want(ann, [0, 'ben', width]);
  world.run(1_000);
  return { world, ann, ben };
}

test('what a viewer lost is sent again by RTX, the same packet under the same number', () => {
  const { world, ann } = pair(640);
  ann.down.options.loss = 0.1;
  world.run(5_000);
  const [output] = ann.video;
  expect(ann.receiver.nacked).toBeGreaterThan(10);
  expect(output?.repetitions.length).toBeGreaterThan(10);
  // Of all that was sent, nearly all has come in the end.
  expect(world.check()).toEqual([]);
});

test('what the SFU lost is asked for, comes by RTX, and is passed on in its place', () => {
  const { world, ann, ben } = pair(640);
  ben.up.options.loss = 0.1;
  world.run(5_000);
  ben.up.options.loss = 0;
  world.run(1_000);
  const repeated = ben.of('camera').reduce((sum, encoding) => sum + encoding.repeated, 0);
  expect(repeated).toBeGreaterThan(10);
  const sequences =
    ann.video[0]
      ?.since(2_500)
      .map(({ sequence }) => sequence)
      .sort((a, b) => a - b) ?? [];
  const missing = (sequences.at(-1) ?? 0) - (sequences[0] ?? 0) + 1 - sequences.length;
  expect(missing).toBeLessThan(sequences.length / 50);
  expect(world.check()).toEqual([]);
});

test('forty viewers who lose their picture make one key frame', () => {
  const world = new RoomWorld();
  const ben = world.join('ben');
  const viewers = Array.from({ length: 40 }, (_, index) => {
    const client = world.open(`v${index}`);
    world.connect(client);
    world.seat(client);
    world.want(client, [0, 'ben', 320]);
    return client;
  });
  world.run(1_500);
  const small = ben.encoding('camera', 'l');
  const made = small.keyFrames;
  for (const viewer of viewers) {
    const slot = viewer.plan.videoSlots[0];
    if (!slot) throw new Error('no slot');
    const senderSsrc = viewer.receiver.ssrc;
    world.send(viewer, viewer.say({ kind: 'pli', senderSsrc, mediaSsrc: slot.ssrc }));
    world.send(
      viewer,
      viewer.say({ kind: 'fir', senderSsrc, entries: [{ ssrc: slot.ssrc, sequenceNumber: 1 }] }),
    );
  }
  world.run(1_000);
  expect(small.keyFrames).toBe(made + 1);
  for (const viewer of viewers) {
    expect(viewer.video[0]?.since(world.now - 950).some(({ label }) => label?.keyFrame)).toBe(true);
  }
  expect(world.check()).toEqual([]);
});

test('a viewer who keeps asking does not make a camera send nothing but key frames', () => {
  const { world, ann, ben } = pair();
  const small = ben.encoding('camera', 'l');
  const made = small.keyFrames;
  const mediaSsrc = ann.plan.videoSlots[0]?.ssrc ?? 0;
  world.run(10_000, () => world.send(ann, ann.say({ kind: 'pli', senderSsrc: 1, mediaSsrc })));
  expect(small.keyFrames - made).toBeLessThanOrEqual(15);
});

test('a sender that begins an encoding anew, with another SSRC, is shown on', () => {
  const { world, ann, ben } = pair();
  const seat = ann.slotOf('ben', 'camera');
  for (const [index, encoding] of ben.encodings.entries()) {
    // A declared SSRC does not change.
    if (encoding.options.rid !== '') encoding.restart(0x5000_0000 + index * 16);
  }
  world.run(500);
  expect(ann.slotOf('ben', 'camera')).toBe(seat);
  const after = ann.video[seat]?.since(world.now - 350) ?? [];
  expect(after.length).toBeGreaterThan(5);
  expect(world.check()).toEqual([]);
});

test('sender reports of slots say where their streams stand, soon after a change of source', () => {
  const { world, ann } = pair();
  const slot = ann.plan.videoSlots[0];
  const before = ann.heard.filter(
    ({ message }) => message.kind === 'sr' && message.ssrc === slot?.ssrc,
  ).length;
  expect(before).toBeGreaterThanOrEqual(1);
  world.want(ann);
  world.run(20);
  world.want(ann, [0, 'ben', 320]);
  const at = world.now;
  world.run(500);
  const reports = ann.heard.filter(
    (one) => one.at > at && one.message.kind === 'sr' && one.message.ssrc === slot?.ssrc,
  );
  expect((reports[0]?.at ?? Number.POSITIVE_INFINITY) - at).toBeLessThan(300);
});

test('what clients send is reported to them: arrivals, losses, and reports', () => {
  const { world, ben } = pair();
  world.run(3_000);
  const kinds = ben.heard.map(({ message }) => message.kind);
  expect(kinds.filter((kind) => kind === 'transport-feedback').length).toBeGreaterThan(30);
  expect(kinds.filter((kind) => kind === 'rr').length).toBeGreaterThanOrEqual(3);
  const blocks = ben.heard.flatMap(({ message }) => (message.kind === 'rr' ? message.blocks : []));
  expect(new Set(blocks.map(({ ssrc }) => ssrc)).size).toBe(4);
  expect(ben.encodings.filter(({ active }) => active).every(({ acknowledged }) => acknowledged)).toBe(true);
});

test('a storm of requests for packets that never were is not looked through', () => {
  const { world, ann } = pair();
  const mediaSsrc = ann.plan.videoSlots[0]?.ssrc ?? 0;
  const sequenceNumbers = Array.from({ length: 4_000 }, (_, index) => (index * 16) & 0xffff);
  const before = ann.video[0]?.repetitions.length ?? 0;
  const bytes = ann.say({ kind: 'nack', senderSsrc: 1, mediaSsrc, sequenceNumbers });
  for (let times = 0; times < 200; times += 1) world.room.receive(ann.link, Buffer.from(bytes), world.now);
  world.run(500);
  // Half of what the path carries, at the very most.
  expect((ann.video[0]?.repetitions.length ?? 0) - before).toBeLessThan(500);
  expect(ann.video[0]?.since(world.now - 300).length).toBeGreaterThan(3);
});

test('a storm of requests about one slot leaves those about another answered', () => {
  const world = new RoomWorld();
  const [ann] = ['ann', 'ben', 'cho'].map((peer) => world.join(peer)) as [FakeClient];
  world.want(ann, [0, 'ben', 320], [1, 'cho', 320]);
  world.run(2_000);
  const [first, second] = ann.plan.videoSlots;
  const sequenceNumbers = Array.from({ length: 4_000 }, (_, index) => (index * 16) & 0xffff);
  const storm = ann.say({ kind: 'nack', senderSsrc: 1, mediaSsrc: first?.ssrc ?? 0, sequenceNumbers });
  for (let times = 0; times < 10; times += 1) world.room.receive(ann.link, Buffer.from(storm), world.now);
  const before = ann.video[1]?.repetitions.length ?? 0;
  const newest = (ann.video[1]?.media.at(-1)?.sequence ?? 0) & 0xffff;
  const asked = { kind: 'nack', senderSsrc: 1, mediaSsrc: second?.ssrc ?? 0 } as const;
  world.room.receive(ann.link, ann.say({ ...asked, sequenceNumbers: [newest] }), world.now);
  world.run(100);
  expect((ann.video[1]?.repetitions.length ?? 0) - before).toBeGreaterThanOrEqual(1);
});

test('who sends more than a link may is cut, and the others are not', () => {
  const world = new RoomWorld({ linkBitrate: 2_000_000 });
  const ann = world.join('ann');
  const ben = world.join('ben');
  world.want(ann, [0, 'ben', 320]);
  world.run(1_000);
  const dropped = world.traffic.packetsDropped;
  const junk = Buffer.alloc(1_200, 0x80);
  let sent = 0;
  world.run(2_000, () => {
    for (let times = 0; times < 10; times += 1, sent += 1)
      world.room.receive(ben.link, Buffer.from(junk), world.now);
  });
  expect(world.traffic.packetsDropped - dropped).toBeGreaterThan(sent / 2);
  expect(ben.slotOf('ann', 'camera')).toBe(0);
  expect(ben.audio[0]?.since(world.now - 1_000).length).toBeGreaterThan(45);
});
