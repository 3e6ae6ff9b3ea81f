// What the SFU needs to know of a packet's frame, whatever the codec; read from descriptors, never by decoding.

/** Marks of one packet. */
export interface FrameMarks {
  /** First packet of a frame. */
  readonly startOfFrame: boolean;
  /** Last packet of a frame: the marker bit. */
  readonly endOfFrame: boolean;
  /** Belongs to a frame with which decoding can begin. For codecs that say so only at its start: true on that packet. */
  readonly keyFrame: boolean;
  /** Temporal layer, 0 being the one that needs no other. 0 where there is none. */
  readonly temporalLayer: number;
  /** Spatial layer inside this one stream (VP9 and AV1 SVC); 0 where there is none. */
  readonly spatialLayer: number;
  /** A receiver of lower temporal layers may switch up to this one at this frame. True at key frames. */
  readonly switchingUp: boolean;
}

/** For streams without any mark (audio): each packet stands for itself. */
export const NO_MARKS: FrameMarks = {
  startOfFrame: true,
  endOfFrame: true,
  keyFrame: true,
  temporalLayer: 0,
  spatialLayer: 0,
  switchingUp: true,
};
