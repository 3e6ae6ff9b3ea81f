// Whether a packet is the first of its frame, for payload formats that do not say it: from the packet before it.
import type { RtpPacket } from '../rtp/rtp-packet.js';

/** Packets remembered: enough for those that a network puts out of order. */
const LENGTH = 128;

export class FrameStarts {
  readonly #sequenceNumbers = new Int32Array(LENGTH).fill(-1);
  readonly #timestamps = new Uint32Array(LENGTH);

  /**
   * Notes each packet of a stream, in whatever order they come. True when the packet before it belongs to another
   * frame, false when to the same, null when it is not there (yet).
   */
  note(packet: RtpPacket): boolean | null {
    const { sequenceNumber, timestamp } = packet;
    const before = (sequenceNumber + 0xffff) & 0xffff;
    this.#sequenceNumbers[sequenceNumber % LENGTH] = sequenceNumber;
    this.#timestamps[sequenceNumber % LENGTH] = timestamp;
    if (this.#sequenceNumbers[before % LENGTH] !== before) return null;
    return this.#timestamps[before % LENGTH] !== timestamp;
  }
}
