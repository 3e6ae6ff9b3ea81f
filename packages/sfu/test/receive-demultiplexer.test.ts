// Packets of a BUNDLE told apart: MID and RID latch, repairs follow, and no client makes it remember without end.

import { describe, expect, test } from 'vitest';
import { Demultiplexer } from '../src/receive/demultiplexer.js';
import type { LinkPlan, PayloadCodec, SendingLine } from '../src/sdp/link-plan.js';
import { OFFERS, planned, RECORDED } from './recorded-offers.js';
import { RandomBytes } from './support/random-bytes.js';
import { type RtpContent, rtpPacket } from './support/rtp-bytes.js';

const NONE = { audioLevel: 0, transportSequence: 0, absoluteSendTime: 0, videoOrientation: 0 };
const EXTENSIONS = { ...NONE, mid: 1, rid: 2, repairedRid: 3, dependencyDescriptor: 0, playoutDelay: 0 };
const codec = (name: string, payloadType: number, rtxPayloadType: number | null): PayloadCodec => ({
  name,
  payloadType,
  rtxPayloadType,
  clockRate: name === 'opus' ? 48_000 : 90_000,
  channels: name === 'opus' ? 2 : null,
  parameters: '',
  feedback: [],
});
const OPUS = codec('opus', 111, null);
const VP8 = codec('VP8', 96, 97);
const VP9 = codec('VP9', 98, 99);
const mic: SendingLine = { line: 'mic', mid: '0', kind: 'audio', codecs: [OPUS], rids: [], ssrcs: [] };
const camera: SendingLine = {
  line: 'camera',
  mid: '1',
  kind: 'video',
  codecs: [VP8, VP9],
  rids: ['l', 'm', 'h'],
  ssrcs: [],
};
const screen: SendingLine = {
  line: 'screen',
  mid: '2',
  kind: 'video',
  codecs: [VP8, VP9],
  rids: [],
  ssrcs: [{ ssrc: 700, rtxSsrc: 701 }],
};
const PLAN = { lines: [mic, camera, screen], extensions: EXTENSIONS };

interface Said {
  readonly mid?: string;
  readonly rid?: string;
  readonly repairedRid?: string;
}

function packet(ssrc: number, payloadType: number, said: Said = {}, ids = EXTENSIONS) {
  const extensions: [number, Uint8Array][] = [];
  if (said.mid !== undefined) extensions.push([ids.mid, Buffer.from(said.mid)]);
  if (said.rid !== undefined) extensions.push([ids.rid, Buffer.from(said.rid)]);
  if (said.repairedRid !== undefined) extensions.push([ids.repairedRid, Buffer.from(said.repairedRid)]);
  const content: RtpContent = { ssrc, payloadType, extensions, payload: Buffer.alloc(4) };
  return rtpPacket(content);
}

const demultiplexer = (plan: Pick<LinkPlan, 'lines' | 'extensions'> = PLAN) => new Demultiplexer(plan);

describe('what a packet says of itself', () => {
  test('MID and RID latch an SSRC, which needs to say no more', () => {
    const demux = demultiplexer();
    const route = demux.route(packet(10, 96, { mid: '1', rid: 'm' }));
    expect(route).toMatchObject({ line: camera, rid: 'm', ssrc: 10, repair: false, codec: VP8, index: 2 });
    expect(demux.route(packet(10, 96))).toBe(route);
    expect(demux.route(packet(10, 98))).toMatchObject({ rid: 'm', ssrc: 10, codec: VP9 });
    expect(demux.route(packet(10, 111))).toBeNull();
    expect(demux.route(packet(10, 96))).toMatchObject({ codec: VP8 });
  });

  test('a repaired RID latches the repairs to their stream, once that is known', () => {
    const demux = demultiplexer();
    const repair = packet(11, 97, { mid: '1', repairedRid: 'h' });
    expect(demux.route(repair)).toBeNull();
    demux.route(packet(10, 96, { mid: '1', rid: 'h' }));
    expect(demux.route(repair)).toMatchObject({ rid: 'h', ssrc: 10, repair: true, codec: VP8 });
    expect(demux.route(packet(11, 96))).toBeNull();
  });

  test('repairs of a codec that the sender has left, or not begun, are not mixed in', () => {
    const demux = demultiplexer();
    demux.route(packet(10, 96, { mid: '1', rid: 'h' }));
    demux.route(packet(11, 97, { mid: '1', repairedRid: 'h' }));
    expect(demux.route(packet(11, 99))).toBeNull();
    demux.route(packet(10, 98));
    expect(demux.route(packet(11, 97))).toBeNull();
    expect(demux.route(packet(11, 99))).toMatchObject({ ssrc: 10, repair: true, codec: VP9 });
  });

  test('repairs that say RID, as some senders do, are told by their payload type', () => {
    const demux = demultiplexer();
    demux.route(packet(10, 96, { mid: '1', rid: 'l' }));
    expect(demux.route(packet(12, 97, { mid: '1', rid: 'l' }))).toMatchObject({
      rid: 'l',
      ssrc: 10,
      repair: true,
    });
  });

  test('an SSRC that the offer declares is known from the first packet', () => {
    const demux = demultiplexer();
    expect(demux.route(packet(700, 96))).toMatchObject({ line: screen, rid: null, ssrc: 700, repair: false });
    expect(demux.route(packet(701, 97))).toMatchObject({ line: screen, rid: null, ssrc: 700, repair: true });
  });

  test('a payload type that only one line has is the last resort', () => {
    const demux = demultiplexer();
    expect(demux.route(packet(30, 111))).toMatchObject({ line: mic, ssrc: 30 });
    expect(demux.route(packet(31, 96))).toBeNull();
    const one = demultiplexer({ lines: [mic, camera], extensions: EXTENSIONS });
    expect(one.route(packet(31, 96))).toBeNull();
    expect(one.route(packet(31, 96, { rid: 'h' }))).toMatchObject({ line: camera, rid: 'h' });
  });

  test.each([
    ['an unknown MID', packet(1, 111, { mid: '9' })],
    ['an unknown RID', packet(1, 96, { mid: '1', rid: 'x' })],
    ['no RID where there are several', packet(1, 96, { mid: '1' })],
    ['a payload type of another line', packet(1, 111, { mid: '1', rid: 'l' })],
    ['a repaired RID on no repair', packet(1, 96, { mid: '1', repairedRid: 'l' })],
  ])('%s is nobody’s, and not remembered', (_name, stray) => {
    const demux = demultiplexer();
    const before = demux.size;
    expect(demux.route(stray)).toBeNull();
    expect(demux.size).toBe(before);
  });
});

describe('an encoding that changes its SSRC', () => {
  test('is latched anew, its repairs with it, and late packets do not take it back', () => {
    const demux = demultiplexer();
    const former = packet(10, 96, { mid: '1', rid: 'h' });
    const first = demux.route(former);
    demux.route(packet(11, 97, { mid: '1', repairedRid: 'h' }));
    const second = demux.route(packet(20, 96, { mid: '1', rid: 'h' }));
    expect(second).toMatchObject({ ssrc: 20, index: first?.index });
    expect(demux.route(packet(11, 97))).toMatchObject({ ssrc: 20, repair: true });
    for (let late = 0; late < 200; late += 1) {
      expect(demux.route(former)).toBeNull();
      expect(demux.route(packet(20, 96))).toBe(second);
    }
  });

  test('can go back when the newer one is silent', () => {
    const demux = demultiplexer();
    const former = packet(10, 96, { mid: '1', rid: 'h' });
    demux.route(former);
    demux.route(packet(20, 96, { mid: '1', rid: 'h' }));
    const routes = Array.from({ length: 60 }, () => demux.route(former));
    expect(routes[0]).toBeNull();
    expect(routes.at(-1)).toMatchObject({ ssrc: 10 });
  });

  test('is kept when it says goodbye, for browsers go on with the same SSRC and say no RID', () => {
    const demux = demultiplexer();
    demux.route(packet(10, 96, { mid: '1', rid: 'h' }));
    expect(demux.goodbye(10)).toMatchObject({ line: camera, rid: 'h', index: 3 });
    expect(demux.goodbye(99)).toBeNull();
    expect(demux.route(packet(10, 96))).toMatchObject({ rid: 'h' });
  });

  test('however often it does, and whatever else comes, little is remembered', () => {
    const demux = demultiplexer();
    const random = new RandomBytes(7);
    const said = ['0', '1', '2', 'x', 'l', 'm', 'h'];
    for (let count = 0; count < 20_000; count += 1) {
      const mid = said[random.below(8)];
      const rid = said[random.below(8)];
      const types = [96, 97, 98, 99, 111, 5];
      const type = types[random.below(types.length)] ?? 0;
      const text = random.below(2) ? { ...(rid && { rid }) } : { ...(rid && { repairedRid: rid }) };
      const route = demux.route(packet(random.next(), type, { ...(mid && { mid }), ...text }));
      if (route !== null && route.ssrc < 0) expect.fail('a route without an SSRC');
    }
    expect(demux.size).toBeLessThanOrEqual(10);
  });
});

describe.each(RECORDED)('the offer of %s', (name) => {
  const plan = planned(OFFERS[name]);

  test('every encoding of every line is told from all others', () => {
    const demux = demultiplexer(plan);
    const seen = new Set<number>();
    let ssrc = 5_000;
    for (const line of plan.lines) {
      for (const rid of line.rids.length > 0 ? line.rids : [undefined]) {
        const media = line.codecs[0] as PayloadCodec;
        const said = { mid: line.mid, ...(rid !== undefined && { rid }) };
        ssrc += 1;
        const route = demux.route(packet(ssrc, media.payloadType, said, plan.extensions));
        expect(route).toMatchObject({ line, rid: rid ?? null, ssrc, repair: false, codec: media });
        seen.add(route?.index ?? -1);
      }
    }
    expect(seen.size).toBe(plan.lines.reduce((sum, { rids }) => sum + Math.max(1, rids.length), 0));
  });
});
