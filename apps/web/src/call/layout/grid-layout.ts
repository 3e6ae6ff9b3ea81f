// How many columns: the arrangement of equal people in which each face is as large as it can be.

import { partOf, type Rect, type Size } from './rect.js';

/** A tile is never narrower or wider than this (width / height): beyond, a face is cut or lost in a strip. */
const NARROWEST = 0.5;
const WIDEST = 2.1;

/** Between the upright picture of a phone (3:4) and the wide one of a laptop (16:9). */
const CAMERA_ASPECT = 4 / 3;

/** Head and shoulders are about nine units wide where they are ten high. */
const PERSON_ASPECT = 0.9;

/** Arrangements whose worth differs by less count as equal: the one with fewer rows is taken. */
const EQUAL_WORTH = 1e-6;

/**
 * Arranges `count` tiles inside `area`, in reading order, each row filling the width. Rows differ by one tile at
 * most, the fuller ones first. Rectangles never overlap and never leave the area.
 */
export function gridLayout(count: number, area: Size, gap: number): readonly Rect[] {
  let best: readonly Rect[] = [];
  let bestScore = -1;
  for (let rows = 1; rows <= count; rows++) {
    const tiles = arrange(count, rows, area, gap);
    const score = Math.min(...tiles.map(worth)) * evenness(tiles);
    if (score > bestScore + EQUAL_WORTH) {
      best = tiles;
      bestScore = score;
    }
  }
  return best;
}

/** How many tiles each of `rows` rows holds: as even as can be, the fuller rows first. */
export function rowCounts(count: number, rows: number): readonly number[] {
  const least = Math.floor(count / rows);
  const fuller = count % rows;
  return Array.from({ length: rows }, (_, row) => least + (row < fuller ? 1 : 0));
}

function arrange(count: number, rows: number, area: Size, gap: number): readonly Rect[] {
  const rowHeight = partOf(area.height, rows, gap);
  const counts = rowCounts(count, rows);
  const sizes = counts.map((columns) => tileSize(partOf(area.width, columns, gap), rowHeight));
  const height = Math.min(...sizes.map((size) => size.height));
  const used = height * rows + gap * (rows - 1);
  const top = Math.max(0, (area.height - used) / 2);
  return counts.flatMap((columns, row) => {
    const width = Math.min(sizes[row]?.width ?? 0, height * WIDEST);
    const left = Math.max(0, (area.width - (width * columns + gap * (columns - 1))) / 2);
    return Array.from({ length: columns }, (_, column) => ({
      x: left + column * (width + gap),
      y: top + row * (height + gap),
      width,
      height,
    }));
  });
}

function tileSize(width: number, height: number): Size {
  return { width: Math.min(width, height * WIDEST), height: Math.min(height, width / NARROWEST) };
}

/** Less than 1 where rows hold different numbers: nobody should look more important than another. */
function evenness(tiles: readonly Rect[]): number {
  const widths = tiles.map((tile) => tile.width);
  const widest = Math.max(...widths);
  return widest > 0 ? Math.sqrt(Math.min(...widths) / widest) : 0;
}

/** The size of a person in a tile, less for what the tile cuts off a camera's picture. */
function worth(tile: Size): number {
  if (tile.width <= 0 || tile.height <= 0) return 0;
  const aspect = tile.width / tile.height;
  const width = Math.min(tile.width, tile.height * PERSON_ASPECT);
  const height = Math.min(tile.height, tile.width / PERSON_ASPECT);
  const seen = Math.min(aspect / CAMERA_ASPECT, CAMERA_ASPECT / aspect);
  return width * height * Math.sqrt(seen);
}
