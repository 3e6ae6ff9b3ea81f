// Marks of VP8 packets, from their payload descriptors alone, and the size of their pictures.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { MarksReader } from './codec.js';
import type { FrameMarks } from './frame-marks.js';
import { NO_SIZES, type PictureSize } from './picture-size.js';
import { Vp8Descriptor } from './vp8-descriptor.js';
import { vp8PictureSize } from './vp8-picture-size.js';

export class Vp8Marks implements MarksReader {
  sizes: readonly PictureSize[] = NO_SIZES;
  readonly #descriptor = new Vp8Descriptor();

  read(packet: RtpPacket): FrameMarks | null {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return null;
    if (descriptor.keyFrame) this.sizes = vp8PictureSize(packet, descriptor.length);
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
