// People of one Chromium page, linked to an SFU inside the test's process by the client's own lines and layers.

import type { SlotWant, VideoCodec } from '@maru/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startChromium, type TestChromium } from './chromium.js';
import { type ClientPage, serveClientPage } from './client-page.js';
import { startSfu, type TestSfu } from './served-sfu.js';
import type { LabCamera, LabReport, LabSlot } from './sfu-lab.js';
import { until, untilNothingMissing } from './until.js';

/** Enough to be sure that a picture goes on. */
export const MOVING_FRAMES = 15;

/** An id of a peer, as the protocol has them. */
export const peer = (name: string): string => name.padEnd(16, '-');

/** Wants of these cameras, each this wide, in slots from the first on. */
export function wants(others: readonly string[], width: number): SlotWant[] {
  return others.map((other, slot) => ({ slot, peer: peer(other), line: 'camera', width, priority: 0 }));
}

export interface SfuGuests {
  readonly sfu: TestSfu;
  /** Starts the SFU, and opens the page. `videoCodecs`: preferred first. */
  open(videoCodecs?: readonly VideoCodec[]): Promise<void>;
  join(name: string, camera: LabCamera | null): Promise<void>;
  report(name: string): Promise<LabReport>;
  want(name: string, others: readonly string[], width: number): Promise<void>;
  /** The first slot. */
  picture(name: string): Promise<LabSlot>;
  /** Waits until the first slot's picture is this wide, and goes on. */
  untilWide(name: string, width: number): Promise<LabSlot>;
}

/** For the tests of one file: a browser for all, an SFU and a page for each that opens them. */
export function useSfuGuests(): SfuGuests {
  let chromium: TestChromium;
  let client: ClientPage;
  let opened: { readonly sfu: TestSfu; readonly page: Page; readonly codecs: readonly VideoCodec[] } | null =
    null;

  beforeAll(async () => {
    // Nobody touches this page, and its people are to be heard all the same.
    const flags = ['--autoplay-policy=no-user-gesture-required'];
    [chromium, client] = await Promise.all([startChromium({ flags }), serveClientPage('./sfu-lab.ts')]);
  });
  afterAll(async () => {
    await chromium.close();
    await client.close();
  });
  afterEach(async () => {
    await opened?.page.context().close();
    opened?.sfu.close();
    opened = null;
  });

  const there = () => {
    if (!opened) throw new Error('Nothing is open.');
    return opened;
  };
  const guests: SfuGuests = {
    get sfu() {
      return there().sfu;
    },
    async open(codecs = ['VP8']) {
      const sfu = await startSfu(codecs);
      const page = await (await chromium.person()).newPage();
      opened = { sfu, page, codecs };
      await page.goto(client.url);
      await page.waitForFunction(() => 'sfuLab' in window);
    },
    async join(name, camera) {
      const { page, sfu, codecs } = there();
      const guest = [name, camera, codecs] as const;
      const offer = await page.evaluate((of) => window.sfuLab.offer(...of), guest);
      const answer = await sfu.join(peer(name), offer);
      await page.evaluate(([who, sdp]) => window.sfuLab.answer(who, sdp), [name, answer] as const);
      await untilNothingMissing(`${name} is told who is where`, async () => {
        const { connection, shown } = await guests.report(name);
        return shown ? null : `connection ${connection}, links at the SFU ${sfu.figures().links}`;
      });
    },
    report: (name) => there().page.evaluate((who) => window.sfuLab.report(who), name),
    async want(name, others, width) {
      const wanted = [name, wants(others, width)] as const;
      await there().page.evaluate(([who, slots]) => window.sfuLab.want(who, slots), wanted);
    },
    async picture(name) {
      const [first] = (await guests.report(name)).video;
      return first ?? { slot: 0, packets: 0, frames: 0, keyFrames: 0, width: 0, codec: '', energy: 0 };
    },
    async untilWide(name, width) {
      const wide = await until(`${name} sees a picture ${width} px wide`, async () => {
        const seen = await guests.picture(name);
        return seen.width === width ? seen : null;
      });
      await until(`the picture ${width} px wide goes on`, async () => {
        const seen = await guests.picture(name);
        return seen.width === width && seen.frames >= wide.frames + MOVING_FRAMES;
      });
      return wide;
    },
  };
  return guests;
}
