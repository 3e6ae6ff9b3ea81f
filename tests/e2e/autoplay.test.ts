// Sound without a touch: browsers refuse it to a page that neither was touched nor captures; then the page says so.
// Whatever the test kit evaluates in a page counts as a touch: here it only listens until the page has spoken.

import type { ConsoleMessage } from 'playwright-core';
import { expect, test } from 'vitest';
import { button, type Person, roomLink, videoSelector } from './support/person.js';
import { untilAllSeeAndHear, untilHears } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

const TAP = 'Tap to hear everyone';

/** Runs in the page: tells the console when the words appear and when they go; devices start only after the former. */
function tellAboutWords(words: string): void {
  const devices = navigator.mediaDevices;
  const getUserMedia = devices.getUserMedia.bind(devices);
  let allow: () => void = () => undefined;
  const allowed = new Promise<void>((resolve) => {
    allow = resolve;
  });
  devices.getUserMedia = async (constraints) => {
    await allowed;
    return getUserMedia(constraints);
  };
  let shown = false;
  new MutationObserver(() => {
    const now = document.body?.textContent?.includes(words) === true;
    if (now === shown) return;
    shown = now;
    console.info(now ? 'words appeared' : 'words went');
    if (now) allow();
  }).observe(document, { childList: true, subtree: true });
}

/** Opens the link and touches nothing; resolves once the page has said this to its console. */
async function untouched(query: string, said: string): Promise<Person> {
  const bob = await stage.nowhere('Bob', { before: (context) => context.addInitScript(tellAboutWords, TAP) });
  const heard = bob.page.waitForEvent('console', {
    predicate: (message: ConsoleMessage) => message.text() === said,
  });
  await bob.page.goto(roomLink(stage.server.url, stage.room, `name=Bob&join${query}`));
  await heard;
  return bob;
}

test('someone who skips the lobby without devices taps once to hear everyone', async () => {
  await stage.inCall('Ann');
  const bob = await untouched('&mic=off&camera=off', 'words appeared');
  await button(bob, TAP).click();
  await untilHears(bob, videoSelector('Ann'));
  await button(bob, TAP).waitFor({ state: 'detached' });
});

test('someone who is asked for permission after joining hears everyone once it is given', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await untouched('', 'words went');
  await untilAllSeeAndHear([ann, bob]);
  expect(await button(bob, TAP).count()).toBe(0);
});
