// Picture ids of an outgoing stream are continuous whatever switches and drops happen, and one packet always gets the same.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPictureIdRewriter, type PictureIdRewriter, type VideoCodec } from '../src/codec/codec.js';
import { Vp8Descriptor } from '../src/codec/vp8-descriptor.js';
import { Vp9Descriptor } from '../src/codec/vp9-descriptor.js';
import type { RtpPacket } from '../src/rtp/rtp-packet.js';
import { packetOf, payloadCopy, vp8Payload, vp9Payload } from './support/codec-packets.js';

const ROOM = 5;

function rewriterOf(codec: VideoCodec): PictureIdRewriter {
  const rewriter = createPictureIdRewriter(codec);
  if (rewriter === null) throw new Error(`${codec} has none`);
  return rewriter;
}

function made(codec: VideoCodec): PictureIdRewriter {
  const rewriter = rewriterOf(codec);
  others.set(rewriter, rewriterOf(codec));
  return rewriter;
}

/** For each rewriter another one, whose ids lie in the scratch before, as those of other receivers do in the SFU. */
const others = new WeakMap<PictureIdRewriter, PictureIdRewriter>();

/** The payload as it goes out. */
function rewritten(rewriter: PictureIdRewriter, packet: RtpPacket): Buffer {
  const scratch = payloadCopy(packet, ROOM);
  others.get(rewriter)?.apply(0x5a5a5a5, packet, scratch, ROOM);
  rewriter.rewrite(packet, scratch, ROOM);
  return scratch.subarray(ROOM);
}

/** Compares without the cost of an assertion each time. */
function same(actual: object, expected: object): void {
  const equal = Buffer.isBuffer(actual)
    ? actual.equals(expected as Buffer)
    : JSON.stringify(actual) === JSON.stringify(expected);
  if (!equal) expect(actual).toEqual(expected);
}

function ids8(payload: Uint8Array) {
  const descriptor = new Vp8Descriptor();
  if (!descriptor.read(packetOf(payload))) throw new Error('no descriptor');
  const { pictureId, tl0PictureIndex, keyIndex, temporalLayer, pictureIdBits } = descriptor;
  return { pictureId, tl0PictureIndex, keyIndex, temporalLayer, bits: pictureIdBits };
}

function ids9(payload: Uint8Array) {
  const descriptor = new Vp9Descriptor();
  if (!descriptor.read(packetOf(payload))) throw new Error('no descriptor');
  return { pictureId: descriptor.pictureId, tl0PictureIndex: descriptor.tl0PictureIndex };
}

/** A source that counts on while nobody looks, in the pattern of three temporal layers. */
class Source {
  #frame = 0;
  #pictureId: number;
  #tl0: number;
  #key: number;
  readonly bits: 7 | 15;

  constructor(start: { pictureId: number; tl0: number; key: number; wide: boolean }) {
    this.#pictureId = start.pictureId;
    this.#tl0 = start.tl0;
    this.#key = start.key;
    this.bits = start.wide ? 15 : 7;
  }

  /** Frames that nobody is shown. */
  skip(frames: number): void {
    for (let count = 0; count < frames; count += 1) this.#next();
  }

  /** Moves on to the next frame and tells its temporal layer. */
  #next(): number {
    const temporalLayer = [0, 2, 1, 2][this.#frame % 4] as number;
    this.#frame += 1;
    this.#pictureId += 1;
    if (temporalLayer === 0) this.#tl0 += 1;
    return temporalLayer;
  }

  /** The packets of the next frame and its temporal layer. */
  frame(keyFrame: boolean, packets: number) {
    if (keyFrame) {
      this.#frame = 0;
      this.#key += 1;
    }
    const temporalLayer = this.#next();
    const fields = {
      pictureId: this.#pictureId % (this.bits === 15 ? 0x8000 : 0x80),
      bits: this.bits,
      tl0PictureIndex: this.#tl0 % 256,
      temporalLayer,
    };
    const key = this.#key;
    return {
      temporalLayer,
      vp8: Array.from({ length: packets }, (_, index) =>
        packetOf(vp8Payload({ ...fields, keyIndex: key, start: index === 0, keyFrame })),
      ),
      vp9: Array.from({ length: packets }, (_, index) =>
        packetOf(
          vp9Payload({ ...fields, start: index === 0, end: index === packets - 1, interPicture: !keyFrame }),
        ),
      ),
    };
  }
}

const sources = fc.array(
  fc.record({
    pictureId: fc.oneof(fc.nat(0x7fff), fc.constantFrom(0x7ffe, 0x7e, 0)),
    tl0: fc.nat(255),
    key: fc.nat(31),
    wide: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

/** What is watched: which source, how many frames, up to which temporal layer. The first frame is a key frame. */
const watches = fc.array(
  fc.record({
    source: fc.nat(2),
    unseen: fc.nat(300),
    frames: fc.array(fc.record({ limit: fc.nat(2), packets: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 40,
    }),
  }),
  { minLength: 1, maxLength: 8 },
);

test('VP8: ids go up by one from frame to frame, whatever is switched and dropped', () => {
  fc.assert(
    fc.property(sources, watches, (starts, watched) => {
      const all = starts.map((start) => new Source(start));
      const rewriter = made('VP8');
      const sent: { packet: RtpPacket; payload: Buffer; snapshot: number }[] = [];
      let last: ReturnType<typeof ids8> | null = null;
      for (const watch of watched) {
        const source = all[watch.source % all.length] as Source;
        source.skip(watch.unseen);
        const segment: typeof sent = [];
        for (const [index, { limit, packets }] of watch.frames.entries()) {
          const frame = source.frame(index === 0, packets);
          if (index === 0) rewriter.switchTo(frame.vp8[0] as RtpPacket);
          if (frame.temporalLayer > limit) {
            for (const packet of frame.vp8) rewriter.dropFrame(packet);
            continue;
          }
          const before = last;
          for (const packet of frame.vp8) {
            const payload = rewritten(rewriter, packet);
            segment.push({ packet, payload, snapshot: rewriter.snapshot() });
            last = ids8(payload);
            if (before === null) continue;
            same(last, {
              pictureId: (before.pictureId + 1) % (source.bits === 15 ? 0x8000 : 0x80),
              tl0PictureIndex: (before.tl0PictureIndex + (frame.temporalLayer === 0 ? 1 : 0)) % 256,
              keyIndex: (before.keyIndex + (index === 0 ? 1 : 0)) % 32,
              temporalLayer: frame.temporalLayer,
              bits: source.bits,
            });
          }
        }
        // What comes again, in any order, is as it was; and asking changes nothing.
        for (const { packet, payload } of segment.slice(-60).reverse()) {
          same(rewritten(rewriter, packet), payload);
        }
        sent.push(...segment);
      }
      for (const { packet, payload, snapshot } of sent) {
        const scratch = payloadCopy(packet, ROOM);
        rewriter.apply(snapshot, packet, scratch, ROOM);
        same(scratch.subarray(ROOM), payload);
      }
    }),
    { numRuns: 200 },
  );
});

test('VP9: ids follow on over switches, and gaps stay where frames were left out', () => {
  fc.assert(
    fc.property(sources, watches, (starts, watched) => {
      const all = starts.map((start) => new Source({ ...start, wide: true }));
      const rewriter = made('VP9');
      const sent: { packet: RtpPacket; payload: Buffer; snapshot: number }[] = [];
      let last: ReturnType<typeof ids9> | null = null;
      for (const watch of watched) {
        const source = all[watch.source % all.length] as Source;
        source.skip(watch.unseen);
        let skipped = 0;
        for (const [index, { limit, packets }] of watch.frames.entries()) {
          const frame = source.frame(index === 0, packets);
          if (index === 0) {
            rewriter.switchTo(frame.vp9[0] as RtpPacket);
            skipped = 0;
          }
          if (frame.temporalLayer > limit) {
            for (const packet of frame.vp9) rewriter.dropFrame(packet);
            skipped += 1;
            continue;
          }
          const before = last;
          for (const packet of frame.vp9) {
            const payload = rewritten(rewriter, packet);
            sent.push({ packet, payload, snapshot: rewriter.snapshot() });
            last = ids9(payload);
            if (before === null) continue;
            same(last, {
              pictureId: (before.pictureId + 1 + skipped) % 0x8000,
              tl0PictureIndex: (before.tl0PictureIndex + (frame.temporalLayer === 0 ? 1 : 0)) % 256,
            });
          }
          skipped = 0;
        }
      }
      for (const { packet, payload, snapshot } of sent) {
        const scratch = payloadCopy(packet, ROOM);
        rewriter.apply(snapshot, packet, scratch, ROOM);
        same(scratch.subarray(ROOM), payload);
      }
    }),
    { numRuns: 200 },
  );
});

function frame8(pictureId: number, fields: { temporalLayer?: number; tl0PictureIndex?: number } = {}) {
  return packetOf(vp8Payload({ pictureId, tl0PictureIndex: 0, temporalLayer: 0, ...fields }));
}

test('VP8: a frame that comes late, across a drop, has the place that was left for it', () => {
  const rewriter = made('VP8');
  const id = (pictureId: number) => ids8(rewritten(rewriter, frame8(pictureId))).pictureId;
  rewriter.switchTo(frame8(7));
  expect(id(7)).toBe(7);
  rewriter.switchTo(frame8(100));
  expect(id(100)).toBe(8);
  // 101 is late, 102 is dropped.
  rewriter.dropFrame(frame8(102));
  expect(id(103)).toBe(10);
  expect(id(101)).toBe(9);
  rewriter.dropFrame(frame8(102));
  expect(id(104)).toBe(11);
  // 105 is late and dropped when a later one is through: its place stays empty.
  expect(id(106)).toBe(13);
  rewriter.dropFrame(frame8(105));
  expect(id(107)).toBe(14);
  expect([103, 100, 101].map(id)).toEqual([10, 8, 9]);
});

test('VP8: a switch that never sent anything takes no id, and what was late does not set the last one', () => {
  const rewriter = made('VP8');
  const id = (pictureId: number) => ids8(rewritten(rewriter, frame8(pictureId))).pictureId;
  rewriter.switchTo(frame8(10));
  expect([10, 12, 11].map(id)).toEqual([10, 12, 11]);
  rewriter.switchTo(frame8(900));
  rewriter.switchTo(frame8(500));
  expect([500, 501].map(id)).toEqual([13, 14]);
});

test('VP8: a source that begins to count anew is followed', () => {
  const rewriter = made('VP8');
  const id = (pictureId: number) => ids8(rewritten(rewriter, frame8(pictureId))).pictureId;
  rewriter.switchTo(frame8(5000));
  expect([5000, 5001].map(id)).toEqual([5000, 5001]);
  rewriter.dropFrame(frame8(5002));
  expect([3000, 3001].map(id)).toEqual([2999, 3000]);
  rewriter.dropFrame(frame8(3002));
  expect(id(3003)).toBe(3001);
  rewriter.switchTo(frame8(7));
  expect(id(7)).toBe(3002);
});

test('VP8: a dropped frame of the base layer closes up TL0PICIDX too', () => {
  const rewriter = made('VP8');
  const ids = (pictureId: number, tl0PictureIndex: number) =>
    ids8(rewritten(rewriter, frame8(pictureId, { tl0PictureIndex })));
  rewriter.switchTo(frame8(1, { tl0PictureIndex: 255 }));
  expect(ids(1, 255)).toMatchObject({ pictureId: 1, tl0PictureIndex: 255 });
  rewriter.dropFrame(frame8(2, { tl0PictureIndex: 0 }));
  expect(ids(3, 1)).toMatchObject({ pictureId: 2, tl0PictureIndex: 0 });
});

test('VP8: sources without ids, or with some of them only, are left as they are', () => {
  const rewriter = made('VP8');
  const bare = packetOf(vp8Payload({ keyFrame: true }));
  rewriter.switchTo(bare);
  expect(rewritten(rewriter, bare)).toEqual(payloadCopy(bare));
  rewriter.dropFrame(bare);
  const layers = packetOf(vp8Payload({ temporalLayer: 1, layerSync: true }));
  expect(rewritten(rewriter, layers)).toEqual(payloadCopy(layers));
  rewriter.switchTo(frame8(4));
  expect(ids8(rewritten(rewriter, frame8(4))).pictureId).toBe(4);
  rewriter.switchTo(bare);
  expect(rewritten(rewriter, bare)).toEqual(payloadCopy(bare));
  rewriter.switchTo(frame8(9));
  expect(ids8(rewritten(rewriter, frame8(9))).pictureId).toBe(5);
});

test('VP9: spatial layers of a picture keep one id, in flexible mode too', () => {
  const rewriter = made('VP9');
  const picture = (pictureId: number, spatialLayer: number) =>
    packetOf(vp9Payload({ pictureId, flexible: true, temporalLayer: 0, spatialLayer }));
  const id = (pictureId: number, layer: number) =>
    ids9(rewritten(rewriter, picture(pictureId, layer))).pictureId;
  rewriter.switchTo(picture(0x7fff, 0));
  expect([id(0x7fff, 0), id(0x7fff, 1), id(0, 0)]).toEqual([0x7fff, 0x7fff, 0]);
  rewriter.switchTo(picture(60, 0));
  rewriter.dropFrame(picture(60, 1));
  expect([id(60, 0), id(61, 0), id(61, 1), id(60, 1)]).toEqual([1, 2, 2, 1]);
  rewriter.switchTo(picture(5, 0));
  expect(id(5, 0)).toBe(3);
});

test('H.264 and AV1 have no ids in their payloads', () => {
  expect(createPictureIdRewriter('H264')).toBeNull();
  expect(createPictureIdRewriter('AV1')).toBeNull();
});

test('a malformed packet changes nothing', () => {
  for (const codec of ['VP8', 'VP9'] as const) {
    const rewriter = made(codec);
    const packet = packetOf([0xf0, 0x80]);
    const scratch = payloadCopy(packet, ROOM);
    rewriter.switchTo(packet);
    rewriter.rewrite(packet, scratch, ROOM);
    rewriter.dropFrame(packet);
    rewriter.apply(1, packet, scratch, ROOM);
    expect(scratch).toEqual(payloadCopy(packet, ROOM));
  }
});
