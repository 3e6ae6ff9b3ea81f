// Marks of H.264 packets: from a dependency descriptor where there is one, else from the headers of NAL units.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import type { MarksReader } from './codec.js';
import { DependencyMarks } from './dependency-marks.js';
import type { FrameMarks } from './frame-marks.js';
import { FrameStarts } from './frame-starts.js';
import { H264_CONTINUATION, H264_IDR, H264_PARAMETERS, readH264 } from './h264-payload.js';
import type { PictureSize } from './picture-size.js';

export class H264Marks implements MarksReader {
  readonly #dependencies = new DependencyMarks();
  readonly #starts = new FrameStarts();

  get sizes(): readonly PictureSize[] {
    return this.#dependencies.sizes;
  }

  read(packet: RtpPacket, descriptor: Uint8Array | null): FrameMarks | null {
    const begins = this.#starts.note(packet);
    const flags = readH264(packet.bytes, packet.payloadOffset, packet.payloadLength);
    if (flags < 0) return null;
    const described = descriptor === null ? null : this.#dependencies.read(packet, descriptor);
    return described ?? marksOf(packet, flags, begins);
  }
}

/**
 * The payload has no bit for a frame's first packet. Parameter sets come first in a key frame, so one is taken for its
 * first packet even behind a delimiter (then the delimiter's packet is called a first one too). When the packet before
 * is missing, the start of a NAL unit is taken for the start of a frame; but not for that of a key frame, since the
 * missing packet can have been the one with the parameter sets.
 */
function marksOf(packet: RtpPacket, flags: number, begins: boolean | null): FrameMarks {
  const parameters = (flags & H264_PARAMETERS) !== 0;
  const idr = (flags & H264_IDR) !== 0;
  const continued = (flags & H264_CONTINUATION) !== 0;
  const startOfFrame = !continued && (parameters || (begins ?? !idr));
  const keyFrame = startOfFrame && (parameters || idr);
  return {
    startOfFrame,
    endOfFrame: packet.marker,
    keyFrame,
    temporalLayer: 0,
    spatialLayer: 0,
    switchingUp: keyFrame,
  };
}
