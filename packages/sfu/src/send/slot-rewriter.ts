// Gives each packet of a slot's sources its place in the slot's one stream: sequence number, timestamp, picture ids.

import { createPictureIdRewriter, type PictureIdRewriter, VIDEO_CODECS } from '../codec/codec.js';
import type { FrameMarks } from '../codec/frame-marks.js';
import { readFrameNumber } from '../codec/frame-numbers.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { PayloadCodec } from '../sdp/link-plan.js';
import { LayerFilter } from './layer-filter.js';
import { HEADROOM, type PacketScratch } from './packet-scratch.js';
import { SlotSequence } from './slot-sequence.js';
import type { SlotSource } from './slot-source.js';
import { type SlotSpan, SlotSpans } from './slot-span.js';
import { SlotTimeline } from './slot-timeline.js';

/** Frames of the past that a source begins with: how many there are, and the newest one. */
export interface Hurry {
  readonly frames: number;
  readonly timestamp: number;
}

export class SlotRewriter {
  /** What `rewrite` said of the last packet: extended sequence number, timestamp (32 bits, signed), bytes of payload. */
  sequence = -1;
  timestamp = 0;
  payloadLength = 0;
  /** Whether it is the last of its picture, as its receiver gets to see it. */
  marker = false;
  /** The snapshot of its picture ids, 0 where there are none. */
  pictureIds = 0;
  readonly numbers: SlotSequence;
  readonly timeline: SlotTimeline;
  readonly spans = new SlotSpans();
  /** Null for audio. */
  readonly layers: LayerFilter | null;
  #span: SlotSpan | null = null;
  /** By codec, as each goes on where it was. */
  readonly #pictureIds = new Map<string, PictureIdRewriter | null>();
  /** The newest frame number of a dependency descriptor that was sent, 16 bits. */
  #frame = 0;

  /** `seed`: 32 bits that differ from slot to slot, for the first numbers (RFC 3550, section 5.1). */
  constructor(clockRate: number, audio: boolean, seed: number) {
    // In the lower half: a packet lost at the very start must not hide a wrap (RFC 3711, section 3.3.1).
    this.numbers = new SlotSequence(seed & 0x7fff);
    this.timeline = new SlotTimeline(clockRate, audio, seed);
    this.layers = audio ? null : new LayerFilter();
  }

  /** The present source's; null before the first. */
  get span(): SlotSpan | null {
    return this.#span;
  }

  /** Lets go of sources that were left a while ago. `showing`: the present one was not. */
  forgetPast(showing: boolean): void {
    this.spans.forgetPast(showing ? this.#span : null);
    if (this.#span && this.spans.find(this.#span.id) === null) this.#span = null;
  }

  /** A source begins with this packet, sent in the receiver's payload format `codec`. */
  begin(
    source: SlotSource,
    codec: PayloadCodec,
    packet: RtpPacket,
    extendedSequence: number,
    now: number,
    scratch: PacketScratch,
    hurry: Hurry | null,
  ): void {
    let frameOffset = 0;
    if (scratch.descriptor >= 0) {
      frameOffset = (this.#frame + 1 - readFrameNumber(packet.bytes, scratch.descriptor)) & 0xffff;
    }
    const pictureIds = this.#pictureIdsFor(codec.name);
    pictureIds?.switchTo(packet);
    this.#span = { id: this.spans.next(), source, codec, frameOffset, pictureIds };
    this.spans.add(this.#span);
    this.numbers.begin(extendedSequence);
    this.layers?.begin();
    const { clock } = source;
    if (hurry === null) this.timeline.begin(packet.timestamp, clock, now);
    else this.timeline.beginHurried(packet.timestamp, hurry.timestamp, hurry.frames, clock, now);
  }

  /**
   * Places a packet of the present source and rewrites the picture ids of the payload in `scratch`. False when it is
   * not to be sent. One that is left out though its number was already kept is sent without payload, to fill it.
   */
  rewrite(
    span: SlotSpan,
    packet: RtpPacket,
    marks: FrameMarks,
    extendedSequence: number,
    now: number,
    scratch: PacketScratch,
  ): boolean {
    if (scratch.payloadLength <= 0) return this.#leaveOut(packet, extendedSequence);
    const newest = this.numbers.isNewest(extendedSequence);
    if (newest && this.timeline.jumped(packet.timestamp, now)) {
      this.timeline.begin(packet.timestamp, span.source.clock, now);
      this.numbers.forgetBefore(extendedSequence);
      this.layers?.restart();
    }
    if (this.layers !== null && !this.layers.admits(packet.timestamp, marks)) {
      if (!this.layers.shown) span.pictureIds?.dropFrame(packet);
      return this.#leaveOut(packet, extendedSequence);
    }
    this.sequence = this.numbers.take(extendedSequence);
    if (this.sequence < 0) return false;
    this.timestamp = this.timeline.map(packet.timestamp, now);
    this.payloadLength = scratch.payloadLength;
    // The marker bit stands on the last packet of the highest spatial layer, which may be left out (RFC 9628, section 4.1).
    this.marker = packet.marker || (marks.endOfFrame && marks.spatialLayer === this.layers?.top);
    if (span.pictureIds !== null) {
      span.pictureIds.rewrite(packet, scratch.bytes, HEADROOM);
      this.pictureIds = span.pictureIds.snapshot();
    }
    if (newest && scratch.descriptor >= 0) {
      this.#frame = (readFrameNumber(packet.bytes, scratch.descriptor) + span.frameOffset) & 0xffff;
    }
    return true;
  }

  #leaveOut(packet: RtpPacket, extendedSequence: number): boolean {
    this.sequence = this.numbers.skip(extendedSequence);
    this.timestamp = this.timeline.peek(packet.timestamp);
    this.payloadLength = 0;
    this.marker = false;
    return this.sequence >= 0;
  }

  #pictureIdsFor(name: string): PictureIdRewriter | null {
    let pictureIds = this.#pictureIds.get(name);
    if (pictureIds === undefined) {
      const codec = VIDEO_CODECS.find((known) => known === name);
      pictureIds = codec ? createPictureIdRewriter(codec) : null;
      this.#pictureIds.set(name, pictureIds);
    }
    return pictureIds;
  }
}
