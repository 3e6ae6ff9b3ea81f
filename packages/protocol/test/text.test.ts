// Names: their one form, what is refused, and what people of the world are really called.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClientMessage } from '../src/parse.js';
import { normalizeDisplayName, normalizeRoomName } from '../src/text.js';

const BOTH = [normalizeRoomName, normalizeDisplayName];

describe.each(BOTH)('[ROOM-1, ROOM-2] %o', (normalize) => {
  test.each([
    '마루',
    '회의실 3층',
    'Zoë Ångström',
    'Nguyễn Thị Minh Khai',
    'أحمد بن محمد',
    'שרה כהן',
    'ประยุทธ์',
    'अर्जुन',
    '田中さん',
    '👩‍👩‍👧‍👦 family',
    '🏳️‍🌈',
    'a/b?c#d%20&e',
    "Robert'); DROP TABLE peers;--",
    '<b>bold</b>',
    '..',
    '__proto__',
    'x',
  ])('takes %j as it is', (name) => {
    expect(normalize(name)).toBe(name.normalize('NFC'));
  });

  test('makes one name of Hangul syllables and of the jamo they are made of', () => {
    expect('마루'.normalize('NFD')).not.toBe('마루');
    expect(normalize('마루'.normalize('NFD'))).toBe('마루');
    expect(normalize('한글'.normalize('NFD'))).toBe('한글');
  });

  test('makes one name of an accent and of a letter that has it', () => {
    expect(normalize('Zoe\u0308')).toBe('Zo\u00eb');
  });

  test('trims what Unicode calls white space, and leaves what is inside', () => {
    expect(normalize('  living  room \t\n')).toBe('living  room');
    expect(normalize('\u3000마루\u00a0\ufeff')).toBe('마루');
  });

  test('keeps upper and lower case apart', () => {
    expect(normalize('Maru')).not.toBe(normalize('maru'));
  });

  test.each([
    '',
    ' ',
    '\t\n',
    '\u200b',
    '\u200d\u200d',
    '\u3164',
    '\u115f\u1160',
    '\u2800',
    '\ufeff',
    '\u00ad',
    '\u0301',
  ])('refuses %j, of which nothing is seen', (name) => {
    expect(normalize(name)).toBeNull();
  });

  test.each(['a\u0000b', 'a\u0007', 'a\nb', 'a\u001b[31mb', 'a\u007fb', 'a\u0085b', 'a\u2028b', 'a\u2029b'])(
    'refuses %j, which carries a control character',
    (name) => {
      expect(normalize(name)).toBeNull();
    },
  );

  test.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
    'refuses a name with %j, which would make it look like another',
    (control) => {
      expect(normalize(`mina${control}nim`)).toBeNull();
    },
  );

  test.each(['\ud800', '\udc00', 'a\ud83d', '\udfe0\ud83c'])('refuses %j, half a character', (name) => {
    expect(normalize(name)).toBeNull();
  });

  test('counts code points after normalisation', () => {
    expect(normalize('x'.repeat(64))).not.toBeNull();
    expect(normalize('x'.repeat(65))).toBeNull();
    expect(normalize('🏠'.repeat(64))).not.toBeNull();
    expect(normalize('🏠'.repeat(65))).toBeNull();
    // 64 syllables are 64 code points however they came: 192 jamo here.
    expect(normalize('한'.repeat(64).normalize('NFD'))).toBe('한'.repeat(64));
    expect(normalize('한'.repeat(65))).toBeNull();
    expect(normalize(` ${'x'.repeat(64)} `)).not.toBeNull();
  });

  test('is done once: a normal name is its own normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const once = normalize(text);
        if (once !== null) expect(normalize(once)).toBe(once);
      }),
      { numRuns: 10_000 },
    );
  });

  test('never gives back a control character, an edge of white space or a long name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (text) => {
        const name = normalize(text);
        if (name === null) return;
        expect(name).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(name.trim()).toBe(name);
        expect([...name].length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('[ROOM-1] a room name is normal once it has come through the door', () => {
  const parsed = parseClientMessage(
    JSON.stringify({ type: 'peek', id: 1, room: `  ${'마루'.normalize('NFD')} ` }),
  );
  expect(parsed).toEqual({ ok: true, message: { type: 'peek', id: 1, room: '마루' } });
});
