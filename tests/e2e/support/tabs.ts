// A Chromium whose tabs can be hidden behind one another and put to sleep. Playwright keeps every page awake and in
// view; Puppeteer leaves that to the browser.

import puppeteer, { type Page } from 'puppeteer-core';
import { chromiumArguments, chromiumPath } from './chromium.js';
import { watchPage } from './page-watch.js';
import { roomLink, type Witness } from './person.js';
import { until } from './until.js';

declare global {
  interface Window {
    /** How often the page was frozen. */
    naps: number;
  }
}

/** Sent to the page as text. */
function countNaps(): void {
  window.naps = 0;
  document.addEventListener('freeze', () => {
    window.naps += 1;
  });
}

/** Someone in a tab of such a browser. */
export interface TabPerson extends Witness {
  readonly puppet: Page;
  /** Another tab comes in front, and the browser freezes this one (W3C Page Lifecycle): none of its code runs. */
  sleep(): Promise<void>;
  /** The tab goes on, and comes in front again. */
  wake(): Promise<void>;
}

export interface TabBrowser {
  /** Goes straight into a call; `before` runs in the page before anything else. */
  enter(
    url: string,
    room: string,
    name: string,
    before?: (page: Page) => Promise<unknown>,
  ): Promise<TabPerson>;
  close(): Promise<void>;
}

export async function startTabBrowser(): Promise<TabBrowser> {
  const { args, remove } = await chromiumArguments();
  const browser = await puppeteer.launch({ executablePath: chromiumPath(), headless: true, args });
  const [other = await browser.newPage()] = await browser.pages();
  return {
    async enter(url, room, name, before) {
      const puppet = await browser.newPage();
      const devtools = await puppet.createCDPSession();
      await puppet.evaluateOnNewDocument(watchPage);
      await puppet.evaluateOnNewDocument(countNaps);
      await before?.(puppet);
      await puppet.goto(roomLink(url, room, `name=${encodeURIComponent(name)}&join`));
      await puppet.locator('::-p-aria([name="Leave"][role="button"])').wait();
      // Puppeteer's types keep the promise of a generic result unresolved; it resolves all the same.
      const evaluate = async <T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T> =>
        (await puppet.evaluate(run, selector)) as T;
      return {
        name,
        puppet,
        page: { evaluate },
        async sleep() {
          const naps = await puppet.evaluate(() => window.naps);
          await other.bringToFront();
          await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
          await until(`${name} sleeps`, async () => (await puppet.evaluate(() => window.naps)) > naps);
        },
        async wake() {
          await devtools.send('Page.setWebLifecycleState', { state: 'active' });
          await puppet.bringToFront();
        },
      };
    },
    async close() {
      await browser.close();
      await remove();
    },
  };
}
