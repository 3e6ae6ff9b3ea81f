// The RTP header of a slot's packets (RFC 3550, section 5.1; RFC 8285), written in front of the payload in the scratch.

import { readFrameNumber } from '../codec/frame-numbers.js';
import { ONE_BYTE_PROFILE, TWO_BYTE_PROFILE } from '../rtp/header-extension.js';
import { RTP_HEADER_LENGTH } from '../rtp/rtp-packet.js';
import type { ExtensionIds } from '../sdp/link-plan.js';
import { HEADROOM, type PacketScratch } from './packet-scratch.js';

/** The highest id, and the longest element, of the one-byte form (RFC 8285, section 4.2). */
const MAX_ONE_BYTE_ID = 14;
const MAX_ONE_BYTE_LENGTH = 16;

/** What follows the header. */
export const MEDIA = 0;
/** A payload with its original sequence number in front (RFC 4588, section 4). */
export const REPETITION = 1;
export const PADDING = 2;

export class SlotHeader {
  readonly #ssrc: number;
  readonly #rtxSsrc: number;
  readonly #transportSequence: number;
  readonly #orientation: number;
  readonly #audioLevel: number;
  readonly #descriptor: number;
  /** Whether the two-byte form may stand beside the one-byte form. */
  readonly #mixed: boolean;
  /** Whether an id is so high that only the two-byte form can say it. */
  readonly #high: boolean;

  constructor(ssrc: number, rtxSsrc: number, extensions: ExtensionIds, mixed: boolean) {
    this.#ssrc = ssrc | 0;
    this.#rtxSsrc = rtxSsrc | 0;
    this.#transportSequence = extensions.transportSequence;
    this.#orientation = extensions.videoOrientation;
    this.#audioLevel = extensions.audioLevel;
    this.#descriptor = extensions.dependencyDescriptor;
    this.#mixed = mixed;
    this.#high =
      Math.max(this.#transportSequence, this.#orientation, this.#audioLevel, this.#descriptor) >
      MAX_ONE_BYTE_ID;
  }

  /**
   * Makes `scratch.out` a packet of the payload that lies in the scratch, or of its first `payloadLength` bytes.
   * `content`: MEDIA, REPETITION or PADDING; the latter two go by the RTX SSRC. `timestamp`: 32 bits, signed or not.
   * `original`: the original sequence number of a repetition. `frameOffset`: added to the frame number of the
   * dependency descriptor. Returns the length of the packet.
   */
  write(
    scratch: PacketScratch,
    content: number,
    payloadType: number,
    marker: boolean,
    sequenceNumber: number,
    original: number,
    timestamp: number,
    transportSequence: number,
    frameOffset: number,
    payloadLength: number,
  ): number {
    const bytes = scratch.bytes;
    const orientation = this.#orientation === 0 ? -1 : scratch.orientation;
    const audioLevel = this.#audioLevel === 0 ? -1 : scratch.audioLevel;
    let descriptor = this.#descriptor === 0 ? -1 : scratch.descriptor;
    let twoByte = this.#high;
    if (descriptor >= 0 && scratch.descriptorLength > MAX_ONE_BYTE_LENGTH && !twoByte) {
      if (this.#mixed) twoByte = true;
      else descriptor = -1;
    }
    const head = twoByte ? 2 : 1;
    let elements = 0;
    if (this.#transportSequence !== 0) elements += head + 2;
    if (orientation >= 0) elements += head + 1;
    if (audioLevel >= 0) elements += head + 1;
    if (descriptor >= 0) elements += head + scratch.descriptorLength;
    const words = (elements + 3) >> 2;
    let length = RTP_HEADER_LENGTH;
    if (words > 0) length += 4 + words * 4;
    if (content === REPETITION) length += 2;

    let at = HEADROOM - length;
    const ssrc = content === MEDIA ? this.#ssrc : this.#rtxSsrc;
    bytes[at] = 0x80 | (words > 0 ? 0x10 : 0) | (content === PADDING ? 0x20 : 0);
    bytes[at + 1] = marker ? payloadType | 0x80 : payloadType;
    bytes[at + 2] = sequenceNumber >> 8;
    bytes[at + 3] = sequenceNumber;
    bytes[at + 4] = timestamp >>> 24;
    bytes[at + 5] = timestamp >>> 16;
    bytes[at + 6] = timestamp >>> 8;
    bytes[at + 7] = timestamp;
    bytes[at + 8] = ssrc >>> 24;
    bytes[at + 9] = ssrc >>> 16;
    bytes[at + 10] = ssrc >>> 8;
    bytes[at + 11] = ssrc;
    if (content === REPETITION) {
      bytes[HEADROOM - 2] = original >> 8;
      bytes[HEADROOM - 1] = original;
    }
    if (words === 0) return scratch.finish(length, payloadLength);

    const profile = twoByte ? TWO_BYTE_PROFILE : ONE_BYTE_PROFILE;
    bytes[at + 12] = profile >> 8;
    bytes[at + 13] = profile;
    bytes[at + 14] = 0;
    bytes[at + 15] = words;
    at += 16;
    const end = at + words * 4;
    if (this.#transportSequence !== 0) {
      at = this.#element(bytes, at, twoByte, this.#transportSequence, 2);
      bytes[at] = transportSequence >> 8;
      bytes[at + 1] = transportSequence;
      at += 2;
    }
    const source = scratch.packet?.bytes;
    if (source !== undefined) {
      if (orientation >= 0) {
        at = this.#element(bytes, at, twoByte, this.#orientation, 1);
        bytes[at] = source[orientation] as number;
        at += 1;
      }
      if (audioLevel >= 0) {
        at = this.#element(bytes, at, twoByte, this.#audioLevel, 1);
        bytes[at] = source[audioLevel] as number;
        at += 1;
      }
      if (descriptor >= 0) {
        at = this.#element(bytes, at, twoByte, this.#descriptor, scratch.descriptorLength);
        for (let index = 0; index < scratch.descriptorLength; index += 1) {
          bytes[at + index] = source[descriptor + index] as number;
        }
        const frame = readFrameNumber(source, descriptor) + frameOffset;
        bytes[at + 1] = frame >> 8;
        bytes[at + 2] = frame;
        at += scratch.descriptorLength;
      }
    }
    for (; at < end; at += 1) bytes[at] = 0;
    return scratch.finish(length, payloadLength);
  }

  #element(bytes: Buffer, at: number, twoByte: boolean, id: number, length: number): number {
    if (!twoByte) {
      bytes[at] = (id << 4) | (length - 1);
      return at + 1;
    }
    bytes[at] = id;
    bytes[at + 1] = length;
    return at + 2;
  }
}
