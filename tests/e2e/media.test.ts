// Local media over a real browser: what is asked of it, what it gives, and that everything is given back.

import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath, startChromium } from './support/chromium.js';
import { type ClientPage, serveClientPage } from './support/client-page.js';
import { startFirefox } from './support/firefox.js';
import { until } from './support/until.js';

let served: ClientPage;

beforeAll(async () => {
  served = await serveClientPage('./media-lab.ts');
});
afterAll(() => served.close());

async function openLab(page: Page): Promise<void> {
  await page.goto(served.url);
  await until('the script runs', () => page.evaluate(() => window.media !== undefined));
}

interface Started {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Two cameras of Chromium's own, 720p and of different greens; whole-call tests make do with one, and a small one. */
async function startWithTwoCameras(): Promise<Started> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-device-for-media-stream=device-count=2',
      '--use-fake-ui-for-media-stream',
    ],
  });
  return { browser, close: () => browser.close() };
}

/** A browser for the tests of one block, and a fresh page for each. */
function inBrowser(start: () => Promise<Started>): { readonly page: Page } {
  let started: Started;
  const here: { page?: Page } = {};
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.close());
  beforeEach(async () => {
    here.page = await started.browser.newPage();
    await openLab(here.page);
  });
  afterEach(async () => {
    await here.page?.close();
  });
  return {
    get page() {
      if (!here.page) throw new Error('There is no page yet.');
      return here.page;
    },
  };
}

describe('with two cameras', () => {
  const it = inBrowser(startWithTwoCameras);
  const media = <T>(run: () => T): Promise<Awaited<T>> => it.page.evaluate(run) as Promise<Awaited<T>>;

  test('the browser is good enough as it is', async () => {
    expect(await media(() => window.media.support())).toBeNull();
    expect(await media(() => window.media.gaps())).toEqual([]);
    expect(await media(() => window.media.adapter())).toBe(false);
    expect(await media(() => window.media.lists())).toMatchObject({
      canShareScreen: true,
      canChooseSpeaker: true,
    });
  });

  test('the camera gives 720p, its device is listed by name, and off gives it back', async () => {
    await media(() => window.media.setCamera(true));
    expect(await media(() => window.media.camera())).toMatchObject({
      status: 'on',
      wanted: true,
      permission: 'granted',
      height: 720,
      error: null,
    });
    await until('cameras are listed with labels', async () => {
      const { cameras } = await media(() => window.media.lists());
      return cameras.length === 2 && cameras.every(({ id, label }) => id !== '' && label !== '');
    });
    expect(await media(() => window.media.liveTracks())).toBe(1);
    await media(() => window.media.setCamera(false));
    expect(await media(() => window.media.liveTracks())).toBe(0);
    expect(await media(() => window.media.camera())).toMatchObject({ status: 'off', actual: null });
  });

  test('another camera shows another picture, and the former one is given back', async () => {
    await media(() => window.media.setCamera(true));
    const first = await media(() => window.media.camera());
    await until(
      'cameras are listed',
      async () => (await media(() => window.media.lists())).cameras.length === 2,
    );
    const { cameras } = await media(() => window.media.lists());
    const other = cameras.find(({ id }) => id !== first.actual)?.id ?? null;
    const before = await media(() => window.media.lightness());
    await it.page.evaluate((id) => window.media.chooseCamera(id), other);
    expect(await media(() => window.media.camera())).toMatchObject({
      actual: other,
      deviceId: other,
      error: null,
    });
    expect(await media(() => window.media.liveTracks())).toBe(1);
    expect(await media(() => window.media.seenTracks())).toBe(2);
    await until('the picture is another', async () => {
      return Math.abs((await media(() => window.media.lightness())) - before) > 5;
    });
    await media(() => window.media.setCamera(false));
    await media(() => window.media.setCamera(true));
    expect((await media(() => window.media.camera())).actual).toBe(other);
  });

  test('a remembered camera that is no more gives way to the default', async () => {
    await media(() => window.media.reopen({ cameraId: 'of-another-day' }));
    await media(() => window.media.setCamera(true));
    const camera = await media(() => window.media.camera());
    expect(camera).toMatchObject({ status: 'on', deviceId: 'of-another-day', error: null });
    expect(camera.actual).not.toBe('of-another-day');
  });

  test('ten quick toggles end as the last one says, with one device at most', async () => {
    await media(() => {
      for (let round = 0; round < 10; round++) void window.media.setCamera(round % 2 === 0);
      return window.media.setCamera(true);
    });
    expect(await media(() => window.media.camera())).toMatchObject({ status: 'on' });
    expect(await media(() => window.media.liveTracks())).toBe(1);
    await media(() => {
      for (let round = 0; round < 10; round++) void window.media.setCamera(round % 2 === 0);
      return window.media.setCamera(false);
    });
    await until('nothing runs', async () => (await media(() => window.media.liveTracks())) === 0);
    expect(await media(() => window.media.camera())).toMatchObject({ status: 'off' });
  });

  test('the level moves with the beeps of the fake microphone, muted or not', async () => {
    // A person has clicked somewhere before they speak; browsers keep audio graphs asleep until then.
    await it.page.mouse.click(10, 10);
    await media(() => window.media.openMicrophone());
    expect(await media(() => window.media.publishedMic())).toBeNull();
    await until('a beep is measured', async () => (await media(() => window.media.level())) > 0.3);
    await until('silence is measured', async () => (await media(() => window.media.level())) < 0.1);
    await media(() => window.media.setMicrophone(true));
    expect(await media(() => window.media.publishedMic())).toBe('live');
    await media(() => window.media.setMicrophone(false));
    expect(await media(() => window.media.publishedMic())).toBeNull();
    expect(await media(() => window.media.enabledTracks()), 'the muted track is disabled').toBe(0);
    await until(
      'a beep is measured while muted',
      async () => (await media(() => window.media.level())) > 0.3,
    );
  });

  test('a screen is shared sharp, and given back', async () => {
    await media(() => window.media.startScreen());
    expect(await media(() => window.media.screen())).toMatchObject({
      status: 'on',
      hint: 'detail',
      error: null,
    });
    await media(() => window.media.stopScreen());
    expect(await media(() => window.media.screen())).toMatchObject({ status: 'off' });
    expect(await media(() => window.media.liveTracks())).toBe(0);
  });

  test('close gives everything back', async () => {
    await media(() => window.media.setCamera(true));
    await media(() => window.media.setMicrophone(true));
    await media(() => window.media.startScreen());
    expect(await media(() => window.media.liveTracks())).toBeGreaterThanOrEqual(3);
    await media(() => window.media.close());
    expect(await media(() => window.media.liveTracks())).toBe(0);
    expect(await media(() => window.media.level())).toBe(0);
  });
});

describe('when the person says no', () => {
  const it = inBrowser(() => startChromium({ permission: 'deny' }));

  test('camera and microphone are blocked, each with its own code', async () => {
    await it.page.evaluate(() => window.media.setCamera(true));
    await it.page.evaluate(() => window.media.setMicrophone(true));
    expect(await it.page.evaluate(() => window.media.camera())).toMatchObject({
      status: 'failed',
      error: 'camera-blocked',
      wanted: true,
    });
    expect(await it.page.evaluate(() => window.media.microphone())).toMatchObject({
      status: 'failed',
      error: 'microphone-blocked',
    });
  });
});

describe('on a machine without devices', () => {
  const it = inBrowser(() => startChromium({ devices: 'none' }));

  test('camera and microphone are missing, each with its own code', async () => {
    await it.page.evaluate(() => window.media.setCamera(true));
    await it.page.evaluate(() => window.media.setMicrophone(true));
    expect((await it.page.evaluate(() => window.media.camera())).error).toBe('camera-missing');
    expect((await it.page.evaluate(() => window.media.microphone())).error).toBe('microphone-missing');
  });
});

test('Firefox gives a camera and a microphone, and takes them back', async () => {
  const firefox = await startFirefox();
  try {
    const page = await firefox.newPage();
    await page.goto(served.url);
    await until('the script runs', () => page.evaluate(() => window.media !== undefined));
    expect(await page.evaluate(() => window.media.support())).toBeNull();
    expect(await page.evaluate(() => window.media.gaps())).toEqual([]);
    await page.evaluate(() => window.media.setCamera(true));
    await page.evaluate(() => window.media.setMicrophone(true));
    expect(await page.evaluate(() => window.media.camera())).toMatchObject({ status: 'on', error: null });
    expect(await page.evaluate(() => window.media.microphone())).toMatchObject({ status: 'on', error: null });
    expect(await page.evaluate(() => window.media.liveTracks())).toBe(2);
    await page.evaluate(() => window.media.close());
    expect(await page.evaluate(() => window.media.liveTracks())).toBe(0);
  } finally {
    await firefox.close();
  }
});
