// What is left of the SFU's links when they have ended: nothing that waits, and nothing that keeps a process alive.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Sfu, type SfuOptions } from '../../packages/sfu/src/sfu.js';

const OFFER = new URL('../../packages/sfu/test/fixtures/chromium-156.sdp', import.meta.url);
const ENDED_PIPE = fileURLToPath(new URL('support/ended-pipe.js', import.meta.url));

const OPTIONS: SfuOptions = {
  port: 0,
  announce: ['127.0.0.1'],
  videoCodecs: ['VP8'],
  limits: { rooms: 10, links: 10, linkBitrate: 1_000_000 },
  randomSsrc: () => 123_456_789,
  onClosed: () => undefined,
  onControl: () => undefined,
  onSeats: () => undefined,
  onEncode: () => undefined,
  onSpeaker: () => undefined,
  onReachable: () => undefined,
};

test('a process whose links have all ended ends by itself', async () => {
  const child = spawn(process.execPath, [ENDED_PIPE], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // One that is kept alive would end with this signal, and without a status.
    timeout: 30_000,
  });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(printed).toBe('closed\n');
  expect(status).toBe(0);
});

test('a link that is closed while it is opened is answered all the same', async () => {
  const sfu = new Sfu(OPTIONS);
  const opening = sfu.open('link', 'room', await readFile(OFFER, 'utf8'));
  sfu.close('link');
  expect(await opening).toEqual({ ok: false, code: 'sfu-unavailable', reason: 'closed while it was opened' });
  expect(sfu.stats()).toMatchObject({ rooms: 0, links: 0 });
});

test('a link that is opened anew while it was being opened is not ended by what becomes of the first', async () => {
  const sfu = new Sfu(OPTIONS);
  const offer = await readFile(OFFER, 'utf8');
  const first = sfu.open('link', 'room', offer);
  sfu.close('link');
  const second = sfu.open('link', 'room', offer);
  expect([(await first).ok, (await second).ok]).toEqual([false, true]);
  expect(sfu.stats()).toMatchObject({ rooms: 1, links: 1 });
  sfu.shutdown();
});
