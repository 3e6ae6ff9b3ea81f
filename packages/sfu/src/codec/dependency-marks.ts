// Marks from dependency descriptors (AV1 RTP payload format, appendix A), whatever the codec.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import { difference32 } from '../rtp/sequence-number.js';
import { type DependencyDescriptor, readDependencyDescriptor } from './dependency-descriptor.js';
import { type DependencyStructure, type FrameDependencies, SWITCH } from './dependency-structure.js';
import type { FrameMarks } from './frame-marks.js';
import { NO_SIZES, type PictureSize } from './picture-size.js';
import { SwitchingPoints } from './switching-points.js';

/** Ten seconds of a 90 kHz clock: a structure this much older is not late, the source's clock has begun anew. */
const LATE_TICKS = 900_000;

export class DependencyMarks {
  readonly #points = new SwitchingPoints();
  #structure: DependencyStructure | null = null;
  #structureTimestamp = 0;

  /** As the structure of the stream tells them. */
  get sizes(): readonly PictureSize[] {
    return this.#structure?.resolutions ?? NO_SIZES;
  }

  /** Null when the descriptor is malformed. Layers are 0 as long as the structure of the stream is not known. */
  read(packet: RtpPacket, bytes: Uint8Array): FrameMarks | null {
    const descriptor = readDependencyDescriptor(bytes, this.#structure);
    if (descriptor === null) return null;
    if (descriptor.structure !== null) this.#keep(descriptor.structure, packet.timestamp);
    const { startOfFrame, endOfFrame, frame } = descriptor;
    const keyFrame = isKeyFrame(descriptor);
    return {
      startOfFrame,
      // Of which layer that is the end is not known then; the marker is that of the picture.
      endOfFrame: frame === null ? packet.marker : endOfFrame,
      keyFrame,
      temporalLayer: frame?.temporalLayer ?? 0,
      spatialLayer: frame?.spatialLayer ?? 0,
      switchingUp: frame !== null && this.#switchingUp(packet, frame, keyFrame),
    };
  }

  /** A structure that comes late, behind a newer one, is only for the packet it came with. */
  #keep(structure: DependencyStructure, timestamp: number): void {
    if (this.#structure !== null) {
      const ahead = difference32(timestamp, this.#structureTimestamp);
      if (ahead < 0 && ahead > -LATE_TICKS) return;
    }
    this.#structure = structure;
    this.#structureTimestamp = timestamp;
  }

  #switchingUp(packet: RtpPacket, frame: FrameDependencies, keyFrame: boolean): boolean {
    if (keyFrame) this.#points.keyFrame(packet.timestamp);
    const { temporalLayer } = frame;
    const open = temporalLayer === 0 ? this.#joinable(frame) : 0;
    return this.#points.at(packet.timestamp, temporalLayer, open, false) || keyFrame;
  }

  /** Bit t: the frame indicates that one can switch to the decode target of its spatial layer and temporal layer t. */
  #joinable(frame: FrameDependencies): number {
    let layers = 0;
    for (const [index, target] of (this.#structure?.decodeTargets ?? []).entries()) {
      if (target.spatialLayer !== frame.spatialLayer || frame.indications[index] !== SWITCH) continue;
      layers |= 1 << target.temporalLayer;
    }
    return layers;
  }
}

/** The structure "MUST be present for the first packet of a coded video sequence" and nowhere else. */
function isKeyFrame({ startOfFrame, structure, frame }: DependencyDescriptor): boolean {
  return startOfFrame && structure !== null && frame !== null && frame.frameDifferences.length === 0;
}
