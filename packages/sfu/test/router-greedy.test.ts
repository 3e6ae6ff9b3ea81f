// Clients that send what no browser would: the others see and hear as before, and the SFU does no more than for a browser.
import { expect, test } from 'vitest';
import type { FakeClient } from './support/fake-client.js';
import { RoomWorld } from './support/room-world.js';
import { rtpBytes } from './support/rtp-bytes.js';

/** Ann is shown Ben, and hears him and Cho, who is going to be greedy. */
function three(linkBitrate?: number) {
  const world = new RoomWorld(linkBitrate === undefined ? {} : { linkBitrate });
  const [ann, ben, cho] = ['ann', 'ben', 'cho'].map((peer) => world.join(peer)) as [
    FakeClient,
    FakeClient,
    FakeClient,
  ];
  world.want(ann, [0, 'ben', 320], [1, 'cho', 320]);
  world.run(2_000);
  return { world, ann, ben, cho };
}

const bytesOf = (packets: readonly { readonly bytes: number }[]): number =>
  packets.reduce((sum, { bytes }) => sum + bytes, 0);

test('a line of sound is passed on up to what sound can be, and takes no picture away', () => {
  const { world, ann, ben, cho } = three();
  const { ssrc, options } = cho.encoding('mic');
  cho.send('mic', false);
  world.run(100);
  const seat = ann.slotOf('cho', 'mic');
  const from = world.now;
  const payload = Buffer.alloc(1_100, 1);
  let sequenceNumber = 0x1000;
  // 8.8 Mbit/s.
  world.run(3_000, () => {
    sequenceNumber = (sequenceNumber + 1) & 0xffff;
    const { payloadType } = options.codec;
    const timestamp = (sequenceNumber * 960) >>> 0;
    const packet = rtpBytes({ payloadType, ssrc, sequenceNumber, timestamp, payload });
    world.room.receive(cho.link, packet, world.now);
  });
  const loud = bytesOf(ann.audio[seat]?.since(from) ?? []);
  expect(loud).toBeGreaterThan(40_000);
  expect(loud).toBeLessThan(3 * 80_000 + 45_000);
  expect(ann.slotOf('ben', 'camera')).toBe(0);
  expect(ann.video[0]?.since(world.now - 500).length).toBeGreaterThan(5);
  expect(ann.audio[ann.slotOf('ben', 'mic')]?.since(world.now - 500).length).toBeGreaterThan(20);
  expect(ben.outdated).toBeNull();
});

test('short packets count as long ones: there are only so many a second', () => {
  const { world, cho } = three(2_000_000);
  const { ssrc, options } = cho.encoding('camera', 'l');
  cho.send('camera', false);
  const dropped = world.traffic.packetsDropped;
  const before = world.traffic.packetsIn;
  const packet = rtpBytes({ payloadType: options.codec.payloadType, ssrc, payload: Buffer.alloc(1) });
  world.run(2_000, () => {
    for (let times = 0; times < 10; times += 1) world.room.receive(cho.link, Buffer.from(packet), world.now);
  });
  const taken = world.traffic.packetsIn - before - (world.traffic.packetsDropped - dropped);
  // 250,000 bytes a second are 1,000 of 250, and half a second's worth at once. The others send about 400.
  expect(taken).toBeLessThan(2_000 + 500 + 1_500);
});

test('an encoding that begins anew with every packet does so only now and then', () => {
  const { world, ann, cho } = three();
  const camera = cho.encoding('camera', 'l');
  cho.send('camera', false);
  const dropped = world.traffic.packetsDropped;
  const { codec, extensions, mid, rid } = camera.options;
  const first = 0x6000_0000;
  let ssrc = first;
  world.run(4_000, () => {
    ssrc += 1;
    const named = [
      [extensions.mid, Buffer.from(mid)],
      [extensions.rid, Buffer.from(rid)],
    ] as const;
    const packet = rtpBytes({
      payloadType: codec.payloadType,
      ssrc,
      extensions: named,
      payload: Buffer.alloc(100),
    });
    world.room.receive(cho.link, packet, world.now);
  });
  const tries = ssrc - first;
  const refused = world.traffic.packetsDropped - dropped;
  // 32 at once and 4 a second come to something.
  expect([tries - refused >= 32, tries - refused <= 50, tries > 500]).toEqual([true, true, true]);
  // Later it begins as ever.
  cho.send('camera');
  camera.ssrc = 0x7000_0001;
  camera.rtxSsrc = 0x7000_0002;
  camera.acknowledged = false;
  world.run(4_000);
  expect(ann.slotOf('cho', 'camera')).toBe(1);
  expect(ann.video[1]?.since(world.now - 500).length).toBeGreaterThan(5);
});
