// Codecs that a server prefers to VP8, in Chromium: VP9 and AV1 in spatial layers of one stream, H.264 in simulcast.

import { expect, test } from 'vitest';
import { useSfuGuests } from './support/sfu-guests.js';
import type { LabCamera } from './support/sfu-lab.js';
import { untilNothingMissing } from './support/until.js';

const CAMERA: LabCamera = { width: 1_280, height: 720, framesPerSecond: 10 };

const guests = useSfuGuests();
const { join, report, want, picture, untilWide } = guests;

/** Waits until the camera is sent in these encodings alone, of which the first has this mode. */
async function untilSent(name: string, rids: string, mode: string): Promise<void> {
  await untilNothingMissing(`${name} sends ${rids} as ${mode || 'simulcast'}`, async () => {
    const { encodings } = await report(name);
    const on = encodings.filter(({ active }) => active);
    const sent = on.map(({ rid }) => rid).sort();
    if (sent.join('') !== rids) return `sent are ${sent}`;
    const [{ scalabilityMode = '' } = {}] = on;
    return mode === '' || scalabilityMode === mode ? null : `it is ${scalabilityMode}`;
  });
}

test.each(['VP9', 'AV1'] as const)(
  '%s goes in spatial layers of one stream, of which each is sent what its tile needs',
  async (codec) => {
    await guests.open([codec, 'VP8']);
    await join('Ann', CAMERA);
    await join('Bob', null);
    await join('Cat', null);
    await want('Bob', ['Ann'], 160);
    await want('Cat', ['Ann'], 160);
    await untilWide('Bob', 320);
    await untilSent('Ann', 'l', 'L1T3');
    await want('Bob', ['Ann'], 1_280);
    await untilWide('Bob', 1_280);
    await untilSent('Ann', 'l', 'L3T3_KEY');
    // The other one's picture is of the same stream, and goes on as small as it was.
    await untilWide('Cat', 320);
    expect((await picture('Bob')).codec).toBe(`video/${codec}`);
    expect((await picture('Cat')).codec).toBe(`video/${codec}`);
    await want('Bob', ['Ann'], 600);
    await untilWide('Bob', 640);
    await want('Bob', ['Ann'], 160);
    await untilSent('Ann', 'l', 'L1T3');
    await untilWide('Bob', 320);
  },
);

test('H.264 goes in three encodings', async () => {
  await guests.open(['H264', 'VP8']);
  await join('Ann', CAMERA);
  await join('Bob', null);
  await want('Bob', ['Ann'], 160);
  await untilWide('Bob', 320);
  await want('Bob', ['Ann'], 1_280);
  await untilWide('Bob', 1_280);
  await untilSent('Ann', 'hlm', '');
  expect((await picture('Bob')).codec).toBe('video/H264');
});
