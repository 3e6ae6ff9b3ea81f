// The camera: changed, turned off and on during a call, seen by the other side, without any negotiation.

import { expect, test } from 'vitest';
import { button, press, tile, videoSelector } from './support/person.js';
import { addRedCamera, RED_CAMERA } from './support/red-camera.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilGreen,
  untilHears,
  untilMoves,
  untilRed,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

/** How the name of a camera that plays a file ends. */
const GREEN_CAMERA = 'camera.y4m';

test('[NEG-9] another camera is seen by the other side at once, without an offer', async () => {
  const ann = await stage.inCall('Ann', {
    before: (context) => context.addInitScript(addRedCamera, RED_CAMERA),
  });
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  await untilGreen(bob, videoSelector('Ann'));
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await press(ann, 'More');
  const camera = ann.page.getByRole('combobox', { name: 'Camera' });
  await camera.selectOption({ label: RED_CAMERA });
  await untilRed(bob, videoSelector('Ann'));
  await untilMoves(bob, videoSelector('Ann'));
  await camera.selectOption(await camera.locator('option', { hasText: GREEN_CAMERA }).textContent());
  await untilGreen(bob, videoSelector('Ann'));
  await untilMoves(bob, videoSelector('Ann'));
  await untilHears(bob, videoSelector('Ann'));

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('[NEG-9] camera off releases the device and shows an initial; on again needs no offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;
  expect((await ann.page.evaluate(() => window.watch.runningDevices())).video).toBe(1);

  await press(ann, 'Turn camera off', 'Turn camera on');
  await until('the camera is released', async () => {
    const running = await ann.page.evaluate(() => window.watch.runningDevices());
    return running.video === 0;
  });
  await tile(bob, 'Ann').getByText('A', { exact: true }).waitFor();
  await until('no last picture of Ann stays on screen', () =>
    tile(bob, 'Ann')
      .locator('video')
      .evaluate((video) => getComputedStyle(video).opacity === '0'),
  );
  await untilHears(bob, videoSelector('Ann'));

  await press(ann, 'Turn camera on', 'Turn camera off');
  await untilMoves(bob, videoSelector('Ann'));
  await untilGreen(bob, videoSelector('Ann'));
  await until('the picture of Ann is shown again', () =>
    tile(bob, 'Ann')
      .locator('video')
      .evaluate((video) => getComputedStyle(video).opacity === '1'),
  );

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('someone who joins without camera and muted is there, and can turn both on without an offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob', { query: 'mic=off&camera=off' });
  await tile(ann, 'Bob').getByText('Muted').waitFor({ state: 'attached' });
  await tile(ann, 'Bob').getByText('B', { exact: true }).waitFor();
  await untilMoves(bob, videoSelector('Ann'));
  expect((await bob.page.evaluate(() => window.watch.runningDevices())).video).toBe(0);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await press(bob, 'Turn camera on', 'Turn camera off');
  await press(bob, 'Unmute', 'Mute');
  await untilAllSeeAndHear([ann, bob]);
  await button(bob, 'Mute').waitFor();

  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});
