// A stream whose every packet says which it is, so that it is known again at the far end of a slot.
import { type FrameMarks, NO_MARKS } from '../../src/codec/frame-marks.js';
import type { RtpPacket } from '../../src/rtp/rtp-packet.js';
import type { ExtensionIds, PayloadCodec, SlotPlan } from '../../src/sdp/link-plan.js';
import { type CacheLimits, PacketCache } from '../../src/send/packet-cache.js';
import type { SlotClock, SlotSource } from '../../src/send/slot-source.js';
import type { RandomBytes } from './random-bytes.js';
import { rtpPacket } from './rtp-bytes.js';

/** How the sending links number their extensions, and, differently, the receiving one. */
export const SENDER_IDS: ExtensionIds = {
  mid: 1,
  rid: 2,
  repairedRid: 3,
  audioLevel: 4,
  transportSequence: 5,
  absoluteSendTime: 6,
  videoOrientation: 7,
  dependencyDescriptor: 8,
  playoutDelay: 0,
};
export const RECEIVER_IDS: ExtensionIds = {
  mid: 9,
  rid: 0,
  repairedRid: 0,
  audioLevel: 3,
  transportSequence: 2,
  absoluteSendTime: 0,
  videoOrientation: 11,
  dependencyDescriptor: 13,
  playoutDelay: 0,
};

const codec = (
  name: string,
  clockRate: number,
  payloadType: number,
  rtxPayloadType: number | null,
): PayloadCodec => {
  return { name, payloadType, rtxPayloadType, clockRate, channels: null, parameters: '', feedback: [] };
};
export const VIDEO_CODECS = [
  codec('VP8', 90_000, 120, 121),
  codec('AV1', 90_000, 45, 46),
  codec('H264', 90_000, 50, null),
];

export function videoSlot(index: number): SlotPlan {
  const ssrc = 0xfffffff0 - index * 2;
  return { index, mid: `v${index}`, kind: 'video', codecs: VIDEO_CODECS, ssrc, rtxSsrc: ssrc + 1 };
}

export function audioSlot(index: number): SlotPlan {
  const codecs = [codec('opus', 48_000, 109, null)];
  return { index, mid: `a${index}`, kind: 'audio', codecs, ssrc: 77 + index, rtxSsrc: 0 };
}

/** Nothing has been reported yet. */
export const UNKNOWN_CLOCK: SlotClock = { toLocalMs: () => null, rtpAt: () => null };

export interface SentPacket {
  readonly source: SimulatedSource;
  readonly extended: number;
  readonly packet: RtpPacket;
  readonly marks: FrameMarks;
  /** Number of the frame, and of the packet in it. */
  readonly frame: number;
  readonly index: number;
}

/** Layers of frames behind a layer 0, and which of them need nothing but that in a cycle for switching. */
const CYCLE = [0, 2, 1, 2] as const;
const SYNC = [false, true, true, false] as const;
/** VP8's descriptor with all its ids, and the first byte of the picture. */
const DESCRIPTOR_LENGTH = 6;
/** Behind the descriptor: a byte of the picture, source, frame (4), packet. */
export const LABEL_LENGTH = 7;

export class SimulatedSource implements SlotSource {
  readonly cache: PacketCache;
  readonly extensions = SENDER_IDS;
  readonly clockRate: number;
  readonly codecName: string;
  clock: SlotClock = UNKNOWN_CLOCK;
  /** By extended sequence number. */
  readonly sent = new Map<number, SentPacket>();
  readonly frameLayers: FrameMarks[] = [];
  #next: number;
  #timestamp: number;
  #pictureId: number;
  #tl0 = 0;
  #cycle = 0;
  #syncCycle = false;
  #padding = false;

  constructor(
    readonly number: number,
    readonly kind: 'audio' | 'video',
    readonly random: RandomBytes,
    limits: Partial<CacheLimits> = {},
    /** Spatial layers in each picture. */
    readonly spatialLayers = 1,
  ) {
    this.cache = new PacketCache(limits);
    this.clockRate = kind === 'audio' ? 48_000 : 90_000;
    this.codecName = kind === 'audio' ? 'OPUS' : 'VP8';
    // Most of them wrap soon.
    this.#next = random.below(4) ? 65_536 - random.below(500) : random.below(65_536);
    this.#timestamp = random.below(4) ? 2 ** 32 - random.below(2_000_000) : random.next();
    this.#pictureId = 0x7fff - random.below(100);
  }

  get newestTimestamp(): number {
    return this.#timestamp;
  }

  /** The next frame, `afterMs` behind the one before it, as the packets that carry it. */
  nextFrame(keyFrame: boolean, afterMs: number): SentPacket[] {
    this.#timestamp = (this.#timestamp + Math.round((afterMs * this.clockRate) / 1_000)) >>> 0;
    const frame = this.frameLayers.length;
    if (this.kind === 'audio') {
      this.frameLayers.push(NO_MARKS);
      return [this.#packet(Buffer.alloc(0), NO_MARKS, frame, 0, this.random.below(20) === 0)];
    }
    if (keyFrame) this.#cycle = 0;
    if (this.#cycle === 0) this.#syncCycle = keyFrame || this.random.below(3) === 0;
    const layer = CYCLE[this.#cycle] as number;
    const sync = this.#syncCycle && (SYNC[this.#cycle] as boolean);
    this.#cycle = (this.#cycle + 1) % CYCLE.length;
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    if (layer === 0) this.#tl0 = (this.#tl0 + 1) & 0xff;
    const packets: SentPacket[] = [];
    let number = 0;
    for (let spatial = 0; spatial < this.spatialLayers; spatial += 1) {
      const count = 1 + this.random.below(keyFrame ? 6 : 3);
      if (spatial === 0) this.frameLayers.push(this.#marks(keyFrame, layer, sync, 0, 0, count));
      for (let index = 0; index < count; index += 1) {
        const descriptor = Buffer.alloc(DESCRIPTOR_LENGTH);
        descriptor[0] = index === 0 && spatial === 0 ? 0x90 : 0x80;
        descriptor[1] = 0xe0;
        descriptor.writeUInt16BE(0x8000 | this.#pictureId, 2);
        descriptor[4] = this.#tl0;
        descriptor[5] = (layer << 6) | (sync ? 0x20 : 0);
        const marks = this.#marks(keyFrame, layer, sync, spatial, index, count);
        const marker = marks.endOfFrame && spatial === this.spatialLayers - 1;
        packets.push(this.#packet(descriptor, marks, frame, number, marker));
        number += 1;
        if (this.#padding) packets.push(this.#paddingPacket(marks, frame));
      }
    }
    this.#padding = this.random.below(10) === 0;
    return packets;
  }

  #marks(
    keyFrame: boolean,
    layer: number,
    sync: boolean,
    spatialLayer: number,
    index: number,
    count: number,
  ): FrameMarks {
    return {
      startOfFrame: index === 0,
      endOfFrame: index === count - 1,
      keyFrame: keyFrame && index === 0 && spatialLayer === 0,
      temporalLayer: layer,
      spatialLayer,
      switchingUp: keyFrame || sync,
    };
  }

  #packet(descriptor: Buffer, marks: FrameMarks, frame: number, index: number, marker: boolean): SentPacket {
    const label = Buffer.alloc(LABEL_LENGTH);
    label[0] = marks.keyFrame ? 0 : 1;
    label[1] = this.number;
    label.writeUInt32BE(frame, 2);
    label[6] = index;
    const fill = this.random.bytes(this.random.below(40));
    return this.#send(Buffer.concat([descriptor, label, fill]), marks, frame, index, marker, 0);
  }

  #paddingPacket(marks: FrameMarks, frame: number): SentPacket {
    return this.#send(Buffer.alloc(0), { ...marks, startOfFrame: false }, frame, -1, false, 9);
  }

  #send(
    payload: Buffer,
    marks: FrameMarks,
    frame: number,
    index: number,
    marker: boolean,
    padding: number,
  ): SentPacket {
    const extended = this.#next++;
    const level = Buffer.from([frame & 0x7f]);
    const packet = rtpPacket({
      marker,
      payloadType: 96,
      sequenceNumber: extended & 0xffff,
      timestamp: this.#timestamp,
      ssrc: this.number,
      extensions: [
        [SENDER_IDS.mid, Buffer.from('1')],
        [this.kind === 'audio' ? SENDER_IDS.audioLevel : SENDER_IDS.videoOrientation, level],
      ],
      payload,
      padding,
    });
    const sent = { source: this, extended, packet, marks, frame, index };
    this.sent.set(extended, sent);
    return sent;
  }
}
