// A tour through every screen of Maru: what each walk of it is given, and how one of them is run.

import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { startTcpProxy, type TcpProxy } from '../../../../bench/network/tcp-proxy.js';
import { TestClient } from '../../../../packages/server/test/support/client.js';
import type { ChromiumOptions, TestChromium } from '../chromium.js';
import { newPerson, type Person, type PersonOptions, roomLink } from '../person.js';
import type { Stage } from '../stage.js';
import { type Area, type KeyOf, type TourLanguage, word } from './words.js';

/** One screen that was reached; `page` shows it, and shows it still when this is over. */
export type Visit = (screen: string, page: Page) => Promise<void>;

/** One walk past the screens of a theme. */
export type Walk = (tour: Tour) => Promise<void>;

/** Someone who walks, with a way to the server of their own. */
export interface Walker extends Person {
  /** The way: cut, the server is out of reach for this person alone. */
  readonly way: TcpProxy;
  /** Opens a path of Maru in the person's page. */
  open(path: string): Promise<void>;
  /** Opens a room: the walk's own where none is named. */
  openRoom(query?: string, room?: string): Promise<void>;
}

/** What a walk is given. */
export interface Tour {
  readonly stage: Stage;
  readonly language: TourLanguage;
  /** A room that nobody else uses. */
  readonly room: string;
  readonly visit: Visit;
  /** Visits something that goes by itself; `show` makes it appear, again where it went before it was all seen. */
  visitPassing(screen: string, passing: Locator, show: () => Promise<unknown>): Promise<void>;
  /** The product's own words, in the tour's language. */
  word<A extends Area>(area: A, key: KeyOf<A>): string;
  /** The button of these words. */
  button<A extends Area>(page: Page, area: A, key: KeyOf<A>): Locator;
  /** A fresh person of the tour's language and window; in the stage's own browser unless another is given. */
  walker(name: string, options?: PersonOptions & { readonly chromium?: TestChromium }): Promise<Walker>;
  /** A browser of another kind, shared by the languages. */
  browser(options: ChromiumOptions): Promise<TestChromium>;
  /** Someone in a room without a browser: a client of the protocol that never takes up a link. Gone after the walk. */
  seat(name: string, room?: string): Promise<TestClient>;
}

export interface TourOptions {
  readonly language: TourLanguage;
  /** Window and preferences of everyone who walks. */
  readonly context: BrowserContextOptions;
  readonly visit: Visit;
}

/** Walks in several languages at the same time: most of a walk is waiting. */
export async function takeWalk(stage: Stage, walk: Walk, tours: readonly TourOptions[]): Promise<void> {
  const browsers = new Map<string, Promise<TestChromium>>();
  const browser = (options: ChromiumOptions): Promise<TestChromium> => {
    const key = JSON.stringify(options);
    const shared = browsers.get(key) ?? stage.ownBrowser(options);
    browsers.set(key, shared);
    return shared;
  };
  await Promise.all(tours.map((options) => walkAlone(stage, walk, options, browser)));
}

async function walkAlone(
  stage: Stage,
  walk: Walk,
  { language, context, visit }: TourOptions,
  browser: Tour['browser'],
): Promise<void> {
  const room = `${stage.room}-${language}`;
  const locale = language === 'en' ? 'en-US' : 'ko-KR';
  const ways: TcpProxy[] = [];
  const seats: TestClient[] = [];
  const tour: Tour = {
    stage,
    language,
    room,
    visit,
    browser,
    word: (area, key) => word(language, area, key),
    button: (page, area, key) => page.getByRole('button', { name: word(language, area, key), exact: true }),
    async visitPassing(screen, passing, show) {
      do {
        await show();
        await passing.waitFor();
        await visit(screen, passing.page());
      } while (!(await passing.isVisible()));
    },
    async walker(name, { chromium = stage.chromium, ...options } = {}) {
      const way = await startTcpProxy({ target: { host: '127.0.0.1', port: stage.server.port } });
      ways.push(way);
      const url = `http://localhost:${way.port}`;
      const person = stage.adopt(
        await newPerson(chromium, name, { ...options, context: { ...context, ...options.context, locale } }),
      );
      const open = async (path: string): Promise<void> => {
        await person.page.goto(url + path);
      };
      const openRoom = (query = '', named = room): Promise<void> =>
        open(roomLink('', named, `name=${encodeURIComponent(name)}${query}`));
      return { ...person, way, open, openRoom };
    },
    async seat(name, named = room) {
      const client = await TestClient.greet(stage.server.url);
      seats.push(client);
      await client.join(named, name);
      return client;
    },
  };
  try {
    await walk(tour);
  } finally {
    for (const { socket } of seats) socket.terminate();
    await Promise.all(ways.map((way) => way.close()));
  }
}
