// What the SFU needs to know of a packet's frame, whatever the codec; read from descriptors, never by decoding.

/** Marks of one packet. They are kept with the packet, so each packet has its own. */
export interface FrameMarks {
  /** First packet of a frame. With spatial layers inside one stream, of the frame of that layer. */
  readonly startOfFrame: boolean;
  /**
   * Last packet of a frame: the marker bit; with spatial layers inside one stream the last of that layer's frame, while
   * the marker bit stands on the last packet of the picture.
   */
  readonly endOfFrame: boolean;
  /** Decoding can begin with this very packet: the first of a key frame. So `startOfFrame` is true as well. */
  readonly keyFrame: boolean;
  /** Temporal layer, 0 being the one that needs no other. 0 where there is none. */
  readonly temporalLayer: number;
  /** Spatial layer inside this one stream (VP9 and AV1 SVC); 0 where there is none. */
  readonly spatialLayer: number;
  /**
   * A receiver of any lower temporal layers may switch up to `temporalLayer` at this frame. Also true at key frames,
   * whose temporal layer is 0: there all layers may be taken. False at other frames of layer 0.
   */
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
