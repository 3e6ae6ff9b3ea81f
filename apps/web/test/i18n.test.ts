// Words: both languages say everything, with the same parameters, and every error has its sentence.

import { MaruError } from '@maru/client';
import { ERRORS, type ErrorCode } from '@maru/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { callMessages } from '../src/call/messages.js';
import { defineMessages, type Message, translator } from '../src/i18n/i18n.js';
import { chooseLanguage, setLanguage } from '../src/i18n/language.js';
import { commonMessages } from '../src/i18n/messages/common.js';
import { deviceMessages } from '../src/i18n/messages/devices.js';
import { doctorMessages } from '../src/i18n/messages/doctor.js';
import { errorMessages, errorText } from '../src/i18n/messages/errors.js';
import { homeMessages } from '../src/i18n/messages/home.js';
import { labMessages } from '../src/i18n/messages/lab.js';
import { lobbyMessages } from '../src/i18n/messages/lobby.js';
import { screenMessages } from '../src/i18n/messages/screens.js';
import { insideText } from '../src/lobby/who-is-inside.js';

afterEach(() => setLanguage('en'));

const CATALOGUES = {
  call: callMessages,
  common: commonMessages,
  devices: deviceMessages,
  doctor: doctorMessages,
  errors: errorMessages,
  home: homeMessages,
  lab: labMessages,
  lobby: lobbyMessages,
  screens: screenMessages,
};

function parameters(message: Message): string[] {
  const forms = typeof message === 'string' ? [message] : [message.one, message.other];
  // `count` chooses the form and need not be said in it.
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))]
    .filter((p) => p !== '{count}')
    .sort();
}

function forms(message: Message): string[] {
  return typeof message === 'string' ? [message] : [message.one, message.other];
}

describe.each(Object.entries(CATALOGUES))('the words of %s', (_area, catalogue) => {
  const en: Readonly<Record<string, Message>> = catalogue.en;
  const ko: Readonly<Record<string, Message>> = catalogue.ko;

  test('have the same keys and parameters in both languages', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
    for (const [key, message] of Object.entries(en)) {
      expect(parameters(ko[key] ?? ''), key).toEqual(parameters(message));
    }
  });

  test('are said, without blame and exclamation marks, and Korean names stand before a particle that fits all', () => {
    for (const message of [...Object.values(en), ...Object.values(ko)]) {
      for (const form of forms(message)) {
        expect(form.trim()).not.toBe('');
        expect(form).not.toMatch(/[!！]/);
        // "{name}이/가/을/를/은/는/과/와" is wrong for half of all names; "{name}님이" is right for all.
        expect(form).not.toMatch(/\{names?\}(이|가|을|를|은|는|과|와)(\s|$)/);
      }
    }
  });
});

describe('errors', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[];

  test.each(codes)('%s has a sentence in both languages', (code) => {
    for (const language of ['en', 'ko'] as const) {
      setLanguage(language);
      const text = errorText(new MaruError(code));
      expect(text).not.toContain(code);
      expect(text).not.toContain('{');
      expect(text.length).toBeGreaterThan(5);
    }
  });

  test('a full room says its limit, a missing path whom it was to', () => {
    expect(errorText(new MaruError('room-full', { limit: 4 }))).toBe(
      'This room is full (4 people). You can join when someone leaves.',
    );
    expect(errorText(new MaruError('no-path'), 'Jiwoo')).toBe(
      'No path to Jiwoo was found. Try another network.',
    );
    setLanguage('ko');
    expect(errorText(new MaruError('no-path'), '지우')).toBe(
      '지우님과 연결할 길을 찾지 못했어요. 다른 네트워크에서 시도해 보세요.',
    );
  });
});

test('a blocked device says who blocked it, for that decides what helps', () => {
  const sentences = (['camera-blocked', 'microphone-blocked'] as const).flatMap((code) =>
    [{}, ...(['dismissed', 'system', 'policy'] as const).map((blockedBy) => ({ blockedBy }))].map((detail) =>
      errorText(new MaruError(code, detail)),
    ),
  );
  expect(new Set(sentences).size).toBe(8);
  expect(sentences[2]).toContain('system');
});

describe('translator', () => {
  const t = translator(
    defineMessages(
      { people: { one: '{count} person', other: '{count} people' }, hello: 'Hello {name}' },
      { people: '{count}명', hello: '{name}님, 안녕하세요' },
    ),
  );

  test('chooses the plural form and fills in parameters', () => {
    expect(t('people', { count: 1 })).toBe('1 person');
    expect(t('people', { count: 2 })).toBe('2 people');
    expect(t('people', { count: 0 })).toBe('0 people');
    setLanguage('ko');
    expect(t('people', { count: 1 })).toBe('1명');
  });

  test('takes a name as it is, braces and dollar signs included', () => {
    expect(t('hello', { name: '{name} $& $1' })).toBe('Hello {name} $& $1');
  });
});

test('the language is the remembered one, else the first of the browser that the page speaks, else English', () => {
  expect(chooseLanguage('ko', ['en-US'])).toBe('ko');
  expect(chooseLanguage(null, ['fr-FR', 'ko-KR', 'en'])).toBe('ko');
  expect(chooseLanguage('xx', ['KO'])).toBe('ko');
  expect(chooseLanguage(null, ['fr'])).toBe('en');
  expect(chooseLanguage(null, [])).toBe('en');
});

test('who is inside is one sentence for any number of people', () => {
  expect(insideText({ count: 0, names: [] })).toBe('Nobody is inside yet');
  expect(insideText({ count: 1, names: ['Jiwoo'] })).toBe('Jiwoo is inside');
  expect(insideText({ count: 2, names: ['Jiwoo', 'Marta'] })).toBe('Jiwoo and Marta are inside');
  expect(insideText({ count: 5, names: ['A', 'B', 'C', 'D', 'E'] })).toBe('A, B, C and 2 more are inside');
  expect(insideText({ count: 2, names: [] })).toBe('2 people are inside');
  setLanguage('ko');
  expect(insideText({ count: 3, names: ['지우', 'Marta', '현수'] })).toBe(
    '지우, Marta, 현수님이 안에 있어요',
  );
});
