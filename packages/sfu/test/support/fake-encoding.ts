// One RTP stream of a fake client: frames at their times, as packets that browsers could have sent.

import type { PictureSize } from '../../src/codec/picture-size.js';
import type { LineName } from '../../src/router/room-events.js';
import { ntpFractionAt, ntpSecondsAt } from '../../src/rtcp/ntp-time.js';
import type { SenderReport } from '../../src/rtcp/sender-report.js';
import type { ExtensionIds, PayloadCodec } from '../../src/sdp/link-plan.js';
import { audioPayload, type Label, svcPayload, vp8Payload } from './media-label.js';
import { rtpBytes } from './rtp-bytes.js';

export interface EncodingOptions {
  readonly client: number;
  readonly line: LineName;
  readonly mid: string;
  /** '' for a line without encodings. */
  readonly rid: string;
  readonly codec: PayloadCodec;
  readonly extensions: ExtensionIds;
  ssrc: number;
  rtxSsrc: number;
  readonly width: number;
  readonly height: number;
  readonly frameMs: number;
  /** Of a usual frame, and of each packet, in bytes. */
  readonly packets: number;
  readonly packetBytes: number;
}

/** A key frame is as large as so many others. */
const KEY_FRAME_FACTOR = 4;
/** Chromium makes no more than one key frame in so many milliseconds, however often it is asked. */
const KEY_FRAME_INTERVAL_MS = 300;
/** Packets that can be sent again. */
const HISTORY = 1_000;

interface Sent {
  readonly content: Parameters<typeof rtpBytes>[0];
}

export class FakeEncoding {
  active = true;
  /** Of VP9: how large the spatial layers inside this encoding are; each takes twice as many packets as the one before. */
  spatialLayers: readonly PictureSize[] = [];
  /** Of VP8: a cycle of temporal layers. */
  temporalLayers: readonly number[] = [0];
  /** -dBov of audio (RFC 6464): 0 to 127. */
  level = 127;
  /** Key frames made. */
  keyFrames = 0;
  /** Requests for key frames, and packets sent again. */
  requests = 0;
  repeated = 0;
  ssrc: number;
  rtxSsrc: number;
  /** Whether a report has named the SSRC: from then on MID and RID are left out. */
  acknowledged = false;
  #keyFrameWanted = true;
  #keyFrameAt = Number.NEGATIVE_INFINITY;
  #nextAt = 0;
  #sequence: number;
  #rtxSequence = 7;
  #timestampBase: number;
  #timestamp = 0;
  #frame = 0;
  #pictureId: number;
  #cycle = 0;
  #packetCount = 0;
  #octetCount = 0;
  readonly #history = new Map<number, Sent>();

  constructor(readonly options: EncodingOptions) {
    this.ssrc = options.ssrc;
    this.rtxSsrc = options.rtxSsrc;
    // Near their ends, so that everything wraps in time.
    this.#sequence = (65_400 + options.ssrc) & 0xffff;
    this.#timestampBase = (2 ** 32 - 90_000 * (1 + (options.ssrc % 5))) >>> 0;
    this.#pictureId = 0x7fc0;
  }

  get audio(): boolean {
    return this.options.codec.clockRate === 48_000;
  }

  /** Packets of the frames that are due; `stamp` gives each the link's next transport-wide sequence number. */
  due(now: number, stamp: () => number): Buffer[] {
    const packets: Buffer[] = [];
    if (!this.active) {
      this.#nextAt = now;
      return packets;
    }
    for (; this.#nextAt <= now; this.#nextAt += this.options.frameMs) {
      if (this.#nextAt < now - 1_000) this.#nextAt = now;
      for (const content of this.#nextFrame(this.#nextAt)) packets.push(this.#pack(content, stamp()));
    }
    return packets;
  }

  /** PLI or FIR. */
  askKeyFrame(): void {
    this.requests += 1;
    this.#keyFrameWanted = true;
  }

  /** NACK: the packet once more by RTX, null when it is forgotten. */
  again(sequenceNumber: number, stamp: () => number): Buffer | null {
    const sent = this.#history.get(sequenceNumber);
    const { rtxPayloadType } = this.options.codec;
    if (!sent || rtxPayloadType === null) return null;
    this.repeated += 1;
    const original = Buffer.alloc(2);
    original.writeUInt16BE(sequenceNumber);
    this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
    return rtpBytes({
      ...sent.content,
      payloadType: rtxPayloadType,
      ssrc: this.rtxSsrc,
      sequenceNumber: this.#rtxSequence,
      extensions: this.#extensions(stamp(), true),
      payload: Buffer.concat([original, sent.content.payload ?? Buffer.alloc(0)]),
    });
  }

  /** The sender begins anew, as after `replaceTrack` in some browsers: with another SSRC and other numbers. */
  restart(ssrc: number): void {
    this.ssrc = ssrc;
    this.rtxSsrc = ssrc + 1;
    this.acknowledged = false;
    this.#sequence = (ssrc * 7) & 0xffff;
    this.#timestampBase = (ssrc * 1_000_003) >>> 0;
    this.#pictureId = ssrc & 0x7fff;
    this.#keyFrameWanted = true;
    this.#history.clear();
  }

  senderReport(now: number, wallClockMs: number): SenderReport {
    return {
      kind: 'sr',
      ssrc: this.ssrc,
      ntpSeconds: ntpSecondsAt(wallClockMs),
      ntpFraction: ntpFractionAt(wallClockMs),
      rtpTimestamp: this.#timestampAt(now),
      packetCount: this.#packetCount,
      octetCount: this.#octetCount,
      blocks: [],
    };
  }

  *#nextFrame(now: number): Iterable<Sent['content']> {
    const { width, height, packets, packetBytes } = this.options;
    const keyFrame = !this.audio && this.#keyFrameWanted && now - this.#keyFrameAt >= KEY_FRAME_INTERVAL_MS;
    if (keyFrame) {
      this.#keyFrameWanted = false;
      this.#keyFrameAt = now;
      this.keyFrames += 1;
    }
    this.#timestamp = this.#timestampAt(now);
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    this.#frame += 1;
    this.#cycle = keyFrame ? 0 : (this.#cycle + 1) % this.temporalLayers.length;
    const temporalLayer = this.temporalLayers[this.#cycle] ?? 0;
    const count = packets * (keyFrame ? KEY_FRAME_FACTOR : 1);
    if (this.spatialLayers.length > 0) {
      yield* this.#nextPicture(keyFrame, count);
      return;
    }
    for (let index = 0; index < count; index += 1) {
      const { audio } = this;
      const label = this.#label(index, keyFrame, { temporalLayer });
      const payload = audio
        ? audioPayload(label, packetBytes)
        : vp8Payload(label, { width, height }, packetBytes);
      yield { marker: index === count - 1 && !audio, timestamp: this.#timestamp, payload };
    }
  }

  /** A picture of all spatial layers; `count`: packets of the first. */
  *#nextPicture(keyFrame: boolean, count: number): Iterable<Sent['content']> {
    const { packetBytes } = this.options;
    const packets = this.spatialLayers.flatMap((_, spatialLayer) =>
      Array.from({ length: count * 2 ** spatialLayer }, () => spatialLayer),
    );
    for (const [index, spatialLayer] of packets.entries()) {
      const label = this.#label(index, keyFrame, { spatialLayer });
      const start = packets[index - 1] !== spatialLayer;
      const end = packets[index + 1] !== spatialLayer;
      const payload = svcPayload(label, { start, end }, this.spatialLayers, packetBytes);
      yield { marker: index === packets.length - 1, timestamp: this.#timestamp, payload };
    }
  }

  /** Of a packet of the present frame. */
  #label(
    index: number,
    keyFrame: boolean,
    { spatialLayer = 0, temporalLayer = 0 }: Partial<Pick<Label, 'spatialLayer' | 'temporalLayer'>>,
  ): Label {
    const { client, line, rid } = this.options;
    const pictureId = this.audio ? -1 : this.#pictureId;
    return { client, line, rid, frame: this.#frame, index, keyFrame, pictureId, spatialLayer, temporalLayer };
  }

  #pack(content: Sent['content'], transportSequence: number): Buffer {
    const { codec } = this.options;
    const sequenceNumber = this.#sequence;
    this.#sequence = (sequenceNumber + 1) & 0xffff;
    this.#packetCount += 1;
    this.#octetCount += content.payload?.length ?? 0;
    const whole = { ...content, payloadType: codec.payloadType, ssrc: this.ssrc, sequenceNumber };
    this.#history.set(sequenceNumber, { content: whole });
    this.#history.delete((sequenceNumber - HISTORY) & 0xffff);
    return rtpBytes({ ...whole, extensions: this.#extensions(transportSequence, false) });
  }

  #extensions(transportSequence: number, repair: boolean): [number, Uint8Array][] {
    const { extensions, mid, rid } = this.options;
    const elements: [number, Uint8Array][] = [];
    if (extensions.transportSequence !== 0) {
      elements.push([
        extensions.transportSequence,
        Buffer.from([transportSequence >> 8, transportSequence & 0xff]),
      ]);
    }
    if (this.audio && extensions.audioLevel !== 0) {
      elements.push([extensions.audioLevel, Buffer.from([this.level])]);
    }
    // No report names the SSRC of repetitions.
    if (!this.acknowledged || repair) {
      elements.push([extensions.mid, Buffer.from(mid)]);
      if (rid !== '') elements.push([repair ? extensions.repairedRid : extensions.rid, Buffer.from(rid)]);
    }
    return elements;
  }

  #timestampAt(now: number): number {
    return (this.#timestampBase + Math.round((now * this.options.codec.clockRate) / 1_000)) >>> 0;
  }
}
