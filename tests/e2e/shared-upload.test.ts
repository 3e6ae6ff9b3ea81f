// Upload shared among peers: what nobody sees is not sent, and a thumbnail is sent smaller than what is large.

import { expect, test } from 'vitest';
import type { WatchedSending } from './support/page-watch.js';
import { control, type Person, tile, videoSelector, type Witness } from './support/person.js';
import {
  disturbances,
  liveConnections,
  untilAllSeeAndHear,
  untilHears,
  untilMoves,
} from './support/seen-and-heard.js';
import { useStage } from './support/stage.js';
import { until } from './support/until.js';

const stage = useStage();

const CAMERA = 1;

/** What somebody sends on the camera's line, to each other person. */
async function camerasOf(witness: Witness): Promise<readonly WatchedSending[]> {
  return witness.page.evaluate((line) => window.watch.sendings(Number(line)), String(CAMERA));
}

/** In a window so narrow that a panel lies over the whole stage. */
function withPhone(name: string): Promise<Person> {
  return stage.inCall(name, { context: { viewport: { width: 390, height: 760 } } });
}

async function pin(person: Person, name: string): Promise<void> {
  const shown = tile(person, name);
  await shown.hover();
  await shown.getByRole('button', { name: `Connection and view: ${name}` }).click();
  await person.page.getByRole('button', { name: 'Keep large', exact: true }).click();
}

test('[PEER-5] a covered tile costs its person nothing, and shows a picture as soon as it is seen again', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await withPhone('Bob');
  await untilAllSeeAndHear([ann, bob]);
  const before = [await liveConnections(ann), await liveConnections(bob)] as const;

  await control(bob, 'Chat').click();
  await until('Ann sends no camera to Bob', async () => (await camerasOf(ann)).every(({ track }) => !track));
  const [quiet] = await camerasOf(ann);
  // Her voice is heard while her picture is not seen, and meanwhile not one byte of it leaves.
  await untilHears(bob, videoSelector('Ann'));
  expect((await camerasOf(ann))[0]?.bytes).toBe(quiet?.bytes);
  // What Bob sends is still seen, and nobody takes it for camera off.
  await untilMoves(ann, videoSelector('Bob'));
  expect(await tile(bob, 'Ann').getAttribute('data-picture')).toBe('live');

  await control(bob, 'Chat').click();
  await untilMoves(bob, videoSelector('Ann'));
  expect(await tile(bob, 'Ann').getAttribute('data-picture')).toBe('live');
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(bob, before[1])).toEqual([]);
});

test('a camera that is turned on while nobody looks is there when somebody does', async () => {
  const ann = await stage.inCall('Ann', { query: 'camera=off' });
  const bob = await withPhone('Bob');
  await untilHears(bob, videoSelector('Ann'));
  await control(bob, 'Chat').click();
  await until('Ann knows that nobody looks', async () => (await camerasOf(ann)).length === 1);
  await control(ann, 'Turn camera on').click();
  await untilHears(bob, videoSelector('Ann'));
  await control(bob, 'Chat').click();
  await untilMoves(bob, videoSelector('Ann'));
});

test('thumbnails are sent smaller than the picture that is large, without an offer', async () => {
  const ann = await stage.inCall('Ann');
  const bob = await stage.inCall('Bob');
  const cho = await stage.inCall('Cho');
  await untilAllSeeAndHear([ann, bob, cho]);
  const before = [await liveConnections(ann), await liveConnections(cho)] as const;
  await pin(bob, 'Ann');

  // Bob is the second that Ann, and the second that Cho has a connection to.
  await until('Ann sends Bob a larger picture than Cho does', async () => {
    const [large, small] = await Promise.all([camerasOf(ann), camerasOf(cho)]);
    const widths = large.map(({ width }) => width);
    const thumbnail = Math.min(...small.map(({ width }) => width));
    return Math.max(...widths) === 320 && thumbnail > 0 && thumbnail < 320;
  });
  await untilAllSeeAndHear([ann, bob, cho]);
  expect(await disturbances(ann, before[0])).toEqual([]);
  expect(await disturbances(cho, before[1])).toEqual([]);
});
