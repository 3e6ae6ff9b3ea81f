// Ways to go: Leave, a closed tab, a reload, a killed browser, a sleeping laptop. Nobody stays behind as a frozen picture.

import { expect, test } from 'vitest';
import { enterCall, press, tile, untilInCall, untilSeesExactly, videoSelector } from './support/person.js';
import { liveConnections, untilAllSeeAndHear, untilMoves } from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const GRACE_SECONDS = 8;
const stage = useStage({ flags: ['--grace', String(GRACE_SECONDS)] });

test('[ROOM-12] someone who leaves is gone at once and frees devices and links on both sides', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await press(bob, 'Leave');
  await untilSeesExactly(ann, []);
  await bob.page.getByRole('button', { name: 'Join again' }).waitFor();
  await until('Bob holds no device', async () => {
    const { audio, video } = await bob.page.evaluate(() => window.watch.runningDevices());
    return audio + video === 0;
  });
  for (const person of [ann, bob]) {
    await until(`${person.name} has no link left`, async () => (await liveConnections(person)).length === 0);
  }
  await bob.page.getByRole('button', { name: 'Join again' }).click();
  await untilInCall(bob);
  await untilAllSeeAndHear([ann, bob]);
});

test('a closed tab is gone', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await bob.page.close();
  await untilSeesExactly(ann, []);
});

test('someone who reloads the page comes back once, and is there once', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await bob.page.reload();
  await untilInCall(bob);
  await untilAllSeeAndHear([ann, bob]);
  await untilSeesExactly(ann, ['Bob']);
  await untilSeesExactly(bob, ['Ann']);
});

test('[RES-2] [RES-4] the browser of someone is killed: the others see it reconnecting, then gone', async () => {
  const ann = await stage.inCall('Ann');
  const bobs = await stage.ownBrowser();
  const bob = await enterCall(bobs, stage.server.url, stage.room, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  bobs.kill();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor();
  await until('the last picture of Bob cannot pass for a live one', () => dimmedOrGone(ann, 'Bob'));
  await untilSeesExactly(ann, []);
});

test('[RES-1] [RES-3] a laptop goes to sleep and wakes up: reconnecting, then the same person again', async () => {
  const ann = await stage.inCall('Ann');
  const bobs = await stage.ownBrowser();
  const bob = await enterCall(bobs, stage.server.url, stage.room, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  const id = await tile(ann, 'Bob').getAttribute('data-peer-id');
  bobs.sleep();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor();
  bobs.wake();
  await tile(ann, 'Bob').getByText('Reconnecting…').waitFor({ state: 'detached' });
  await untilAllSeeAndHear([ann, bob]);
  expect(await tile(ann, 'Bob').getAttribute('data-peer-id')).toBe(id);
});

test('[RES-10] a laptop sleeps past the grace period: gone, and back by itself after waking', async () => {
  const ann = await stage.inCall('Ann');
  const bobs = await stage.ownBrowser();
  const bob = await enterCall(bobs, stage.server.url, stage.room, 'Bob');
  await untilAllSeeAndHear([ann, bob]);
  bobs.sleep();
  await untilSeesExactly(ann, []);
  bobs.wake();
  await untilSeesExactly(ann, ['Bob']);
  await untilAllSeeAndHear([ann, bob]);
  await untilMoves(bob, videoSelector('Ann'));
});

/** Whether the video of a tile is filtered, transparent, or not there any more. */
async function dimmedOrGone(witness: Parameters<typeof tile>[0], name: string): Promise<boolean> {
  const video = tile(witness, name).locator('video');
  if ((await video.count()) === 0) return true;
  return video.evaluate((element) => {
    const { filter, opacity, visibility } = getComputedStyle(element);
    return filter.includes('blur') || Number(opacity) < 0.1 || visibility === 'hidden';
  });
}
