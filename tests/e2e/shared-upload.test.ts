// Upload shared among peers: what nobody sees is not sent, and a thumbnail is sent smaller than what is large.

import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirefox } from './support/firefox.js';
import { type WatchedSending, watchPage } from './support/page-watch.js';
import { control, type Person, roomLink, tile, videoSelector, type Witness } from './support/person.js';
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
  // Both do H.264 well, and it costs least in software.
  await until('Ann sends H.264', async () => (await camerasOf(ann))[0]?.mimeType === 'video/H264');
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

test('somebody who joins while nobody looks is heard all the same, and seen as soon as somebody does', async () => {
  const bob = await withPhone('Bob');
  await control(bob, 'Chat').click();
  const ann = await stage.inCall('Ann');
  await untilHears(bob, videoSelector('Ann'));
  await until('Ann sends no camera to Bob', async () => (await camerasOf(ann)).every(({ track }) => !track));
  await untilHears(bob, videoSelector('Ann'));
  await control(bob, 'Chat').click();
  await untilMoves(bob, videoSelector('Ann'));
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

describe('with Firefox', () => {
  let firefox: Browser;
  beforeAll(async () => {
    firefox = await startFirefox();
  });
  afterAll(() => firefox.close());

  /** Someone in a tab of Firefox, and the tab. */
  async function inFirefox(name: string): Promise<Witness & { readonly tab: Page }> {
    const tab = await firefox.newPage();
    await tab.evaluateOnNewDocument(watchPage);
    await tab.goto(roomLink(stage.server.url, stage.room, `name=${name}&join`));
    await tab.locator('::-p-aria([name="Leave"][role="button"])').wait();
    // Puppeteer's types keep the promise of a generic result unresolved; it resolves all the same.
    const evaluate = async <T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T> =>
      (await tab.evaluate(run, selector)) as T;
    return { name, tab, page: { evaluate } };
  }

  test('[PEER-5] a tab behind another is sent no picture, and one that nobody looks at sends none', async () => {
    const fox = await inFirefox('Fox');
    const bob = await withPhone('Bob');
    await untilMoves(fox, videoSelector('Bob'));
    await untilMoves(bob, videoSelector('Fox'));
    const before = [await liveConnections(fox), await liveConnections(bob)] as const;

    const other = await firefox.newPage();
    await other.bringToFront();
    await until('Bob sends Fox no camera', async () => (await camerasOf(bob)).every(({ track }) => !track));
    await other.close();
    await fox.tab.bringToFront();
    await untilMoves(fox, videoSelector('Bob'));

    await control(bob, 'Chat').click();
    await until('Fox sends Bob no camera', async () => (await camerasOf(fox)).every(({ track }) => !track));
    await control(bob, 'Chat').click();
    await untilMoves(bob, videoSelector('Fox'));
    expect(await disturbances(fox, before[0])).toEqual([]);
    expect(await disturbances(bob, before[1])).toEqual([]);
    await fox.tab.close();
  });

  test('a thumbnail comes smaller from Firefox too', async () => {
    const fox = await inFirefox('Fox');
    const ann = await stage.inCall('Ann');
    const bob = await stage.inCall('Bob');
    await untilMoves(bob, videoSelector('Fox'));
    await untilMoves(bob, videoSelector('Ann'));
    const whole = Math.max(...(await camerasOf(fox)).map(({ width }) => width));
    await pin(bob, 'Ann');
    await until('Fox sends Bob a smaller picture', async () => {
      const widths = (await camerasOf(fox)).map(({ width }) => width);
      return Math.min(...widths) > 0 && Math.min(...widths) <= whole / 2;
    });
    await untilMoves(bob, videoSelector('Fox'));
    expect(ann.complaints).toEqual([]);
    await fox.tab.close();
  });
});
