// One slot: what it is told to show, as one continuous RTP stream whose sources change without its receiver noticing.

import type { FrameMarks } from '../codec/frame-marks.js';
import type { SenderReport } from '../rtcp/sender-report.js';
import { RTP_HEADER_LENGTH, type RtpPacket } from '../rtp/rtp-packet.js';
import type { ExtensionIds, SlotPlan } from '../sdp/link-plan.js';
import { ALL_LAYERS } from './layer-filter.js';
import { HEADROOM, type PacketScratch } from './packet-scratch.js';
import { RetransmissionMap } from './retransmission-map.js';
import { slotSenderReport } from './sender-report.js';
import { MEDIA, PADDING, REPETITION, SlotHeader } from './slot-header.js';
import { type Hurry, SlotRewriter } from './slot-rewriter.js';
import type { SlotSource } from './slot-source.js';
import { codecFor, type SlotSpan } from './slot-span.js';

export interface SlotOptions {
  readonly plan: SlotPlan;
  /** Those that packets to this client may carry. */
  readonly extensions: ExtensionIds;
  /** Whether they may have two-byte elements beside one-byte ones (RFC 8285, section 4.1.2). Default no. */
  readonly mixedExtensions?: boolean;
}

/** Knuth's multiplicative hash: SSRCs that follow each other begin with numbers that do not. */
const HASH = 2_654_435_761;
/** How many of the last packets take turns as padding: old ones may have left the cache. */
const PROBED = 16;
/** How much longer than asked for a packet may be that is sent as padding. */
const PROBE_EXCESS = 2;
/** The longest padding (RFC 3550, section 5.1). */
const MAX_PADDING = 255;

export class Slot {
  readonly plan: SlotPlan;
  #source: SlotSource | null = null;
  #pending: SlotSource | null = null;
  #hurry: Hurry | null = null;
  readonly #video: boolean;
  readonly #header: SlotHeader;
  readonly #rewriter: SlotRewriter;
  /** Null for audio, which is not sent again. */
  readonly #map: RetransmissionMap | null;
  #rtxSequence: number;
  #packetCount = 0;
  #octetCount = 0;
  #reportDue = false;
  #probe = 0;

  constructor({ plan, extensions, mixedExtensions = false }: SlotOptions) {
    this.plan = plan;
    this.#video = plan.kind === 'video';
    const seed = Math.imul(plan.ssrc, HASH);
    this.#rtxSequence = (seed >>> 16) & 0x7fff;
    this.#header = new SlotHeader(plan.ssrc, plan.rtxSsrc, extensions, mixedExtensions);
    this.#rewriter = new SlotRewriter(plan.codecs[0]?.clockRate ?? 90_000, !this.#video, seed);
    this.#map = this.#video ? new RetransmissionMap() : null;
  }

  /** The source that is shown; null when there is none. */
  get source(): SlotSource | null {
    return this.#source;
  }

  /** The source whose next key frame (audio: packet) is waited for; null when none is. */
  get pending(): SlotSource | null {
    return this.#pending;
  }

  /** Packets sent, without repetitions and padding. */
  get packetCount(): number {
    return this.#packetCount;
  }

  /** Bytes of their payloads. */
  get octetCount(): number {
    return this.#octetCount;
  }

  /** Whether a sender report should go out at once, as the source has changed since the last. */
  get reportDue(): boolean {
    return this.#reportDue;
  }

  /** Whether the client has a payload format for what a source sends. */
  accepts(source: SlotSource): boolean {
    return codecFor(source, this.plan.codecs) !== null;
  }

  /**
   * Says what to show. The present source goes on until the new one can take over, or is left at once. Null shows
   * nothing, at once.
   */
  target(source: SlotSource | null, leaveAtOnce = false): void {
    if (source === null || (leaveAtOnce && source !== this.#source)) this.#source = null;
    this.#pending = source === this.#source ? null : source;
    this.#hurry = null;
  }

  /**
   * The highest layers to pass on, ALL_LAYERS at first: down with the next picture; up with the next one that allows it,
   * which for spatial layers is a key frame.
   */
  setLayerLimits(spatial: number, temporal: number): void {
    const { layers } = this.#rewriter;
    if (layers === null) return;
    layers.spatialLimit = spatial;
    layers.temporalLimit = temporal;
  }

  /** The highest spatial layer that its receiver can decode now; ALL_LAYERS for all, and where nothing is shown. */
  get spatialLayer(): number {
    return (this.#source && this.#rewriter.layers?.spatialLayer) ?? ALL_LAYERS;
  }

  /** Lets go of sources that were left so long ago that nobody asks for their packets any more. Once a second. */
  forgetPast(): void {
    this.#rewriter.forgetPast(this.#source !== null);
  }

  /** The next packets offered are a source's frames of the past, from a key frame on (see replay.ts). */
  beginReplay(source: SlotSource, frames: number, newestTimestamp: number): void {
    this.#source = null;
    this.#pending = source;
    this.#hurry = { frames, timestamp: newestTimestamp };
  }

  endReplay(): void {
    this.#hurry = null;
    this.#rewriter.timeline.endHurry();
  }

  /**
   * Offers a packet that is in its source's cache and with which `scratch` has been loaded. Returns the length of the
   * packet to send, `scratch.out`, or 0 when there is none. `transportSequence`: the link's next, 16 bits; it is used
   * up when a packet is sent. `now`: when the packet arrived, in milliseconds.
   */
  forward(
    source: SlotSource,
    packet: RtpPacket,
    marks: FrameMarks,
    extendedSequence: number,
    transportSequence: number,
    now: number,
    scratch: PacketScratch,
  ): number {
    if (source !== this.#source && !this.#enter(source, packet, marks, extendedSequence, now, scratch))
      return 0;
    const rewriter = this.#rewriter;
    const span = rewriter.span;
    if (span === null || !rewriter.rewrite(span, packet, marks, extendedSequence, now, scratch)) return 0;
    const { sequence, timestamp, payloadLength, marker } = rewriter;
    if (payloadLength > 0 && this.#map !== null) {
      this.#map.put(sequence, span.id, extendedSequence, timestamp, rewriter.pictureIds, marker, now);
    }
    this.#packetCount += 1;
    this.#octetCount += payloadLength;
    const { payloadType } = span.codec;
    return this.#header.write(
      scratch,
      MEDIA,
      payloadType,
      marker,
      sequence & 0xffff,
      0,
      timestamp,
      transportSequence,
      span.frameOffset,
      payloadLength,
    );
  }

  /**
   * Sends again what had a sequence number (16 bits), as its receiver asks for it. 0 when it is not known any more,
   * was repeated less than `roundTripMs` ago, or would take more than about `budget` bytes.
   */
  retransmit(
    sequenceNumber: number,
    transportSequence: number,
    now: number,
    scratch: PacketScratch,
    roundTripMs: number,
    budget: number,
  ): number {
    const map = this.#map;
    if (map === null) return 0;
    const place = map.find(sequenceNumber);
    if (place < 0) return this.#sendAwaited(map, sequenceNumber, transportSequence, now, scratch, budget);
    if (map.repeatedWithin(place, roundTripMs, now)) return 0;
    const bytes = this.#repeat(map, place, sequenceNumber, transportSequence, scratch, budget);
    if (bytes > 0) map.repeated(place, now);
    return bytes;
  }

  /**
   * A packet whose point is its length, about `bytes`: one that was sent lately, else padding alone, on the RTX SSRC
   * (RFC 4588), which is also there before anything was sent. 0 when the client has no RTX.
   */
  padding(bytes: number, transportSequence: number, scratch: PacketScratch): number {
    const map = this.#map;
    const payloadType = this.#rewriter.span?.codec.rtxPayloadType ?? this.#anyRtxPayloadType;
    if (map === null || payloadType === null) return 0;
    for (let tries = 0; tries < PROBED; tries += 1) {
      const sequenceNumber = (map.highest - this.#probe) & 0xffff;
      this.#probe = (this.#probe + 1) % PROBED;
      const place = map.find(sequenceNumber);
      if (place < 0) continue;
      const sent = this.#repeat(map, place, sequenceNumber, transportSequence, scratch, bytes * PROBE_EXCESS);
      if (sent > 0) return sent;
    }
    const length = Math.max(1, Math.min(MAX_PADDING, bytes - RTP_HEADER_LENGTH));
    scratch.loadPadding(length);
    return this.#header.write(
      scratch,
      PADDING,
      payloadType,
      false,
      this.#nextRtxSequence(),
      0,
      this.#rewriter.timeline.newest,
      transportSequence,
      0,
      length,
    );
  }

  /**
   * Where the stream stands at `now`; null when nothing is shown. `wallClockMs`: `now` as Unix time, by one clock for
   * all slots of a link, for that is what keeps voice and picture together.
   */
  senderReport(now: number, wallClockMs: number): SenderReport | null {
    const source = this.#source;
    if (source === null) return null;
    this.#reportDue = false;
    const timestamp = this.#rewriter.timeline.at(now, source.clock);
    return slotSenderReport(this.plan.ssrc, wallClockMs, timestamp, this.#packetCount, this.#octetCount);
  }

  /** Whether the source takes over with this packet; if so, it has. */
  #enter(
    source: SlotSource,
    packet: RtpPacket,
    marks: FrameMarks,
    extendedSequence: number,
    now: number,
    scratch: PacketScratch,
  ): boolean {
    if (source !== this.#pending || scratch.payloadLength <= 0) return false;
    if (this.#video && !(marks.keyFrame && marks.startOfFrame)) return false;
    const codec = codecFor(source, this.plan.codecs);
    if (codec === null) return false;
    this.#rewriter.begin(source, codec, packet, extendedSequence, now, scratch, this.#hurry);
    this.#source = source;
    this.#pending = null;
    this.#reportDue = true;
    return true;
  }

  /**
   * Asked for is a number that was kept for a packet which was missing. It may be in the cache: it came before the
   * first packet of the key frame with which its source began here.
   */
  #sendAwaited(
    map: RetransmissionMap,
    sequenceNumber: number,
    transportSequence: number,
    now: number,
    scratch: PacketScratch,
    budget: number,
  ): number {
    const rewriter = this.#rewriter;
    const span = rewriter.span;
    if (span === null || span.source !== this.#source) return 0;
    const extendedSequence = rewriter.numbers.awaited(sequenceNumber);
    const packet = span.source.cache.get(extendedSequence);
    const marks = span.source.cache.marks(extendedSequence);
    if (packet === null || marks === null || packet.payloadLength > budget) return 0;
    scratch.load(packet, span.source.extensions);
    if (!rewriter.rewrite(span, packet, marks, extendedSequence, now, scratch)) return 0;
    const { sequence, timestamp, payloadLength, marker } = rewriter;
    if (payloadLength > 0) {
      map.put(sequence, span.id, extendedSequence, timestamp, rewriter.pictureIds, marker, now);
    }
    return this.#again(span, marker, sequenceNumber, timestamp, transportSequence, payloadLength, scratch);
  }

  /** The packet of a place in the map once more; 0 when it is gone, or longer than `budget`. */
  #repeat(
    map: RetransmissionMap,
    place: number,
    sequenceNumber: number,
    transportSequence: number,
    scratch: PacketScratch,
    budget: number,
  ): number {
    const span = this.#rewriter.spans.find(map.span(place));
    const packet = span?.source.cache.get(map.source(place));
    if (!span || !packet || packet.payloadLength + RTP_HEADER_LENGTH > budget) return 0;
    scratch.load(packet, span.source.extensions);
    span.pictureIds?.apply(map.pictureIds(place), packet, scratch.bytes, HEADROOM);
    const timestamp = map.timestamp(place);
    const { payloadLength } = packet;
    return this.#again(
      span,
      map.marker(place),
      sequenceNumber,
      timestamp,
      transportSequence,
      payloadLength,
      scratch,
    );
  }

  /** What lies in the scratch as a repetition: by RTX where the client has it, else just as it was (RFC 4585). */
  #again(
    span: SlotSpan,
    marker: boolean,
    sequenceNumber: number,
    timestamp: number,
    transportSequence: number,
    payloadLength: number,
    scratch: PacketScratch,
  ): number {
    const { rtxPayloadType, payloadType } = span.codec;
    const rtx = rtxPayloadType !== null;
    return this.#header.write(
      scratch,
      rtx ? REPETITION : MEDIA,
      rtx ? rtxPayloadType : payloadType,
      marker,
      rtx ? this.#nextRtxSequence() : sequenceNumber,
      sequenceNumber,
      timestamp,
      transportSequence,
      span.frameOffset,
      payloadLength,
    );
  }

  get #anyRtxPayloadType(): number | null {
    for (const { rtxPayloadType } of this.plan.codecs) if (rtxPayloadType !== null) return rtxPayloadType;
    return null;
  }

  #nextRtxSequence(): number {
    this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
    return this.#rtxSequence;
  }
}
