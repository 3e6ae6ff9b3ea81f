// The SFU with several people of a browser, and with a stack that is neither a browser nor libdatachannel. Calls between
// browsers of different make are in sfu-firefox.test.ts.

import type { SlotWant } from '@maru/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startChromium, type TestChromium } from './support/chromium.js';
import { type ClientPage, serveClientPage } from './support/client-page.js';
import { startSfu, type TestSfu } from './support/served-sfu.js';
import type { LabCamera, LabReport, LabSlot } from './support/sfu-lab.js';
import { ThirdStack } from './support/third-stack.js';
import { until, untilNothingMissing } from './support/until.js';

/** Enough to be sure that a picture goes on. */
const MOVING_FRAMES = 15;
const LARGE: LabCamera = { width: 1_280, height: 720, framesPerSecond: 15 };
const SMALL: LabCamera = { width: 320, height: 180, framesPerSecond: 15 };
const TINY: LabCamera = { width: 160, height: 90, framesPerSecond: 8 };

let chromium: TestChromium;
let client: ClientPage;
let sfu: TestSfu;
let page: Page;

beforeAll(async () => {
  // Nobody touches this page, and its people are to be heard all the same.
  const flags = ['--autoplay-policy=no-user-gesture-required'];
  [chromium, client] = await Promise.all([startChromium({ flags }), serveClientPage('./sfu-lab.ts')]);
});
afterAll(async () => {
  await chromium.close();
  await client.close();
});

async function openLab(): Promise<void> {
  sfu = await startSfu();
  const context = await chromium.person();
  page = await context.newPage();
  await page.goto(client.url);
  await page.waitForFunction(() => 'sfuLab' in window);
}
afterEach(async () => {
  await page.context().close();
  sfu.close();
});

/** An id of a peer, as the protocol has them. */
const peer = (name: string): string => name.padEnd(16, '-');

async function join(name: string, camera: LabCamera | null): Promise<void> {
  const offer = await page.evaluate(([who, what]) => window.sfuLab.offer(who, what), [name, camera] as const);
  const answer = await sfu.join(peer(name), offer);
  await page.evaluate(([who, sdp]) => window.sfuLab.answer(who, sdp), [name, answer] as const);
  await until(`${name} is told who is where`, async () => (await report(name)).shown !== null);
}

const report = (name: string): Promise<LabReport> => page.evaluate((who) => window.sfuLab.report(who), name);

/** Wants these cameras, each this wide, in slots from the first on. */
async function want(name: string, others: readonly string[], width: number): Promise<void> {
  await page.evaluate(([who, slots]) => window.sfuLab.want(who, slots), [
    name,
    wants(others, width),
  ] as const);
}

function wants(others: readonly string[], width: number): SlotWant[] {
  return others.map((other, slot) => ({ slot, peer: peer(other), line: 'camera', width, priority: 0 }));
}

async function picture(name: string): Promise<LabSlot> {
  const [first] = (await report(name)).video;
  return first ?? { slot: 0, packets: 0, frames: 0, keyFrames: 0, width: 0, energy: 0 };
}

/** Waits until the first slot's picture is this wide, and goes on. */
async function untilWide(name: string, width: number): Promise<LabSlot> {
  const wide = await until(`${name} sees a picture ${width} px wide`, async () => {
    const seen = await picture(name);
    return seen.width === width ? seen : null;
  });
  await until(`the picture ${width} px wide goes on`, async () => {
    const seen = await picture(name);
    return seen.width === width && seen.frames >= wide.frames + MOVING_FRAMES;
  });
  return wide;
}

/** Waits until only these encodings are on, and then that of the others nothing is sent while the first goes on. */
async function untilOnly(name: string, rids: readonly string[]): Promise<void> {
  await untilNothingMissing(`${name} encodes nothing but ${rids}`, async () => {
    const { shown, encodings } = await report(name);
    if (shown?.join() !== rids.join()) return `asked for are ${shown}`;
    const on = encodings.filter(({ active }) => active).map(({ rid }) => rid);
    return on.sort().join() === [...rids].sort().join() ? null : `on are ${on}`;
  });
  const before = (await report(name)).encodings;
  const framesOf = (all: LabReport['encodings']): number =>
    all.find(({ rid }) => rid === rids[0])?.frames ?? 0;
  const after = await until(`${name} goes on`, async () => {
    const { encodings } = await report(name);
    return framesOf(encodings) >= framesOf(before) + MOVING_FRAMES ? encodings : null;
  });
  const off = (all: LabReport['encodings']) =>
    all.filter(({ rid }) => !rids.includes(rid)).map(({ rid, bytes }) => `${rid} ${bytes}`);
  expect(off(after)).toEqual(off(before));
}

test('a picture is asked for at 160, 640 and 1,280 px in turn, and what nobody asks for is not encoded', async () => {
  await openLab();
  await join('Ann', LARGE);
  await join('Bob', null);
  await want('Bob', ['Ann'], 160);
  await untilWide('Bob', 320);
  await untilOnly('Ann', ['l']);
  for (const [asked, width] of [
    [640, 640],
    [1_280, 1_280],
  ] as const) {
    const before = await picture('Bob');
    await want('Bob', ['Ann'], asked);
    const wide = await untilWide('Bob', width);
    // A larger encoding can be entered at a key frame only.
    expect(wide.keyFrames).toBeGreaterThan(before.keyFrames);
  }
  await want('Bob', ['Ann'], 160);
  await untilWide('Bob', 320);
  await untilOnly('Ann', ['l']);
});

// Twelve encoders and some fifty decoders take their time where other work is on.
const MANY_MS = 240_000;

test(
  'twelve people in one browser: everyone sees whom they asked for, and hears who has a seat',
  async () => {
    await openLab();
    const names = Array.from({ length: 12 }, (_, index) => `Guest${index}`);
    for (const name of names) await join(name, TINY);
    const others = (index: number): string[] =>
      [1, 2, 3, 4].map((further) => names[(index + further) % names.length] ?? '');
    for (const [index, name] of names.entries()) await want(name, others(index), 160);
    for (const [index, name] of names.entries()) {
      await untilNothingMissing(
        `${name} sees and hears`,
        async () => {
          const { seats, video, audio } = await report(name);
          for (const [slot, other] of others(index).entries()) {
            const seated = seats.some(
              (seat) => seat.slot === slot && seat.line === 'camera' && seat.peer === peer(other),
            );
            if (!seated) return `${other} is not in slot ${slot}`;
            const frames = video.find((one) => one.slot === slot)?.frames ?? 0;
            if (frames < MOVING_FRAMES) return `${frames} frames of ${other}`;
          }
          const heard = seats.filter(({ line }) => line === 'mic');
          // Of ten seats one may be one's own.
          if (heard.length < 9) return `${heard.length} people have a seat`;
          const silent = heard.filter(({ slot }) => !(audio.find((one) => one.slot === slot)?.energy ?? 0));
          return silent.length === 0 ? null : `nothing of ${silent.map(({ peer: who }) => who)}`;
        },
        MANY_MS / 2,
      );
    }
    expect(sfu.figures()).toMatchObject({ rooms: 1, links: 12 });
  },
  MANY_MS,
);

test('a stack that is neither a browser nor libdatachannel sees and hears Chromium, and is seen and heard by it', async () => {
  await openLab();
  const third = new ThirdStack();
  try {
    await join('Ann', SMALL);
    await third.answer(await sfu.join(peer('Third'), await third.offer()));
    await until('the third stack is connected', () => third.connection === 'connected');
    await untilNothingMissing('the third stack sees and hears Ann', () => {
      if (!third.seats.some(({ peer: who, line }) => who === peer('Ann') && line === 'camera'))
        return 'Ann has no seat';
      if (third.keyFrameWidth !== SMALL.width) return `a key frame is ${third.keyFrameWidth} px wide`;
      return third.soundPackets > 0 ? null : 'no sound came';
    });
    third.want(wants(['Ann'], 320));
    await want('Ann', ['Third'], 320);
    await untilWide('Ann', SMALL.width);
    await untilNothingMissing('Ann hears the third stack', async () => {
      const { seats, audio } = await report('Ann');
      const seat = seats.find(({ peer: who, line }) => who === peer('Third') && line === 'mic');
      if (!seat) return 'it has no seat';
      return audio.find(({ slot }) => slot === seat.slot)?.energy ? null : 'nothing is heard';
    });
  } finally {
    await third.close();
  }
});
