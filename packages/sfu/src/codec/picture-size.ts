// How large pictures are, in pixels.

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Where nothing says it. */
export const NO_SIZES: readonly PictureSize[] = [];
