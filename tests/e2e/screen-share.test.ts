// Sharing a screen: beside the camera, on lines of its own, without any negotiation.

import { expect, test } from 'vitest';
import { button, control, type Person, untilSeesExactly, videoSelector } from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';

const stage = useStage();

async function share(person: Person): Promise<void> {
  await control(person, 'Share screen').click();
  await control(person, 'Stop sharing').waitFor();
}

async function stopSharing(person: Person): Promise<void> {
  await control(person, 'Stop sharing').click();
  await control(person, 'Share screen').waitFor();
}

const SCREEN = '[data-screen-of] video';

test('[NEG-9] a shared screen is seen and heard beside the camera, and goes again, without an offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await share(ann);
  await bob.page.getByRole('article', { name: 'Ann’s screen' }).waitFor();
  await untilMoves(bob, SCREEN);
  await untilHears(bob, SCREEN);
  await untilMoves(bob, videoSelector('Ann'));
  await untilHears(bob, videoSelector('Ann'));
  await untilSeesExactly(bob, ['Ann']);

  await stopSharing(ann);
  await bob.page.locator('[data-screen-of]').waitFor({ state: 'detached' });
  await untilMoves(bob, videoSelector('Ann'));

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('someone who joins later sees a screen that is shared already; both may share', async () => {
  const ann = await stage.inCall('Ann');
  await share(ann);
  const bob = await stage.inCall('Bob');
  await untilMoves(bob, SCREEN);
  await share(bob);
  await untilMoves(ann, SCREEN);
  await untilMoves(bob, SCREEN);
  await button(ann, 'Leave').click();
  await bob.page.locator('[data-screen-of]').waitFor({ state: 'detached' });
});
