// A microphone that nobody speaks into but whose packets say so now and then: Opus as an SFU sees it (RFC 7587, RFC 6464).

import { EXTENSIONS, MIDS, PAYLOAD_TYPES } from '../sfu/client/maru-offer.js';

/** Time between packets, in milliseconds. */
export const PACKET_MS = 20;
const CLOCK_PER_PACKET = 960;
const RTP_HEADER = 12;
/** One-byte elements (RFC 8285): level (2 bytes), MID (2). */
const EXTENSION_BLOCK = 8;
const PAYLOAD_BYTES = 80;
/** Levels in -dBov. */
const LOUD = 30;
const QUIET = 100;
/** How long somebody speaks, and is silent three times as long. */
const TURN_PACKETS = 100;

export class Microphone {
  readonly #packet = Buffer.alloc(RTP_HEADER + EXTENSION_BLOCK + PAYLOAD_BYTES, 0x5a);
  #count = 0;

  /** `turn`: whose turn it is to speak, 0 to 3. */
  constructor(
    ssrc: number,
    readonly turn: number,
  ) {
    const packet = this.#packet;
    packet[0] = 0x90;
    packet[1] = PAYLOAD_TYPES.opus;
    packet.writeUInt32BE(ssrc, 8);
    packet.writeUInt16BE(0xbede, RTP_HEADER);
    packet.writeUInt16BE(EXTENSION_BLOCK / 4 - 1, RTP_HEADER + 2);
    packet[RTP_HEADER + 4] = EXTENSIONS.audioLevel << 4;
    packet[RTP_HEADER + 6] = EXTENSIONS.mid << 4;
    packet.write(MIDS.mic, RTP_HEADER + 7, 1, 'latin1');
  }

  /** The next packet; good until the one after it is asked for. */
  next(): Buffer {
    const packet = this.#packet;
    this.#count += 1;
    packet.writeUInt16BE(this.#count & 0xffff, 2);
    packet.writeUInt32BE((this.#count * CLOCK_PER_PACKET) >>> 0, 4);
    const speaks = Math.floor(this.#count / TURN_PACKETS) % 4 === this.turn;
    packet[RTP_HEADER + 5] = (speaks ? 0x80 : 0) | (speaks ? LOUD : QUIET);
    return packet;
  }
}
