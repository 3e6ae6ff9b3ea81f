// How wide a picture is drawn, of the whole of which a part may be cropped away: plain geometry.

import type { Size } from './rect.js';

/** What is assumed before the first picture has come: cameras are wide. */
const USUAL_ASPECT = 16 / 9;

export interface Drawn {
  /** The box of the video element in CSS pixels. */
  readonly box: Size;
  /** The picture's own size; zero before there is one. */
  readonly picture: Size;
  /** `cover` fills the box and crops, `contain` shows all of the picture (CSS, `object-fit`). */
  readonly fit: 'cover' | 'contain';
  /** Device pixels to a CSS pixel. */
  readonly pixelRatio: number;
}

/** The width of the whole picture in device pixels; 0 for a box of no size. */
export function drawnWidth({ box, picture, fit, pixelRatio }: Drawn): number {
  if (box.width <= 0 || box.height <= 0) return 0;
  const aspect = picture.width > 0 && picture.height > 0 ? picture.width / picture.height : USUAL_ASPECT;
  const byHeight = box.height * aspect;
  const width = fit === 'cover' ? Math.max(box.width, byHeight) : Math.min(box.width, byHeight);
  return Math.max(1, Math.round(width * pixelRatio));
}
