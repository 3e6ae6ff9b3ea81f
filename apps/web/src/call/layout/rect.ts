// A rectangle in CSS pixels, from the top left of what contains it.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Splits a length into equal parts with gaps between; each part is at least 0. */
export function partOf(length: number, parts: number, gap: number): number {
  return Math.max(0, (length - gap * (parts - 1)) / parts);
}

/** The largest rectangle of an aspect ratio (width / height) inside another, centred. */
export function fitInside(outer: Rect, aspect: number): Rect {
  const width = Math.min(outer.width, outer.height * aspect);
  const height = Math.min(outer.height, outer.width / aspect);
  return { x: outer.x + (outer.width - width) / 2, y: outer.y + (outer.height - height) / 2, width, height };
}
