// One measured call: what it costs one participant of a mesh to send, and to receive what all the others send.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { MeasuredBrowser } from './browser.js';
import { CLIP } from './clip.js';
import type { Sent, Shown } from './page.js';

/** `shared`: as Maru does by itself. `plain`: the same client with the room option `upload: 'plain'`. */
export type Way = 'shared' | 'plain';

/** `average`: one of the others shows the sender large, the rest small. `focus`: all of them show the sender large. */
export type Role = 'average' | 'focus';

export interface Cost {
  /** Per cent of one core. */
  readonly cpu: number;
  /** Kilobits per second that leave. */
  readonly upload: number;
  /** The share of the frames that were to leave which did: a machine that is too busy sends fewer, and costs less. */
  readonly kept: number;
  readonly encodings: readonly string[];
}

/** Where the pages and the server are. */
export interface Place {
  readonly page: string;
  readonly server: string;
}

/** The large picture of a window of 1280 pixels, and a tile of the strip beside it. */
const LARGE = 960;
const THUMBNAIL = 256;

/** The bitrate has grown to where it stays when two looks, this far apart, differ by no more than this share. */
const LOOK_MS = 1_500;
const STEADY = 0.08;
const MOST_LOOKS = 10;

/** How long is measured: several turns of the clip. */
const MEASURED_MS = 6_000;

/**
 * Measures a call of so many people. The sender is alone in its browser; all the others are in a second one, send
 * nothing, and show the sender: one of them large, the rest as thumbnails. With one person in focus everybody shows
 * one large picture and the rest small, so that of a participant's own pictures one is large on the average: the
 * sender sends what an average participant sends, and the second browser receives what each participant receives.
 */
export async function measureCall(
  sender: MeasuredBrowser,
  others: MeasuredBrowser,
  place: Place,
  people: number,
  way: Way,
  role: Role = 'average',
): Promise<Cost> {
  const upload = way === 'plain' ? way : {};
  const room = randomUUID();
  const shown = Array.from({ length: people - 1 }, (_, index) =>
    role === 'focus' || index === 0 ? LARGE : THUMBNAIL,
  );
  const [sending, watching] = [await openPage(sender, place), await openPage(others, place)];
  try {
    await sending.evaluate((args) => window.mesh.send(...args), [place.server, room, upload] as const);
    await watching.evaluate((args) => window.mesh.watch(...args), [
      place.server,
      room,
      shown,
      upload,
    ] as const);
    await sending.waitForFunction(
      async (count) => (await window.mesh.sent()).encodings.length === count,
      people - 1,
    );
    await untilSteady(sending);
    const before = await look(sender, others, sending);
    await delay(MEASURED_MS);
    const after = await look(sender, others, sending);
    const seconds = (after.at - before.at) / 1_000;
    return {
      cpu: ((after.cpu - before.cpu) / seconds) * 100,
      upload: ((after.sent.bytes - before.sent.bytes) * 8) / 1_000 / seconds,
      kept: (after.sent.frames - before.sent.frames) / seconds / wantedFramerate(shown, way),
      encodings: after.sent.encodings,
    };
  } finally {
    await sending.context().close();
    await watching.context().close();
  }
}

/** Frames per second that leave to all peers together, when nothing is in the way. */
function wantedFramerate(shown: readonly Shown[], way: Way): number {
  const full = CLIP.framesPerSecond;
  return shown.reduce((sum, width) => sum + (way === 'shared' && width === THUMBNAIL ? full / 2 : full), 0);
}

async function openPage({ browser }: MeasuredBrowser, place: Place): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(place.page);
  await page.waitForFunction(() => 'mesh' in window);
  return page;
}

interface Look {
  readonly at: number;
  readonly cpu: number;
  readonly sent: Sent;
}

async function look(sender: MeasuredBrowser, others: MeasuredBrowser, sending: Page): Promise<Look> {
  const sent = await sending.evaluate(() => window.mesh.sent());
  const [own, theirs] = await Promise.all([sender.processorSeconds(), others.processorSeconds()]);
  return { at: performance.now(), cpu: own + theirs, sent };
}

/** Waits until what leaves does not grow any more: congestion control begins low. */
async function untilSteady(page: Page): Promise<void> {
  let bytes = 0;
  let former = 0;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const sent = await page.evaluate(() => window.mesh.sent());
    const grown = sent.bytes - bytes;
    if (former > 0 && Math.abs(grown - former) <= former * STEADY) return;
    former = looks === 0 ? 0 : grown;
    bytes = sent.bytes;
    await delay(LOOK_MS);
  }
}
