// A walk through every screen of Maru, in any language, by what is in the page rather than by its words.

import type { Page } from 'playwright-core';
import { enterCall, type Person } from './person.js';
import type { Stage } from './stage.js';

/** One screen that was reached; `page` shows it. */
export type Visit = (screen: string, page: Page) => Promise<void>;

/** The words that the tour presses, by language. */
const WORDS = {
  en: {
    join: 'Join',
    chat: 'Chat',
    more: 'More',
    leave: 'Leave',
    start: 'Start',
    call: 'Call',
  },
  ko: {
    join: '들어가기',
    chat: '대화',
    more: '더 보기',
    leave: '나가기',
    start: '시작',
    call: '전화 걸기',
  },
} as const;

export type TourLanguage = keyof typeof WORDS;

/** Walks one person past every screen: home, lab, wrong link, lobby, call alone and with others, panels, left. */
export async function tour(
  stage: Stage,
  person: Person,
  language: TourLanguage,
  visit: Visit,
): Promise<void> {
  const { page } = person;
  const words = WORDS[language];
  const { url } = stage.server;
  const room = `${stage.room}-${language}`;
  const buttonNamed = (name: string) => page.getByRole('button', { name, exact: true });

  await page.goto(url);
  await page.locator('input[name="room"]').waitFor();
  await visit('home', page);

  await page.goto(`${url}/lab`);
  await buttonNamed(words.start).waitFor();
  await visit('lab before', page);
  await buttonNamed(words.start).click();
  await buttonNamed(words.call).click();
  await page.locator('dl').waitFor();
  await visit('lab in call', page);

  await page.goto(`${url}/nowhere`);
  await page.getByRole('heading').first().waitFor();
  await visit('wrong link', page);

  await page.goto(`${url}/r/${room}?name=Ann`);
  await page.locator('.readiness-good').waitFor();
  await visit('lobby', page);
  await buttonNamed(words.join).click();
  await buttonNamed(words.leave).waitFor();
  await visit('call alone', page);

  const bob = stage.adopt(await enterCall(stage.chromium, url, room, 'Bob', { query: 'mic=off' }));
  await page.locator('[data-peer-id][data-picture="live"]').waitFor();
  await visit('call with others', page);
  await buttonNamed(words.chat).click();
  await page.getByRole('log').waitFor();
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await visit('chat', page);
  await page.keyboard.press('Escape');
  await buttonNamed(words.more).click();
  await page.getByRole('combobox').first().waitFor();
  await visit('more', page);
  await page.keyboard.press('Escape');
  await bob.page.close();
  await page.locator('[data-peer-id]').waitFor({ state: 'detached' });

  await buttonNamed(words.leave).click();
  await buttonNamed(words.leave).waitFor({ state: 'detached' });
  await page.getByRole('heading').first().waitFor();
  await visit('left', page);
}
