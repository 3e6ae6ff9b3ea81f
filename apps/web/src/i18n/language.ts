// The page's language: chosen from the browser, switchable, remembered.

import { type ReadonlySignal, signal } from '@preact/signals';
import { recall, remember } from '../app/storage.js';

/** The languages that Maru's page speaks, as BCP 47 primary tags. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, for the switch. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

const STORAGE_KEY = 'language';

/** The first of the person's languages that the page speaks (HTML, `navigator.languages`), or English. */
export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  for (const tag of [remembered ?? '', ...preferred]) {
    const found = LANGUAGES.find((each) => each === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
}

// Unit tests load messages without a browser: there the page speaks English.
const preferred = typeof navigator === 'undefined' ? [] : navigator.languages;
const current = signal<Language>(chooseLanguage(recall(STORAGE_KEY), preferred));

/** The language now. Reading it while drawing redraws on a switch. */
export const language: ReadonlySignal<Language> = current;

/** Switches the page's language and remembers it on this device. */
export function setLanguage(next: Language): void {
  current.value = next;
  remember(STORAGE_KEY, next);
}
