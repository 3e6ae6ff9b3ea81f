// Room names: random ones, typed ones, pasted links; and the list of rooms of lately.

import { describe, expect, test } from 'vitest';
import { MAX_RECENT_ROOMS, parseRooms, withRoom } from '../src/home/recent-rooms.js';
import { pathOfTyped, randomRoomName } from '../src/home/room-names.js';

describe('randomRoomName', () => {
  test('is three groups of four letters, without l and o', () => {
    for (let turn = 0; turn < 200; turn++) {
      expect(randomRoomName()).toMatch(/^[a-km-np-z]{4}-[a-km-np-z]{4}-[a-km-np-z]{4}$/);
    }
  });

  test('throws away bytes that would make some letters likelier', () => {
    const bytes = [255, 240, 0, ...Array<number>(11).fill(23)];
    const name = randomRoomName((length) => Uint8Array.from(bytes.splice(0, length)));
    expect(name).toBe('azzz-zzzz-zzzz');
  });

  test('uses every letter', () => {
    const letters = new Set(
      Array.from({ length: 200 }, () => randomRoomName())
        .join('')
        .replaceAll('-', ''),
    );
    expect(letters.size).toBe(24);
  });
});

describe('pathOfTyped', () => {
  const ORIGIN = 'https://maru.example';

  test('a name leads to its room', () => {
    expect(pathOfTyped('  주간 회의 ', ORIGIN)).toBe(`/r/${encodeURIComponent('주간 회의')}`);
    expect(pathOfTyped('a/b?c#d', ORIGIN)).toBe('/r/a%2Fb%3Fc%23d');
  });

  test('a pasted link of this server leads where it leads', () => {
    expect(pathOfTyped('https://maru.example/r/weekly?mic=off', ORIGIN)).toBe('/r/weekly?mic=off');
  });

  test('a link of another server is no way to leave this one', () => {
    expect(pathOfTyped('https://other.example/r/weekly', ORIGIN)).toMatch(/^\/r\/https%3A/);
  });

  test.each(['', '   ', '..', 'x'.repeat(65), 'a\u0007'])('%j is unusable', (text) => {
    expect(pathOfTyped(text, ORIGIN)).toBeNull();
  });
});

describe('recent rooms', () => {
  test('the newest comes first, once, and the oldest goes', () => {
    const many = Array.from({ length: MAX_RECENT_ROOMS }, (_, index) => `room ${index}`);
    const next = withRoom(many, 'room 3');
    expect(next).toHaveLength(MAX_RECENT_ROOMS);
    expect(next[0]).toBe('room 3');
    expect(new Set(next).size).toBe(MAX_RECENT_ROOMS);
    expect(withRoom(many, 'new')).not.toContain(`room ${MAX_RECENT_ROOMS - 1}`);
  });

  test('only usable names survive what was stored', () => {
    expect(parseRooms(null)).toEqual([]);
    expect(parseRooms('{')).toEqual([]);
    expect(parseRooms('{"a":1}')).toEqual([]);
    expect(parseRooms(JSON.stringify(['weekly', 7, '', 'a\u0000', ' padded ']))).toEqual([
      'weekly',
      'padded',
    ]);
    expect(parseRooms(JSON.stringify(Array(99).fill('x')))).toHaveLength(MAX_RECENT_ROOMS);
  });
});
