// Pages of people: everyone on exactly one of them, nobody moved by who speaks, and tiles that can be seen.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEWEST_TILES, MOST_TILES, pageOf, tilesPerPage } from '../src/call/layout/pages.js';
import { stageLayout } from '../src/call/layout/stage-layout.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `peer:${index}`);
const area = fc.record({
  width: fc.integer({ min: 240, max: 3_000 }),
  height: fc.integer({ min: 200, max: 2_000 }),
});

describe('how many tiles go onto a page', () => {
  test.each([
    ['a laptop', 1_412, 704, 10, 12],
    ['a phone', 374, 700, 6, 12],
    ['a small phone', 304, 430, 6, 8],
    ['a phone on its side', 700, 280, 6, 12],
  ])('%s: %i by %i', (_what, width, height, gap, tiles) => {
    expect(tilesPerPage(0, { width, height }, gap)).toBe(tiles);
  });

  test('beside a screen on a laptop there are fewer, and never fewer than a handful', () => {
    const beside = tilesPerPage(1, { width: 1_412, height: 704 }, 10);
    expect(beside).toBeLessThanOrEqual(MOST_TILES);
    expect(beside).toBeGreaterThanOrEqual(FEWEST_TILES);
  });

  test('before anything was measured it is the most', () => {
    expect(tilesPerPage(0, { width: 0, height: 0 }, 10)).toBe(MOST_TILES);
  });

  test('more room never means fewer tiles of an even grid that are too small', () => {
    fc.assert(
      fc.property(area, (size) => {
        const count = tilesPerPage(0, size, 10);
        expect(count).toBeGreaterThanOrEqual(FEWEST_TILES);
        if (count === FEWEST_TILES) return;
        for (const tile of stageLayout(0, count, size, 10).others) {
          expect(tile.width).toBeGreaterThanOrEqual(100);
          expect(tile.height).toBeGreaterThanOrEqual(80);
        }
      }),
    );
  });
});

describe('who is on which page', () => {
  test('up to twelve with oneself there is one page', () => {
    expect(pageOf(names(11), 12, 0)).toEqual({ page: 0, pages: 1, people: names(11) });
    expect(pageOf(names(12), 12, 0).pages).toBe(2);
    expect(pageOf([], 12, 3)).toEqual({ page: 0, pages: 1, people: [] });
  });

  test('thirty people go onto three pages, oneself on each', () => {
    const all = names(29);
    expect([0, 1, 2].map((page) => pageOf(all, 12, page).people.length)).toEqual([11, 11, 7]);
    expect(pageOf(all, 12, 0).pages).toBe(3);
  });

  test('everyone is on exactly one page, in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 2, max: 12 }), (count, perPage) => {
        const all = names(count);
        const { pages } = pageOf(all, perPage, 0);
        const shown = Array.from({ length: pages }, (_, page) => pageOf(all, perPage, page));
        expect(shown.flatMap(({ people }) => people)).toEqual(all);
        for (const { people } of shown)
          expect(people.length).toBeLessThanOrEqual(perPage - (pages > 1 ? 1 : 0));
      }),
    );
  });

  test('a page that is no more, as people have left, is the last there is', () => {
    expect(pageOf(names(14), 12, 5)).toMatchObject({ page: 1, pages: 2 });
    expect(pageOf(names(14), 12, -1)).toMatchObject({ page: 0 });
  });
});
