// Marks of VP8 packets, from their payload descriptors alone.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { MarksReader } from './codec.js';
import type { FrameMarks } from './frame-marks.js';
import { Vp8Descriptor } from './vp8-descriptor.js';

export class Vp8Marks implements MarksReader {
  readonly #descriptor = new Vp8Descriptor();

  read(packet: RtpPacket): FrameMarks | null {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return null;
    const temporalLayer = descriptor.temporalLayer > 0 ? descriptor.temporalLayer : 0;
    return {
      startOfFrame: descriptor.startOfFrame,
      endOfFrame: packet.marker,
      keyFrame: descriptor.keyFrame,
      temporalLayer,
      spatialLayer: 0,
      switchingUp: descriptor.keyFrame || (temporalLayer > 0 && descriptor.layerSync),
    };
  }
}
