// One stream that a client sends (one encoding of one line): received, marked, kept a while, shown by outlets.

import { createMarksReader, type MarksReader, VIDEO_CODECS } from '../codec/codec.js';
import { type FrameMarks, NO_MARKS } from '../codec/frame-marks.js';
import { NO_SIZES } from '../codec/picture-size.js';
import type { Route } from '../receive/demultiplexer.js';
import { KeyFrameRequests } from '../receive/key-frame-requests.js';
import { ReceiveStream } from '../receive/receive-stream.js';
import { SenderClock, type SenderWallClock } from '../receive/sender-clock.js';
import { extensionDataLength, findExtension } from '../rtp/header-extension.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { ExtensionIds } from '../sdp/link-plan.js';
import { PacketCache } from '../send/packet-cache.js';
import { PictureSoFar } from '../send/picture-so-far.js';
import type { SlotSource } from '../send/slot-source.js';
import type { Outlet } from './outlet.js';
import type { Publication } from './publication.js';

/** Marks of a packet that only fills a sequence number. */
const PADDING: FrameMarks = {
  startOfFrame: false,
  endOfFrame: false,
  keyFrame: false,
  temporalLayer: 0,
  spatialLayer: 0,
  switchingUp: false,
};

export class IncomingStream implements SlotSource {
  readonly cache = new PacketCache();
  readonly reception: ReceiveStream;
  readonly keyFrames = new KeyFrameRequests();
  readonly clock: SenderClock;
  readonly clockRate: number;
  readonly codecName: string;
  readonly rid: string;
  /** Null for audio. */
  readonly picture: PictureSoFar | null;
  /** The outlets that show this stream, or wait for its next key frame. */
  outlets: readonly Outlet[] = [];
  readonly #marks: MarksReader | null;
  /** What was read of the last packet that `take` has taken. */
  marks: FrameMarks = NO_MARKS;
  extendedSequence = -1;
  /** When the client was last asked for a key frame, in milliseconds. */
  askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly publication: Publication,
    readonly route: Route,
    readonly extensions: ExtensionIds,
    wallClock: SenderWallClock,
  ) {
    const { line, codec, ssrc } = route;
    this.rid = route.rid ?? '';
    this.clockRate = codec.clockRate;
    this.codecName = codec.name;
    this.reception = new ReceiveStream({
      ssrc,
      kind: line.kind,
      clockRate: codec.clockRate,
      nack: codec.feedback.includes('nack'),
    });
    this.clock = new SenderClock(codec.clockRate, wallClock);
    const video = VIDEO_CODECS.find((known) => known === codec.name);
    this.#marks = video ? createMarksReader(video) : null;
    this.picture = video ? new PictureSoFar(this.cache) : null;
  }

  /** Takes a packet into the stream; false when it is not to be passed on: double, too late, or nonsense. */
  take(packet: RtpPacket, now: number, recovered: boolean): boolean {
    const marks = this.#read(packet);
    if (!marks) return false;
    const extended = this.reception.receive(packet, now, recovered);
    if (extended < 0) return false;
    this.marks = marks;
    this.extendedSequence = extended;
    this.cache.put(extended, packet, now, marks);
    if (!this.picture) return true;
    this.picture.onPacket(extended, marks, now);
    if (marks.keyFrame && marks.startOfFrame) this.#keyFrame(extended, now);
    this.publication.heard(this, packet, marks, now);
    return true;
  }

  /** Somebody needs a key frame that begins from now on. */
  askKeyFrame(now: number): void {
    if (this.picture) this.keyFrames.ask(now);
  }

  /** Whether packets came lately, so that a key frame may be hoped for. */
  heardWithin(milliseconds: number, now: number): boolean {
    return now - this.reception.lastPacketAt <= milliseconds;
  }

  /** Forgets packets that are too old, also when no others come. */
  expire(now: number): void {
    this.picture?.expire(now);
    this.cache.expire(now);
  }

  #read(packet: RtpPacket): FrameMarks | null {
    if (!this.#marks) return NO_MARKS;
    if (packet.payloadLength === 0) return PADDING;
    const id = this.extensions.dependencyDescriptor;
    const offset = id === 0 ? -1 : findExtension(packet, id);
    const descriptor =
      offset < 0 ? null : packet.bytes.subarray(offset, offset + extensionDataLength(packet, id));
    return this.#marks.read(packet, descriptor);
  }

  #keyFrame(extended: number, now: number): void {
    this.reception.keyFrameBegan(extended);
    this.keyFrames.arrived(now);
    this.publication.activity.setSizes(this.rid, this.#marks?.sizes ?? NO_SIZES);
  }
}
