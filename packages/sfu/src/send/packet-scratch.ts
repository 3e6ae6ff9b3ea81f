// The one buffer in which outgoing packets are put together: a payload laid down once, headers written in front of it.

import { extensionDataLength, findExtension } from '../rtp/header-extension.js';
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { ExtensionIds } from '../sdp/link-plan.js';

/**
 * Room for the longest header: 12 bytes, 4 of the extension block, and its elements, of which the dependency
 * descriptor may have 255 bytes and the others have at most 4 each.
 */
export const HEADROOM = 320;
/** The longest payload; a UDP datagram of an Ethernet path has less than 1,472 bytes. */
export const MAX_PAYLOAD = 2_048;

/** Headers of browsers are shorter; views behind longer ones are not kept, as there may be very many. */
const LONGEST_KEPT_HEADER = 48;

const EMPTY = Buffer.alloc(0);

export class PacketScratch {
  /** The packet that was put together last, exactly as long as it is. Good until the next one. */
  out: Buffer = EMPTY;
  readonly bytes = Buffer.allocUnsafeSlow(HEADROOM + MAX_PAYLOAD);
  /** Of the payload that was laid down; -1 where it was too long. */
  payloadLength = 0;
  /** The packet whose payload this is, and where in it the header extensions lie that are passed on (-1: nowhere). */
  packet: RtpPacket | null = null;
  orientation = -1;
  audioLevel = -1;
  descriptor = -1;
  descriptorLength = 0;
  /** Views onto `bytes` that were handed out, by where they begin and how much payload they have. */
  readonly #views: (Buffer | undefined)[][] = [];

  /** Lays the payload of a packet down, without padding. `extensions`: of the link that the packet came by. */
  load(packet: RtpPacket, extensions: ExtensionIds): void {
    this.packet = packet;
    const { bytes, payloadOffset, payloadLength } = packet;
    if (payloadLength > MAX_PAYLOAD) {
      this.payloadLength = -1;
      return;
    }
    bytes.copy(this.bytes, HEADROOM, payloadOffset, payloadOffset + payloadLength);
    this.payloadLength = payloadLength;
    if (packet.extensionLength === 0) {
      this.orientation = -1;
      this.audioLevel = -1;
      this.descriptor = -1;
      return;
    }
    this.orientation = findExtension(packet, extensions.videoOrientation);
    this.audioLevel = findExtension(packet, extensions.audioLevel);
    this.descriptor = findExtension(packet, extensions.dependencyDescriptor);
    if (this.descriptor >= 0) {
      this.descriptorLength = extensionDataLength(packet, extensions.dependencyDescriptor);
      // Its mandatory fields have three bytes; one without them says nothing.
      if (this.descriptorLength < 3) this.descriptor = -1;
    }
  }

  /** Lays padding down (RFC 3550, section 5.1): zeros, and the last byte says how many there are. 1 to 255. */
  loadPadding(length: number): void {
    this.packet = null;
    this.orientation = -1;
    this.audioLevel = -1;
    this.descriptor = -1;
    this.bytes.fill(0, HEADROOM, HEADROOM + length - 1);
    this.bytes[HEADROOM + length - 1] = length;
    this.payloadLength = length;
  }

  /** Makes `out` the packet whose header has so many bytes in front of so many of payload; returns its length. */
  finish(headerLength: number, payloadLength: number): number {
    if (headerLength > LONGEST_KEPT_HEADER) {
      this.out = this.bytes.subarray(HEADROOM - headerLength, HEADROOM + payloadLength);
      return headerLength + payloadLength;
    }
    let row = this.#views[headerLength];
    if (row === undefined) {
      row = new Array(MAX_PAYLOAD + 1);
      this.#views[headerLength] = row;
    }
    let view = row[payloadLength];
    if (view === undefined) {
      view = this.bytes.subarray(HEADROOM - headerLength, HEADROOM + payloadLength);
      row[payloadLength] = view;
    }
    this.out = view;
    return headerLength + payloadLength;
  }
}
