// The stage: every tile inside, none on another, the order kept, faces as large as can be.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawnWidth } from '../src/call/layout/drawn-width.js';
import { gridLayout, rowCounts } from '../src/call/layout/grid-layout.js';
import type { Rect, Size } from '../src/call/layout/rect.js';
import { spotlight } from '../src/call/layout/spotlight.js';
import { stageLayout } from '../src/call/layout/stage-layout.js';

const GAP = 10;
const area = fc.record({
  width: fc.integer({ min: 240, max: 3000 }),
  height: fc.integer({ min: 200, max: 2000 }),
});
const people = fc.integer({ min: 1, max: 16 });

function overlap(a: Rect, b: Rect): boolean {
  const slack = 0.01;
  return (
    a.x < b.x + b.width - slack &&
    b.x < a.x + a.width - slack &&
    a.y < b.y + b.height - slack &&
    b.y < a.y + a.height - slack
  );
}

function expectSound(tiles: readonly Rect[], outer: Size): void {
  for (const [index, tile] of tiles.entries()) {
    expect(tile.width).toBeGreaterThan(0);
    expect(tile.height).toBeGreaterThan(0);
    expect(tile.x).toBeGreaterThanOrEqual(-0.01);
    expect(tile.y).toBeGreaterThanOrEqual(-0.01);
    expect(tile.x + tile.width).toBeLessThanOrEqual(outer.width + 0.01);
    expect(tile.y + tile.height).toBeLessThanOrEqual(outer.height + 0.01);
    for (const other of tiles.slice(index + 1)) expect(overlap(tile, other)).toBe(false);
  }
}

/** How many tiles stand in each row, from the top. */
function rowsOf(tiles: readonly Rect[]): number[] {
  const rows = new Map<number, number>();
  for (const tile of tiles) rows.set(Math.round(tile.y), (rows.get(Math.round(tile.y)) ?? 0) + 1);
  return [...rows.values()];
}

function covered(tiles: readonly Rect[], outer: Size): number {
  return tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0) / (outer.width * outer.height);
}

describe('the even grid', () => {
  test('holds every tile inside the area, none on another', () => {
    fc.assert(
      fc.property(people, area, (count, outer) => {
        const tiles = gridLayout(count, outer, GAP);
        expect(tiles).toHaveLength(count);
        expectSound(tiles, outer);
      }),
    );
  });

  test('keeps reading order: rows from the top, in a row from the left', () => {
    fc.assert(
      fc.property(people, area, (count, outer) => {
        const tiles = gridLayout(count, outer, GAP);
        for (const [index, tile] of tiles.entries()) {
          const next = tiles[index + 1];
          if (!next) continue;
          expect(next.y > tile.y + 1 || (Math.abs(next.y - tile.y) < 1 && next.x > tile.x)).toBe(true);
        }
      }),
    );
  });

  test('gives every tile of one row the same size, and all rows the same height', () => {
    fc.assert(
      fc.property(people, area, (count, outer) => {
        const tiles = gridLayout(count, outer, GAP);
        for (const tile of tiles) expect(tile.height).toBeCloseTo(tiles[0]?.height ?? 0, 3);
        for (const a of tiles) {
          for (const b of tiles) if (Math.abs(a.y - b.y) < 1) expect(a.width).toBeCloseTo(b.width, 3);
        }
      }),
    );
  });

  test.each([
    [1, [1]],
    [2, [2]],
    [3, [3]],
    [4, [2, 2]],
    [5, [3, 2]],
    [6, [3, 3]],
    [7, [4, 3]],
    [8, [4, 4]],
    [9, [5, 4]],
  ])('puts %i people on a laptop into rows of %j', (count, rows) => {
    const laptop = { width: 1412, height: 704 };
    const tiles = gridLayout(count, laptop, GAP);
    expect(rowsOf(tiles)).toEqual(rows);
    expect(covered(tiles, laptop)).toBeGreaterThan(0.9);
  });

  test.each([
    [1, [1]],
    [2, [1, 1]],
    [3, [1, 1, 1]],
    [4, [2, 2]],
    [5, [2, 2, 1]],
    [6, [2, 2, 2]],
    [9, [2, 2, 2, 2, 1]],
  ])('puts %i people on a phone into rows of %j', (count, rows) => {
    const phone = { width: 374, height: 700 };
    const tiles = gridLayout(count, phone, 6);
    expect(rowsOf(tiles)).toEqual(rows);
    expect(covered(tiles, phone)).toBeGreaterThan(0.85);
  });

  test('spreads people over rows as evenly as can be, the fuller rows first', () => {
    expect(rowCounts(7, 2)).toEqual([4, 3]);
    expect(rowCounts(9, 4)).toEqual([3, 2, 2, 2]);
  });

  test('survives an area without room', () => {
    const tiles = gridLayout(3, { width: 0, height: 0 }, GAP);
    expect(tiles).toHaveLength(3);
    for (const tile of tiles) expect(tile.width).toBe(0);
  });
});

describe('the stage with something large', () => {
  test('holds everything inside the area, nothing on anything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), people, area, (large, others, outer) => {
        const places = stageLayout(large, others, outer, GAP);
        expect(places.large).toHaveLength(large);
        expect(places.others).toHaveLength(others);
        expectSound([...places.large, ...places.others], outer);
      }),
    );
  });

  test('holds everything inside the area whatever the shape of the screen', () => {
    const aspect = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(people, area, aspect, (others, outer, shape) => {
        const places = stageLayout(1, others, outer, GAP, shape);
        expect(places.large).toHaveLength(1);
        expect(places.others).toHaveLength(others);
        expectSound([...places.large, ...places.others], outer);
      }),
    );
  });

  test('gives people what a wide screen leaves empty on a phone', () => {
    const phone = { width: 374, height: 700 };
    const filled = stageLayout(1, 3, phone, 6);
    const fitted = stageLayout(1, 3, phone, 6, 16 / 9);
    expect(fitted.large[0]?.height).toBeCloseTo(374 / (16 / 9), 0);
    expect(covered(fitted.others, phone)).toBeGreaterThan(covered(filled.others, phone) * 2);
  });

  test('gives a shared screen most of the room', () => {
    for (const outer of [
      { width: 1412, height: 704 },
      { width: 374, height: 700 },
      { width: 760, height: 370 },
    ]) {
      const [screen] = stageLayout(1, 4, outer, GAP).large;
      expect(screen && (screen.width * screen.height) / (outer.width * outer.height)).toBeGreaterThan(0.6);
    }
  });
});

describe('who is large', () => {
  const silent = { id: 'a', speaking: false };
  const loud = { id: 'b', speaking: true };

  test('somebody pinned wins over who speaks', () => {
    expect(spotlight([silent, loud], 'a', 'b')).toBe('a');
  });

  test('who speaks takes over from who is silent', () => {
    expect(spotlight([silent, loud], null, 'a')).toBe('b');
  });

  test('who was large stays when two speak, and when all fall silent', () => {
    expect(spotlight([{ id: 'a', speaking: true }, loud], null, 'a')).toBe('a');
    expect(spotlight([silent, { id: 'b', speaking: false }], null, 'b')).toBe('b');
  });

  test('a pin to somebody who has left is no pin', () => {
    expect(spotlight([silent], 'gone', null)).toBe('a');
    expect(spotlight([], 'gone', 'gone')).toBeNull();
  });
});

describe('how wide a picture is drawn', () => {
  const vga = { width: 640, height: 480 };
  const draw = (width: number, height: number, fit: 'cover' | 'contain', pixelRatio = 1, picture = vga) =>
    drawnWidth({ box: { width, height }, picture, fit, pixelRatio });

  test('is that of the whole picture, whatever is cropped of it', () => {
    expect(draw(320, 180, 'cover')).toBe(320);
    expect(draw(240, 240, 'cover')).toBe(320);
  });

  test('leaves room at the sides where all of it is shown', () => {
    expect(draw(1000, 480, 'contain')).toBe(640);
    expect(draw(400, 480, 'contain')).toBe(400);
  });

  test('is in device pixels, and nothing in a box of no size', () => {
    expect(draw(320, 180, 'cover', 2)).toBe(640);
    expect(draw(0, 180, 'cover')).toBe(0);
    expect(draw(320, 0, 'cover')).toBe(0);
    expect(draw(0.1, 0.1, 'cover')).toBe(1);
  });

  test('is guessed from a wide picture before there is one', () => {
    expect(draw(100, 90, 'cover', 1, { width: 0, height: 0 })).toBe(160);
  });
});
