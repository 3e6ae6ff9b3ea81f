// The words that a tour presses and waits for: the product's own, in the tour's language.

import { callMessages } from '../../../../apps/web/src/call/messages.js';
import { commonMessages } from '../../../../apps/web/src/i18n/messages/common.js';
import { doctorMessages } from '../../../../apps/web/src/i18n/messages/doctor.js';
import { errorMessages } from '../../../../apps/web/src/i18n/messages/errors.js';
import { homeMessages } from '../../../../apps/web/src/i18n/messages/home.js';
import { labMessages } from '../../../../apps/web/src/i18n/messages/lab.js';
import { lobbyMessages } from '../../../../apps/web/src/i18n/messages/lobby.js';
import { screenMessages } from '../../../../apps/web/src/i18n/messages/screens.js';

export const TOUR_LANGUAGES = ['en', 'ko'] as const;
export type TourLanguage = (typeof TOUR_LANGUAGES)[number];

const CATALOGUES = {
  call: callMessages,
  common: commonMessages,
  doctor: doctorMessages,
  errors: errorMessages,
  home: homeMessages,
  lab: labMessages,
  lobby: lobbyMessages,
  screens: screenMessages,
} as const;
export type Area = keyof typeof CATALOGUES;
export type KeyOf<A extends Area> = keyof (typeof CATALOGUES)[A]['en'] & string;

/** A sentence of the product without parameters. */
export function word<A extends Area>(language: TourLanguage, area: A, key: KeyOf<A>): string {
  const messages: Readonly<Record<string, unknown>> = CATALOGUES[area][language];
  const message = messages[key];
  if (typeof message !== 'string') throw new Error(`${area} has no plain words for ${key}.`);
  return message;
}
