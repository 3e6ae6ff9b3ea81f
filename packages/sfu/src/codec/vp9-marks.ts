// Marks of VP9 packets, from their payload descriptors alone.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { MarksReader } from './codec.js';
import type { FrameMarks } from './frame-marks.js';
import { NO_SIZES, type PictureSize } from './picture-size.js';
import { SwitchingPoints } from './switching-points.js';
import { Vp9Descriptor } from './vp9-descriptor.js';

const ALL_LAYERS = 0xff;

export class Vp9Marks implements MarksReader {
  sizes: readonly PictureSize[] = NO_SIZES;
  readonly #descriptor = new Vp9Descriptor();
  readonly #points = new SwitchingPoints();

  read(packet: RtpPacket): FrameMarks | null {
    const descriptor = this.#descriptor;
    if (!descriptor.read(packet)) return null;
    const { startOfFrame, temporalLayer, spatialLayer, switchingUp } = descriptor;
    const keyFrame = startOfFrame && !descriptor.interPicture && spatialLayer === 0;
    const open = switchingUp ? ALL_LAYERS : 0;
    if (keyFrame) {
      this.#points.keyFrame(packet.timestamp);
      this.sizes = descriptor.sizes(packet);
    }
    const point = this.#points.at(packet.timestamp, temporalLayer, open, switchingUp);
    return {
      startOfFrame,
      endOfFrame: descriptor.endOfFrame,
      keyFrame,
      temporalLayer,
      spatialLayer,
      switchingUp: keyFrame || point,
    };
  }
}
