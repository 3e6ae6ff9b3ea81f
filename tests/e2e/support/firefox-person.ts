// People in Firefox beside those in Chromium, and what is done in a call of the two whichever way its media goes.

import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startFirefox } from './firefox.js';
import { watchPage } from './page-watch.js';
import { type Person, roomLink, soundOf, untilSeesExactly, videoSelector, type Witness } from './person.js';
import { disturbances, liveConnections, untilAllSeeAndHear, untilGreen } from './seen-and-heard.js';
import type { Stage } from './stage.js';
import { until } from './until.js';

export interface FirefoxPerson extends Witness {
  readonly puppet: Page;
}

export const ORDERS = ['Firefox joins Chromium', 'Chromium joins Firefox'] as const;

export interface FirefoxCalls {
  /** Both are in the room, and see and hear each other. */
  meet(order: (typeof ORDERS)[number], query?: string): Promise<{ ann: Person; fox: FirefoxPerson }>;
}

/** Starts a Firefox for the tests of a file. */
export function useFirefox(stage: Stage): FirefoxCalls {
  let firefox: Browser;
  let pages: Page[] = [];
  beforeAll(async () => {
    firefox = await startFirefox();
  });
  afterAll(() => firefox.close());
  afterEach(async () => {
    const closing = pages;
    pages = [];
    await Promise.all(closing.map((page) => page.close()));
  });

  async function inFirefox(name: string, query: string): Promise<FirefoxPerson> {
    const puppet = await firefox.newPage();
    pages.push(puppet);
    await puppet.evaluateOnNewDocument(watchPage);
    await puppet.goto(roomLink(stage.server.url, stage.room, `name=${name}&${query}join`));
    await named(puppet, 'Leave').wait();
    // Puppeteer's types keep the promise of a generic result unresolved; it resolves all the same.
    const evaluate = async <T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T> =>
      (await puppet.evaluate(run, selector)) as T;
    return { name, puppet, page: { evaluate } };
  }

  return {
    async meet(order, query = '') {
      const more = query === '' ? '' : `${query}&`;
      const early = order === 'Chromium joins Firefox' ? await inFirefox('Fox', more) : null;
      const ann = await stage.inCall('Ann', query === '' ? {} : { query });
      const fox = early ?? (await inFirefox('Fox', more));
      await untilAudible(fox, 'Ann');
      await untilAllSeeAndHear([ann, fox]);
      await untilGreen(fox, videoSelector('Ann'));
      return { ann, fox };
    },
  };
}

/** Fake devices do not count as capture to Firefox's autoplay policy: where it asks for a tap, it gets one. */
async function untilAudible(fox: FirefoxPerson, name: string): Promise<void> {
  await until(`${fox.name} may play the sound of ${name}`, async () => {
    const sound = await soundOf(fox, videoSelector(name));
    if (sound?.audible === true) return true;
    const tap = await fox.puppet.$('::-p-aria([name="Tap to hear everyone"][role="button"])');
    await tap?.click();
    return false;
  });
}

const named = (puppet: Page, name: string) => puppet.locator(`::-p-aria([name="${name}"][role="button"])`);

/** Mutes and unmutes, takes the camera off and on again: the other sees it each time, and nothing is negotiated. */
export async function switchWithoutOffer(ann: Person, fox: FirefoxPerson): Promise<void> {
  const before = [await liveConnections(ann), await liveConnections(fox)] as const;
  await named(fox.puppet, 'Mute').click();
  await ann.page.locator('[data-peer-id]').getByText('Muted').waitFor({ state: 'attached' });
  await named(fox.puppet, 'Turn camera off').click();
  await ann.page.locator('[data-peer-id]').getByText('F', { exact: true }).waitFor();
  await named(fox.puppet, 'Unmute').click();
  await named(fox.puppet, 'Turn camera on').click();
  await untilAllSeeAndHear([ann, fox]);
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(fox, before[1])).toEqual([]);
}

/** Leaves by the button; the other sees nobody then, and Firefox holds no device any more. */
export async function leave(ann: Person, fox: FirefoxPerson): Promise<void> {
  await named(fox.puppet, 'Leave').click();
  await untilSeesExactly(ann, []);
  await until('Firefox holds no device', async () => {
    const { audio, video } = await fox.puppet.evaluate(() => window.watch.runningDevices());
    return audio + video === 0;
  });
}
