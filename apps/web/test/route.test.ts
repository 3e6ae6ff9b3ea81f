// Routes: what an address asks for, and which names a URL can carry.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoute, roomPath } from '../src/app/route.js';

const NO_WISHES = { name: null, mic: true, camera: true, join: false };

describe('parseRoute', () => {
  test('home, lab, doctor and rooms have their screens', () => {
    expect(parseRoute('/', '')).toEqual({ screen: 'home' });
    expect(parseRoute('/lab', '')).toEqual({ screen: 'lab' });
    expect(parseRoute('/lab/', '')).toEqual({ screen: 'lab' });
    expect(parseRoute('/doctor', '')).toEqual({ screen: 'doctor' });
    expect(parseRoute('/r/weekly', '')).toEqual({ screen: 'room', room: 'weekly', wishes: NO_WISHES });
  });

  test('a room name is decoded and brought into its one form', () => {
    expect(parseRoute('/r/%EC%A3%BC%EA%B0%84%20%ED%9A%8C%EC%9D%98/', '')).toMatchObject({
      room: '주간 회의',
    });
    const decomposed = encodeURIComponent('주간'.normalize('NFD'));
    expect(parseRoute(`/r/${decomposed}`, '')).toMatchObject({ room: '주간' });
  });

  test.each([
    '/rooms/x',
    '/r',
    '/r/',
    '/r/a/b',
    '/r/%20',
    '/r/%E0%A4%A',
    '/r/a%00b',
    `/r/${'x'.repeat(65)}`,
    '/lab/x',
  ])('%s is a wrong link', (path) => {
    expect(parseRoute(path, '')).toEqual({ screen: 'wrong-link' });
  });

  test('the query carries the wishes', () => {
    const wishes = { name: '하은', mic: false, camera: false, join: true };
    const search = `?name=${encodeURIComponent('하은')}&mic=off&camera=off&join`;
    expect(parseRoute('/r/x', search)).toMatchObject({ wishes });
    expect(parseRoute('/r/x', '?join=1')).toMatchObject({ wishes: { join: true } });
    expect(parseRoute('/r/x', '?join=off&mic=on')).toMatchObject({ wishes: { join: false, mic: true } });
    expect(parseRoute('/r/x', '?topology=sfu')).toMatchObject({ wishes: { ...NO_WISHES, topology: 'sfu' } });
    expect(parseRoute('/r/x', '?topology=star')).toEqual({ screen: 'room', room: 'x', wishes: NO_WISHES });
  });
});

describe('roomPath', () => {
  test.each(['.', '..', '', '  ', 'a\u0000b', 'x'.repeat(65)])('%j has no path', (name) => {
    expect(roomPath(name)).toBeNull();
  });

  test('what a path carries is read back as the same room, through a real URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (name) => {
        const path = roomPath(name);
        if (path === null) return;
        const url = new URL(path, 'https://maru.example');
        expect(parseRoute(url.pathname, url.search)).toMatchObject({ room: name.normalize('NFC').trim() });
      }),
    );
  });
});
