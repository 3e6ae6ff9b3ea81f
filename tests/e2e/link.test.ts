// Links between two real connections of a real browser, over a wire in the page: no server, no view.

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChromium, type TestChromium } from './support/chromium.js';
import { type ClientPage, serveClientPage } from './support/client-page.js';
import { startFirefox } from './support/firefox.js';
import { until } from './support/until.js';

type EndName = 'near' | 'far';
const BOTH = ['near', 'far'] as const;

let chromium: TestChromium;
let served: ClientPage;
let page: Page;

beforeAll(async () => {
  [chromium, served] = await Promise.all([startChromium(), serveClientPage('./link-lab.ts')]);
});
afterAll(async () => {
  await chromium.close();
  await served.close();
});
beforeEach(async () => {
  page = await chromium.browser.newPage();
  await page.goto(served.url);
  await until('the script runs', () => page.evaluate(() => window.lab !== undefined));
});
afterEach(() => page.close());

const snapshot = (name: EndName) => page.evaluate((end) => window.lab.snapshot(end), name);
const frames = (name: EndName) => page.evaluate((end) => window.lab.framesDecoded(end), name);

async function untilBothFlow(): Promise<void> {
  for (const name of BOTH) {
    await until(`${name} is connected and receives`, async () => {
      const { phase, flowing } = await snapshot(name);
      return phase === 'connected' && flowing.includes('mic') && flowing.includes('camera');
    });
  }
}

async function untilFramesGoOn(name: EndName): Promise<void> {
  const start = await frames(name);
  await until(`${name} decodes frames`, async () => (await frames(name)) > start + 10);
}

async function openConnections(): Promise<number> {
  return page.evaluate(() => window.lab.open());
}

describe('links in Chromium', () => {
  test('[NEG-1] a prepared offer connects four lines and the control channel', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    for (const name of BOTH) {
      await untilFramesGoOn(name);
      expect(await snapshot(name)).toMatchObject({ tracks: 4, dataOpen: true });
    }
    expect(await page.evaluate(() => window.lab.mLines())).toEqual([
      'audio',
      'video',
      'video',
      'audio',
      'application',
    ]);
    expect(await page.evaluate(() => window.lab.offers())).toBe(1);

    // Not how large the picture is: a browser that is short of processor makes it smaller.
    await until('statistics of the camera and the path', async () => {
      const { stats } = await snapshot('near');
      return (
        stats?.relayed === false &&
        (stats.width ?? 0) > 0 &&
        (stats.height ?? 0) > 0 &&
        (stats.bitrateIn ?? 0) > 0
      );
    });
    const kinds = await page.evaluate(() => window.lab.kinds());
    expect(kinds).toEqual(
      expect.arrayContaining([
        'link',
        'description',
        'candidate',
        'candidate-pair',
        'signaling-state',
        'ice-gathering-state',
        'ice-connection-state',
        'dtls-state',
        'connection-state',
        'track',
        'data-channel',
      ]),
    );
    expect(await page.evaluate(() => window.lab.troubles())).toEqual([]);

    const codecs = await page.evaluate(() => window.lab.codecs());
    expect(codecs.slice(0, 3)).toEqual(['red', 'opus', 'VP8']);
    expect(
      codecs.filter((codec) => !['red', 'opus', 'VP8', 'VP9', 'H264', 'AV1', 'rtx'].includes(codec)),
    ).toEqual([]);
    expect(await page.evaluate(() => window.lab.sdpLength())).toBeLessThan(12_000);

    expect(await page.evaluate(() => window.lab.say('near', 'hello'))).toBe(true);
    await until('the line arrives', async () =>
      (await page.evaluate(() => JSON.stringify(window.lab.received('far')))).includes('"text":"hello"'),
    );
  });

  test('[NEG-9] a camera off and on again exchanges no description', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    const before = await page.evaluate(() => window.lab.descriptions());
    await page.evaluate(() => window.lab.replaceCamera('near', false));
    await until('the far end sees no camera', async () => {
      const { flowing, phase } = await snapshot('far');
      return phase === 'connected' && flowing.includes('mic') && !flowing.includes('camera');
    });
    await page.evaluate(() => window.lab.replaceCamera('near', true));
    await untilBothFlow();
    await untilFramesGoOn('far');
    expect(await page.evaluate(() => window.lab.descriptions())).toBe(before);
  });

  test('[NEG-4] offers that cross on fresh connections settle on one', async () => {
    await page.evaluate(() => window.lab.startGlare());
    await untilBothFlow();
    await untilFramesGoOn('near');
    await untilFramesGoOn('far');
    expect(await openConnections()).toBe(2);
    expect(await page.evaluate(() => window.lab.offers())).toBe(2);
  });

  test('[LAD-6] told to retry at both ends, only the impolite one restarts ICE, on the same connections', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    await page.evaluate(() => {
      window.lab.retry('near');
      window.lab.retry('far');
    });
    await until('the restart is answered', () =>
      page.evaluate(() => window.lab.answers() === 2 && window.lab.settled()),
    );
    await untilBothFlow();
    await untilFramesGoOn('near');
    await untilFramesGoOn('far');
    expect(await page.evaluate(() => window.lab.connections().length)).toBe(2);
    expect(await page.evaluate(() => window.lab.troubles().filter(({ step }) => step === 'error'))).toEqual(
      [],
    );
  });

  test('[RES-9] an ICE restart said while signalling was lost is said again', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    await page.evaluate(() => {
      window.lab.cut(true);
      window.lab.retry('near');
    });
    await until('the restart was offered', () => page.evaluate(() => window.lab.offers() === 2));
    await untilFramesGoOn('far');
    expect(await page.evaluate(() => window.lab.answers())).toBe(1);
    await page.evaluate(() => window.lab.cut(false));
    await until('the restart is answered', () =>
      page.evaluate(() => window.lab.answers() === 2 && window.lab.settled()),
    );
    await untilFramesGoOn('far');
    expect(await page.evaluate(() => window.lab.connections().length)).toBe(2);
  });

  test('[LAD-3] a connection that is gone at one end is rebuilt', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    await page.evaluate(() => window.lab.breakFar());
    await until('the near end says that it reconnects', async () => {
      const { phase, flowing } = await snapshot('near');
      return phase === 'reconnecting' && flowing.length === 0;
    });
    await untilBothFlow();
    await untilFramesGoOn('near');
    await untilFramesGoOn('far');
    expect(await openConnections()).toBe(2);
  });

  test('[LAD-10] a camera that stands still on a link that works is sent afresh, without a description', async () => {
    await page.evaluate(() => window.lab.startPrepared());
    await untilBothFlow();
    await untilFramesGoOn('near');
    const before = await page.evaluate(() => window.lab.descriptions());
    await page.evaluate(() => window.lab.loseFarCamera());
    await until('the near end notices', () => page.evaluate(() => window.lab.stalled().includes('camera')));
    await untilFramesGoOn('near');
    await untilBothFlow();
    expect(await page.evaluate(() => window.lab.descriptions())).toBe(before);
    expect(await openConnections()).toBe(2);
  });

  test('the loopback call flows one way and ends with nothing left', async () => {
    await page.evaluate(() => window.lab.startLoopback());
    await until('the far end receives', async () => {
      const { phase, flowing } = await snapshot('far');
      return phase === 'connected' && flowing.includes('camera') && flowing.includes('mic');
    });
    expect(await snapshot('near')).toMatchObject({ phase: 'connected', flowing: [] });
    expect(await page.evaluate(() => window.lab.peers())).toEqual(['local', 'remote']);
    await page.evaluate(() => window.lab.hangUp());
    for (const name of BOTH) {
      expect(await snapshot(name)).toMatchObject({ phase: 'closed', tracks: 0, dataOpen: false });
    }
    expect(await openConnections()).toBe(0);
  });
});

test('[NEG-1] a prepared offer connects in Firefox', async () => {
  const firefox = await startFirefox();
  try {
    const tab = await firefox.newPage();
    await tab.goto(served.url);
    await until('the script runs', () => tab.evaluate(() => window.lab !== undefined));
    await tab.evaluate(() => window.lab.startPrepared());
    for (const name of BOTH) {
      await until(`${name} receives`, async () => {
        const { phase, flowing, dataOpen } = await tab.evaluate((end) => window.lab.snapshot(end), name);
        return phase === 'connected' && dataOpen && flowing.includes('mic') && flowing.includes('camera');
      });
    }
    expect(await tab.evaluate(() => window.lab.troubles())).toEqual([]);
  } finally {
    await firefox.close();
  }
});
