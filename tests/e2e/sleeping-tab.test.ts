// A tab that the browser puts to sleep (W3C Page Lifecycle, "frozen"): nobody is lost, and it wakes up into the call.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Person, tile, untilInCall, untilSeesExactly, videoSelector } from './support/person.js';
import { addRedCamera, RED_CAMERA } from './support/red-camera.js';
import { untilAllSeeAndHear, untilHears, untilMoves, untilRed } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { startTabBrowser, type TabBrowser, type TabPerson } from './support/tabs.js';
import { until } from './support/until.js';

const stage = useStage();

/** Longer than a dead socket lasts (RES-1), and than a link is left alone (LAD-2). */
const NAP_SECONDS = 20;

/** Waits until somebody's own picture has gone on for this long: a busy machine may show only few of its frames. */
async function untilNapIsOver({ name, page }: Person): Promise<void> {
  const time = () =>
    page.locator('[data-self] video').evaluate((video) => (video as HTMLVideoElement).currentTime);
  const start = await time();
  await until(
    `${name} has been there for ${NAP_SECONDS} s`,
    async () => (await time()) > start + NAP_SECONDS,
  );
}

let tabs: TabBrowser;
let bob: TabPerson | null = null;
beforeAll(async () => {
  tabs = await startTabBrowser();
});
afterEach(async () => {
  await bob?.puppet.close();
  bob = null;
});
afterAll(() => tabs.close());

test('[RES-1] [RES-13] a tab that sleeps is not taken for a dead one', async () => {
  const ann = await stage.inCall('Ann');
  bob = await tabs.enter(stage.server.url, stage.room, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');

  await bob.sleep();
  await untilNapIsOver(ann);
  // The browser itself goes on sending picture and sound.
  expect(await tile(ann, 'Bob').getAttribute('data-condition')).toBe('live');
  await untilHears(ann, videoSelector('Bob'));
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);

  await bob.wake();
  await untilAllSeeAndHear([ann, bob]);
  await untilSeesExactly(ann, ['Bob']);
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
  expect(await tile(ann, 'Bob').getAttribute('data-condition')).toBe('live');
});

test('a picture that comes to a stop in a sleeping tab does not pass for a live one', async () => {
  const ann = await stage.inCall('Ann');
  // This camera is painted by the page, and stands still while the page does.
  bob = await tabs.enter(stage.server.url, stage.room, 'Bob', async (page) => {
    await page.evaluateOnNewDocument(addRedCamera, RED_CAMERA);
    await page.evaluateOnNewDocument(() => localStorage.setItem('maru.camera', 'red-camera'));
  });
  await untilRed(ann, videoSelector('Bob'));
  await untilMoves(ann, videoSelector('Bob'));

  await bob.sleep();
  await tile(ann, 'Bob').getByText('The picture has stopped').waitFor();
  await bob.wake();
  await tile(ann, 'Bob').getByText('The picture has stopped').waitFor({ state: 'detached' });
  await untilMoves(ann, videoSelector('Bob'));
});

test('someone who comes while a tab sleeps is connected to it when it wakes', async () => {
  bob = await tabs.enter(stage.server.url, stage.room, 'Bob');
  const ann = await stage.inCall('Ann');
  await untilAllSeeAndHear([ann, bob]);
  await bob.sleep();
  const cho = await stage.inCall('Cho');
  await untilInCall(cho);
  await untilAllSeeAndHear([ann, cho]);
  await untilNapIsOver(cho);
  await bob.wake();
  await untilAllSeeAndHear([ann, bob, cho]);
});
