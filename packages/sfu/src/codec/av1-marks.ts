// Marks of AV1 packets: from their dependency descriptors, else from the aggregation header (AV1 RTP, section 4.4).
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { MarksReader } from './codec.js';
import { DependencyMarks } from './dependency-marks.js';
import type { FrameMarks } from './frame-marks.js';
import { FrameStarts } from './frame-starts.js';
import type { PictureSize } from './picture-size.js';

/** Z: the first OBU element goes on with an OBU of the packet before. */
const CONTINUED = 0x80;
/** N: the packet is the first of a coded video sequence. */
const NEW_SEQUENCE = 0x08;

export class Av1Marks implements MarksReader {
  readonly #dependencies = new DependencyMarks();
  readonly #starts = new FrameStarts();

  get sizes(): readonly PictureSize[] {
    return this.#dependencies.sizes;
  }

  read(packet: RtpPacket, descriptor: Uint8Array | null): FrameMarks | null {
    const begins = this.#starts.note(packet);
    if (packet.payloadLength < 2) return null;
    const header = packet.bytes[packet.payloadOffset] as number;
    // "If the N bit is set to 1, the Z bit MUST be set to 0."
    if ((header & CONTINUED) !== 0 && (header & NEW_SEQUENCE) !== 0) return null;
    const described = descriptor === null ? null : this.#dependencies.read(packet, descriptor);
    return described ?? marksOf(packet, header, begins);
  }
}

/** Without a descriptor layers are not known; a temporal unit is then one frame, whose last packet has the marker. */
function marksOf(packet: RtpPacket, header: number, begins: boolean | null): FrameMarks {
  const keyFrame = (header & NEW_SEQUENCE) !== 0;
  return {
    startOfFrame: keyFrame || ((header & CONTINUED) === 0 && begins !== false),
    endOfFrame: packet.marker,
    keyFrame,
    temporalLayer: 0,
    spatialLayer: 0,
    switchingUp: keyFrame,
  };
}
