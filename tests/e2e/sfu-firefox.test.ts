// One call through the SFU between Chromium and Firefox, in both directions: each is sent what it can decode.

import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFirefox } from './support/firefox.js';
import { watchPage } from './support/page-watch.js';
import { roomLink, soundOf, untilSeesExactly, videoSelector, type Witness } from './support/person.js';
import { disturbances, liveConnections, untilAllSeeAndHear, untilGreen } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

let firefox: Browser;
beforeAll(async () => {
  firefox = await startFirefox();
});
afterAll(() => firefox.close());

interface FirefoxPerson extends Witness {
  readonly puppet: Page;
}

async function inFirefox(name: string): Promise<FirefoxPerson> {
  const puppet = await firefox.newPage();
  await puppet.evaluateOnNewDocument(watchPage);
  await puppet.goto(roomLink(stage.server.url, stage.room, `name=${name}&topology=sfu&join`));
  await puppet.locator('::-p-aria([name="Leave"][role="button"])').wait();
  // Puppeteer's types keep the promise of a generic result unresolved; it resolves all the same.
  const evaluate = async <T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T> =>
    (await puppet.evaluate(run, selector)) as T;
  return { name, puppet, page: { evaluate } };
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

for (const order of ['Firefox joins Chromium', 'Chromium joins Firefox'] as const) {
  test(`${order} through the SFU: both see and hear, mute and camera need no offer`, async () => {
    const early = order === 'Chromium joins Firefox' ? await inFirefox('Fox') : null;
    const ann = await stage.inCall('Ann', { query: 'topology=sfu' });
    const fox = early ?? (await inFirefox('Fox'));
    await untilAudible(fox, 'Ann');
    await untilAllSeeAndHear([ann, fox]);
    await untilGreen(fox, videoSelector('Ann'));
    const before = [await liveConnections(ann), await liveConnections(fox)] as const;
    expect(before.map((connections) => connections.length)).toEqual([1, 1]);

    await fox.puppet.locator('::-p-aria([name="Mute"][role="button"])').click();
    await ann.page.locator('[data-peer-id]').getByText('Muted').waitFor({ state: 'attached' });
    await fox.puppet.locator('::-p-aria([name="Turn camera off"][role="button"])').click();
    await ann.page.locator('[data-peer-id]').getByText('F', { exact: true }).waitFor();
    await fox.puppet.locator('::-p-aria([name="Unmute"][role="button"])').click();
    await fox.puppet.locator('::-p-aria([name="Turn camera on"][role="button"])').click();
    await untilAllSeeAndHear([ann, fox]);

    expect(await disturbances(ann, before[0])).toEqual([]);
    expect(await disturbances(fox, before[1])).toEqual([]);
    await fox.puppet.locator('::-p-aria([name="Leave"][role="button"])').click();
    await untilSeesExactly(ann, []);
    await fox.puppet.close();
  });
}
