// Where everything on the stage goes: one even grid, or something large with the others in a strip beside it.

import { gridLayout } from './grid-layout.js';
import { partOf, type Rect, type Size } from './rect.js';

/** The strip beside something large takes this share of the longer side, within bounds in CSS pixels. */
const STRIP_SHARE = 0.2;
const STRIP_LEAST = 96;
const STRIP_MOST = 280;

/** From this width to height on, the strip stands beside what is large; below, it lies under it. */
const BESIDE_FROM = 1.15;

/** A tile of the strip is at most this wide for its height: the widest camera picture. */
const STRIP_TILE_ASPECT = 16 / 9;

/** A strip that is this much thicker than it has to be holds a grid rather than one line. */
const ROOMY = 1.25;

/** The places of all tiles: the large ones first, then the others, each in the order in which they came. */
export interface StagePlaces {
  readonly large: readonly Rect[];
  readonly others: readonly Rect[];
}

/**
 * Places `large` large tiles and `others` further ones inside `area`. With none large it is one even grid. `aspect` is
 * the width to height of a single large picture that is shown whole, such as a screen: what it would leave empty goes
 * to the others. Every rectangle lies inside the area, and no two overlap.
 */
export function stageLayout(
  large: number,
  others: number,
  area: Size,
  gap: number,
  aspect: number | null = null,
): StagePlaces {
  if (large === 0) return { large: [], others: gridLayout(others, area, gap) };
  if (others === 0) return { large: gridLayout(large, area, gap), others: [] };
  return area.width / area.height >= BESIDE_FROM
    ? beside(large, others, area, gap, aspect)
    : under(large, others, area, gap, aspect);
}

function stripThickness(along: number): number {
  const wished = Math.min(STRIP_MOST, Math.max(STRIP_LEAST, along * STRIP_SHARE));
  return Math.min(wished, along / 2);
}

function beside(large: number, others: number, area: Size, gap: number, aspect: number | null): StagePlaces {
  const least = stripThickness(area.width);
  const most = Math.max(0, area.width - least - gap);
  const main = { width: aspect === null ? most : Math.min(most, area.height * aspect), height: area.height };
  const width = area.width - main.width - gap;
  const tile = { width, height: Math.min(partOf(area.height, others, gap), width / STRIP_TILE_ASPECT) };
  const roomy = width > least * ROOMY || tile.height < width / 3;
  const places = roomy
    ? gridLayout(others, { width, height: area.height }, gap)
    : column(others, tile, area.height, gap);
  return { large: gridLayout(large, main, gap), others: moved(places, area.width - width, 0) };
}

function under(large: number, others: number, area: Size, gap: number, aspect: number | null): StagePlaces {
  const least = stripThickness(area.height);
  const most = Math.max(0, area.height - least - gap);
  const main = { width: area.width, height: aspect === null ? most : Math.min(most, area.width / aspect) };
  const height = area.height - main.height - gap;
  const tile = { width: Math.min(partOf(area.width, others, gap), height * STRIP_TILE_ASPECT), height };
  const roomy = height > least * ROOMY || tile.width < height / 2;
  const places = roomy
    ? gridLayout(others, { width: area.width, height }, gap)
    : row(others, tile, area.width, gap);
  return { large: gridLayout(large, main, gap), others: moved(places, 0, area.height - height) };
}

function column(count: number, tile: Size, length: number, gap: number): readonly Rect[] {
  const top = (length - (tile.height * count + gap * (count - 1))) / 2;
  return Array.from({ length: count }, (_, index) => ({
    ...tile,
    x: 0,
    y: Math.max(0, top) + index * (tile.height + gap),
  }));
}

function row(count: number, tile: Size, length: number, gap: number): readonly Rect[] {
  const left = (length - (tile.width * count + gap * (count - 1))) / 2;
  return Array.from({ length: count }, (_, index) => ({
    ...tile,
    x: Math.max(0, left) + index * (tile.width + gap),
    y: 0,
  }));
}

function moved(places: readonly Rect[], x: number, y: number): readonly Rect[] {
  return places.map((place) => ({ ...place, x: place.x + x, y: place.y + y }));
}
