// A VP8 stream that nobody has encoded: frames of several packets, with all that an SFU reads of them, at a given rate.

import { EXTENSIONS, PAYLOAD_TYPES } from './maru-offer.js';

/** Length of every RTP packet, in bytes: what browsers send of frames that do not fit into one. */
export const PACKET_BYTES = 1_100;
const CLOCK_PER_MS = 90;
const RTP_HEADER = 12;
/** One-byte elements (RFC 8285): sequence number (3 bytes), MID (2), RID (2 or padding), and a byte of padding. */
const EXTENSION_BLOCK = 12;
const PAYLOAD = RTP_HEADER + EXTENSION_BLOCK;
/** X, then I, L, T and K: as Chromium sends simulcast (RFC 7741, section 4.2). */
const DESCRIPTOR = 6;
const FRAME_TAG = PAYLOAD + DESCRIPTOR;
/** Where the time of sending is, as a double: the end of the payload, which nobody reads on the way. */
export const STAMP_BYTES = 8;
/** The share of the time between two frames in which a frame's packets leave, evenly: browsers pace them as well. */
const PACED_SHARE = 0.7;

export interface VideoSourceOptions {
  readonly ssrc: number;
  /** MID of the line. */
  readonly mid: string;
  /** RID of the encoding; null for a line that is one stream. */
  readonly rid: string | null;
  readonly framesPerSecond: number;
  readonly width: number;
  readonly height: number;
}

/** Where a source's packets go: the next transport-wide sequence number of the client, and its way out. */
export interface SourceLink {
  nextTransportSequence(): number;
  send(packet: Buffer): void;
}

export class VideoSource {
  /** Packets a second, changed at any time: the next frame has more. */
  rate = 0;
  /** Somebody cannot decode: the next frame is a key frame. */
  keyFrameWanted = true;
  packets = 0;
  readonly #options: VideoSourceOptions;
  readonly #link: SourceLink;
  readonly #packet = Buffer.alloc(PACKET_BYTES);
  readonly #startedAt: number;
  #sequence = 1;
  #frame = -1;
  #frameAt = 0;
  /** Packets that the present frame has, and of which are sent. */
  #length = 0;
  #sent = 0;
  /** The part of a packet that the last frame was short of. */
  #owed = 0;
  #keyFrames = 0;

  constructor(options: VideoSourceOptions, link: SourceLink, now: number) {
    this.#options = options;
    this.#link = link;
    this.#startedAt = now;
    this.#frameAt = now;
    this.#writeConstants();
  }

  get rid(): string | null {
    return this.#options.rid;
  }

  get ssrc(): number {
    return this.#options.ssrc;
  }

  /** RTP time of a moment. */
  timestampAt(now: number): number {
    return Math.round((now - this.#startedAt) * CLOCK_PER_MS) >>> 0;
  }

  /** Sends what is due. To be called every few milliseconds. */
  tick(now: number): void {
    if (this.rate === 0) return;
    const interval = 1_000 / this.#options.framesPerSecond;
    for (;;) {
      if (this.#sent === this.#length) {
        if (now < this.#frameAt + interval && this.#frame >= 0) return;
        this.#beginFrame(now, interval);
        if (this.#length === 0) return;
      }
      const share = Math.min(1, (now - this.#frameAt) / (interval * PACED_SHARE));
      const due = Math.max(1, Math.floor(share * this.#length));
      while (this.#sent < due) this.#sendNext();
      if (this.#sent < this.#length) return;
    }
  }

  #beginFrame(now: number, interval: number): void {
    // A process that was held up goes on from now: a burst of what was missed would measure that, and nothing else.
    this.#frameAt = now - this.#frameAt > 2 * interval ? now : this.#frameAt + interval;
    this.#frame += 1;
    this.#owed += this.rate / this.#options.framesPerSecond;
    this.#length = Math.floor(this.#owed);
    this.#owed -= this.#length;
    this.#sent = 0;
    if (this.#length === 0) return;
    const packet = this.#packet;
    const key = this.keyFrameWanted;
    this.keyFrameWanted = false;
    if (key) this.#keyFrames += 1;
    packet.writeUInt32BE(this.timestampAt(this.#frameAt), 4);
    packet.writeUInt16BE(0x8000 | (this.#frame & 0x7fff), PAYLOAD + 2);
    packet[PAYLOAD + 4] = this.#frame & 0xff;
    packet[PAYLOAD + 5] = this.#keyFrames & 0x1f;
    // The frame tag (RFC 6386, section 9.1): its lowest bit says that it is not a key frame.
    packet[FRAME_TAG] = key ? 0x10 : 0x11;
  }

  #sendNext(): void {
    const packet = this.#packet;
    const first = this.#sent === 0;
    const last = this.#sent === this.#length - 1;
    packet[1] = PAYLOAD_TYPES.vp8 | (last ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    packet.writeUInt16BE(this.#link.nextTransportSequence(), RTP_HEADER + 5);
    packet[PAYLOAD] = first ? 0x90 : 0x80;
    packet.writeDoubleBE(performance.now(), PACKET_BYTES - STAMP_BYTES);
    this.#link.send(packet);
    this.#sent += 1;
    this.packets += 1;
  }

  #writeConstants(): void {
    const { ssrc, mid, rid, width, height } = this.#options;
    const packet = this.#packet;
    packet[0] = 0x90;
    packet.writeUInt32BE(ssrc, 8);
    packet.writeUInt16BE(0xbede, RTP_HEADER);
    packet.writeUInt16BE(EXTENSION_BLOCK / 4 - 1, RTP_HEADER + 2);
    packet[RTP_HEADER + 4] = (EXTENSIONS.transportSequence << 4) | 1;
    packet[RTP_HEADER + 7] = EXTENSIONS.mid << 4;
    packet.write(mid, RTP_HEADER + 8, 1, 'latin1');
    if (rid !== null) {
      packet[RTP_HEADER + 9] = EXTENSIONS.rid << 4;
      packet.write(rid, RTP_HEADER + 10, 1, 'latin1');
    }
    packet[PAYLOAD + 1] = 0xf0;
    packet.writeUIntBE(0x9d012a, FRAME_TAG + 3, 3);
    packet.writeUInt16LE(width, FRAME_TAG + 6);
    packet.writeUInt16LE(height, FRAME_TAG + 8);
  }
}
