// Bytes in network order, appended to a buffer that grows; RTCP packets are framed with it.
import { RTCP_HEADER_LENGTH } from './packet-type.js';

/** Enough for nearly every compound packet, which should fit one datagram. */
const INITIAL_LENGTH = 256;

/** The length field counts 32-bit words less one in 16 bits. */
const MAX_RTCP_LENGTH = 65_536 * 4;

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_LENGTH);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written. The writer must not be used any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  writeUint8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  writeUint16(value: number): void {
    const at = this.#reserve(2);
    this.#bytes[at] = value >> 8;
    this.#bytes[at + 1] = value;
  }

  /** The low 24 bits: also for signed values. */
  writeUint24(value: number): void {
    const at = this.#reserve(3);
    this.#bytes[at] = value >> 16;
    this.#bytes[at + 1] = value >> 8;
    this.#bytes[at + 2] = value;
  }

  writeUint32(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
  }

  /** A length byte and at most 255 bytes of UTF-8, cut between characters (RFC 3550, sections 6.5 and 6.6). */
  writeShortText(text: string): void {
    const utf8 = Buffer.from(text, 'utf8');
    let length = Math.min(utf8.length, 255);
    while (length < utf8.length && ((utf8[length] as number) & 0xc0) === 0x80) length -= 1;
    this.writeUint8(length);
    const at = this.#reserve(length);
    utf8.copy(this.#bytes, at, 0, length);
  }

  /** Zeros up to the next 32-bit boundary. Packets begin on one, so it counts from the buffer's start. */
  align(): void {
    while (this.#length % 4 !== 0) this.writeUint8(0);
  }

  /** The header of an RTCP packet, its length still open. Returns its start, for `endPacket`. */
  beginPacket(format: number, packetType: number): number {
    const start = this.#length;
    this.writeUint8(0x80 | format);
    this.writeUint8(packetType);
    this.writeUint16(0);
    return start;
  }

  /** Aligns the packet and fills its length in. */
  endPacket(start: number): void {
    this.align();
    const length = this.#length - start;
    if (length > MAX_RTCP_LENGTH) throw new RangeError(`RTCP packet of ${length} bytes`);
    this.#bytes.writeUInt16BE(length / 4 - 1, start + RTCP_HEADER_LENGTH - 2);
  }

  /** Room for `count` bytes. It may replace `#bytes`, so the place is asked for before the buffer. */
  #reserve(count: number): number {
    const at = this.#length;
    this.#length = at + count;
    if (this.#length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }
}
