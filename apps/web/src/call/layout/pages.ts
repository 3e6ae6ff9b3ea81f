// Pages of people, where there are more than can be seen at once. Who speaks moves nobody from page to page. Pure.

import type { Size } from './rect.js';
import { stageLayout } from './stage-layout.js';

/** Most tiles on a page, one's own among them: each more is one more picture to receive, and faces get small. */
export const MOST_TILES = 12;

/** So many are shown on one page however small that makes them: turning pages for a handful of people is worse. */
export const FEWEST_TILES = 6;

/** Smaller than this, in CSS pixels, a face is not recognised and a name not read. */
const LEAST_TILE: Size = { width: 104, height: 84 };

/** How many tiles go onto one page of this area, beside so many large ones. */
export function tilesPerPage(large: number, area: Size, gap: number): number {
  if (area.width <= 0 || area.height <= 0) return MOST_TILES;
  for (let count = MOST_TILES; count > FEWEST_TILES; count--) {
    const { others } = stageLayout(large, count, area, gap);
    if (others.every(({ width, height }) => width >= LEAST_TILE.width && height >= LEAST_TILE.height)) {
      return count;
    }
  }
  return FEWEST_TILES;
}

export interface Paged {
  /** Which page is shown, from 0. */
  readonly page: number;
  readonly pages: number;
  /** The people on it, in order. */
  readonly people: readonly string[];
}

/** The page of `people` that is shown; one's own tile is on every page, and takes one of its `perPage` places. */
export function pageOf(people: readonly string[], perPage: number, page: number): Paged {
  if (people.length + 1 <= perPage) return { page: 0, pages: 1, people };
  const size = Math.max(1, perPage - 1);
  const pages = Math.ceil(people.length / size);
  const shown = Math.min(Math.max(0, page), pages - 1);
  return { page: shown, pages, people: people.slice(shown * size, (shown + 1) * size) };
}
