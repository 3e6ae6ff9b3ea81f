// The SFU with several people of a browser, and with a stack that is neither a browser nor libdatachannel. Calls between
// browsers of different make are in sfu-firefox.test.ts.

import { expect, test } from 'vitest';
import { MOVING_FRAMES, peer, useSfuGuests, wants } from './support/sfu-guests.js';
import type { LabCamera, LabReport } from './support/sfu-lab.js';
import { ThirdStack } from './support/third-stack.js';
import { until, untilNothingMissing } from './support/until.js';

const LARGE: LabCamera = { width: 1_280, height: 720, framesPerSecond: 15 };
const SMALL: LabCamera = { width: 320, height: 180, framesPerSecond: 15 };
const TINY: LabCamera = { width: 160, height: 90, framesPerSecond: 8 };

const guests = useSfuGuests();
const { join, report, want, picture, untilWide } = guests;

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
  await guests.open();
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
    await guests.open();
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
    expect(guests.sfu.figures()).toMatchObject({ rooms: 1, links: 12 });
  },
  MANY_MS,
);

test('a stack that is neither a browser nor libdatachannel sees and hears Chromium, and is seen and heard by it', async () => {
  await guests.open();
  const third = new ThirdStack();
  try {
    await join('Ann', SMALL);
    await third.answer(await guests.sfu.join(peer('Third'), await third.offer()));
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
