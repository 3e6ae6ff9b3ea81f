// The video codecs that the SFU forwards: for each, who reads its marks and who rewrites its picture ids.
import type { RtpPacket } from '../rtp/rtp-packet.js';
import { Av1Marks } from './av1-marks.js';
import type { FrameMarks } from './frame-marks.js';
import { H264Marks } from './h264-marks.js';
import type { PictureSize } from './picture-size.js';
import { Vp8Marks } from './vp8-marks.js';
import { Vp8PictureIds } from './vp8-picture-ids.js';
import { Vp9Marks } from './vp9-marks.js';
import { Vp9PictureIds } from './vp9-picture-ids.js';

/** By the names of their encodings in SDP (RFC 8866, section 6.6). */
export const VIDEO_CODECS = ['VP8', 'VP9', 'H264', 'AV1'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

/** Reads the marks of one stream (one SSRC), packet by packet as they arrive, late ones included. */
export interface MarksReader {
  /**
   * Marks of a packet; null when its payload is empty or malformed: nobody can use it. `descriptor`: the data of its
   * dependency descriptor extension (AV1 RTP, appendix A), null when there is none. VP8 and VP9 say all in their payload.
   */
  read(packet: RtpPacket, descriptor: Uint8Array | null): FrameMarks | null;
  /** How large the pictures of each spatial layer are, as the last key frame said; empty where it did not. */
  readonly sizes: readonly PictureSize[];
}

/**
 * Makes the picture ids of one outgoing stream continuous over switches of its source. A segment is what comes from one
 * source between two switches. Inside a segment a frame's ids are the source's plus an offset that is fixed when the
 * frame, or a later one, is first met, so a packet that comes late or twice is given the same ids as its frame had.
 * Frames that are lost or late leave their ids free.
 *
 * Packets from before the packet of `switchTo` are not for `rewrite`: with `apply` they are sent as they were before.
 */
export interface PictureIdRewriter {
  /** A new segment begins with this packet, the first of a key frame: its ids follow the highest ones given so far. */
  switchTo(packet: RtpPacket): void;
  /**
   * Writes the ids of the source's `packet` into its copy, whose payload begins at `offset` of `bytes`. Lengths stay.
   * Every id is written at each call and none is read from `bytes`: the copy may hold ids written for someone else.
   */
  rewrite(packet: RtpPacket, bytes: Uint8Array, offset: number): void;
  /**
   * The frame of this packet is left out, all of it (a temporal layer is dropped): ids close up where the codec wants
   * it. Once per frame is enough, again does nothing; nor does it when a later frame is through: that gap stays.
   */
  dropFrame(packet: RtpPacket): void;
  /** The offsets that the last `rewrite` used, as an integer of 28 bits, for `apply`. */
  snapshot(): number;
  /** Writes as that `rewrite` did, whatever came in between: for retransmissions. Changes no state. */
  apply(snapshot: number, packet: RtpPacket, bytes: Uint8Array, offset: number): void;
}

export function createMarksReader(codec: VideoCodec): MarksReader {
  switch (codec) {
    case 'VP8':
      return new Vp8Marks();
    case 'VP9':
      return new Vp9Marks();
    case 'H264':
      return new H264Marks();
    case 'AV1':
      return new Av1Marks();
  }
}

/**
 * Null where the payload has no ids: H.264 and AV1. Their frame numbers, if any, are in dependency descriptors
 * (`readFrameNumber`) and go out with the header extension.
 */
export function createPictureIdRewriter(codec: VideoCodec): PictureIdRewriter | null {
  switch (codec) {
    case 'VP8':
      return new Vp8PictureIds();
    case 'VP9':
      return new Vp9PictureIds();
    case 'H264':
    case 'AV1':
      return null;
  }
}
