// Firefox between networks: directly where it can, over a relay where it must. TURN over TLS is left out: Firefox takes
// no certificate there that no authority has signed.

import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, test } from 'vitest';
import { watchPage } from '../e2e/support/page-watch.js';
import { roomLink, soundOf, videoSelector, type Witness } from '../e2e/support/person.js';
import { untilAllSeeAndHear } from '../e2e/support/seen-and-heard.js';
import { until } from '../e2e/support/until.js';
import { enter, freshRoom, isDirect, isRelayed, untilPair } from './support/call.js';
import { TURN_SECRET } from './support/coturn.js';
import { useLab } from './support/lab.js';
import { type LabFirefox, startLabFirefox } from './support/lab-firefox.js';
import type { MaruServer } from './support/maru-server.js';
import { probePage, type UsedPair } from './support/page-probe.js';
import type { Nat } from './support/router.js';

const lab = useLab(() => ({
  Ann: { rules: { nat: 'keeps-ports' } },
  Fox: { rules: { nat: 'keeps-ports' } },
}));

let firefox: LabFirefox;
beforeAll(async () => {
  firefox = await startLabFirefox(lab.home('Fox').machine);
});
afterAll(() => firefox.close());

interface FirefoxPerson extends Witness {
  readonly puppet: Page;
}

async function enterInFirefox(server: MaruServer, room: string): Promise<FirefoxPerson> {
  const puppet = await firefox.browser.newPage();
  await puppet.evaluateOnNewDocument(watchPage);
  await puppet.evaluateOnNewDocument(probePage);
  await puppet.goto(roomLink(server.url, room, 'name=Fox&join'));
  await puppet.locator('::-p-aria([name="Leave"][role="button"])').wait();
  // Puppeteer's types keep the promise of a generic result unresolved; it resolves all the same.
  const evaluate = async <T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T> =>
    (await puppet.evaluate(run, selector)) as T;
  return { name: 'Fox', puppet, page: { evaluate } };
}

/** Fake devices do not count as capture to Firefox's autoplay policy: where it asks for a tap, it gets one. */
async function untilAudible({ puppet, ...fox }: FirefoxPerson): Promise<void> {
  await until('Fox may play the sound of Ann', async () => {
    const sound = await soundOf(fox, videoSelector('Ann'));
    if (sound?.audible === true) return true;
    const tap = await puppet.$('::-p-aria([name="Tap to hear everyone"][role="button"])');
    await tap?.click();
    return false;
  });
}

const ROWS: readonly (readonly [string, Nat, (pair: UsedPair) => boolean])[] = [
  ['home NAT to home NAT: directly', 'keeps-ports', isDirect],
  ['symmetric to symmetric: over TURN over UDP', 'symmetric', isRelayed],
];

test.each(ROWS)('%s', async (wanted, nat, isWanted) => {
  await lab.home('Ann').become({ nat });
  await lab.home('Fox').become({ nat });
  const { stun, udp } = lab.coturn.urls;
  const server = await lab.serve(['--stun', stun, '--turn', udp, '--turn-secret', TURN_SECRET]);
  const room = freshRoom();
  const ann = await lab.person(lab.home('Ann'));
  await enter(ann, lab.home('Ann'), server, room);
  const fox = await enterInFirefox(server, room);
  await untilAudible(fox);
  await untilAllSeeAndHear([ann, fox]);
  await untilPair(ann, wanted, isWanted);
  await until(`the media of Fox goes ${wanted}`, async () => {
    const pairs = await fox.page.evaluate(() => window.probe.pairs(), '');
    return pairs.length === 1 && pairs.every(isWanted);
  });
  await fox.puppet.close();
});
