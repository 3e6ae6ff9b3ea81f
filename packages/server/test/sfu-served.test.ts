// A worker's side of the talk with the server: offers unpacked and bounded, links closed while they are opened, figures.

import { deflateRawSync } from 'node:zlib';
import { MAX_UNPACKED_SDP_BYTES } from '@maru/protocol';
import type { Opened, Sfu, SfuOptions } from '@maru/sfu';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../sfu/src/sdp/packed-sdp.js';
import { ServedSfu } from '../src/sfu/served-sfu.js';
import type { FromWorker, OpenResult } from '../src/sfu/worker-message.js';

function served() {
  const said: FromWorker[] = [];
  const calls: string[] = [];
  const opening: ((opened: Opened) => void)[] = [];
  let options: SfuOptions | null = null;
  const fake = {
    open: (link: string, room: string, offer: string) => {
      calls.push(`open ${link} ${room} ${offer.length}`);
      return new Promise<Opened>((resolve) => opening.push(resolve));
    },
    seat: (link: string, peer: string) => calls.push(`seat ${link} ${peer}`),
    close: (link: string) => calls.push(`close ${link}`),
    peersBeside: () => 0,
    stats: () => ({
      rooms: 1,
      links: 2,
      packetsIn: 3,
      bytesIn: 4,
      packetsOut: 5,
      bytesOut: 6,
      packetsDropped: 7,
    }),
    shutdown: () => calls.push('shutdown'),
  };
  const sfu = new ServedSfu({
    options: {
      port: 9,
      sharedPort: null,
      bindAddress: null,
      announce: ['203.0.113.5'],
      videoCodecs: ['VP8'],
      limits: { rooms: 1, links: 2, linkBitrate: 3 },
    },
    makeSfu: (given) => {
      options = given;
      return fake as unknown as Sfu;
    },
    unpack: async (packed, maxBytes) => unpack(packed, maxBytes),
    pack: async (sdp) => pack(sdp),
    measure: () => ({ cpuSeconds: 8, memoryBytes: 9, eventLoopDelayS: 10 }),
    tell: (message) => said.push(message),
  });
  const open = (link: string, offer: string) =>
    sfu.perform({ type: 'open', request: 1, link, room: 'room', offer });
  const result = (): OpenResult | undefined =>
    said.flatMap((message) => (message.type === 'opened' ? [message.result] : [])).at(-1);
  return { sfu, said, calls, opening, open, result, options: () => options };
}

test('[SFU-8] an offer is unpacked, its answer packed', async () => {
  const { open, opening, result, calls } = served();
  open('1', pack('v=0\r\n'));
  await expect.poll(() => opening.length).toBe(1);
  expect(calls).toEqual(['open 1 room 5']);
  opening[0]?.({ ok: true, answer: 'v=0\r\na=answer', usernameFragment: 'here' });
  await expect.poll(result).toEqual({ ok: true, answer: pack('v=0\r\na=answer'), usernameFragment: 'here' });
});

test.each([
  ['no base64', '!!!!'],
  ['no DEFLATE', 'AAAA'],
  ['more than 262,144 bytes', deflateRawSync(Buffer.alloc(MAX_UNPACKED_SDP_BYTES + 1)).toString('base64')],
])('[SFU-8] an offer that is %s is refused, and never reaches the SFU', async (_, offer) => {
  const { open, result, calls } = served();
  open('1', offer);
  await expect.poll(result).toMatchObject({ ok: false, code: 'bad-offer' });
  expect(calls).toEqual([]);
});

test('a link that is closed before its offer was unpacked is not opened', async () => {
  const { sfu, open, result, calls } = served();
  open('1', pack('v=0\r\n'));
  sfu.perform({ type: 'close', link: '1' });
  await expect.poll(result).toMatchObject({ ok: false, code: 'sfu-unavailable' });
  expect(calls).toEqual(['close 1']);
});

test('a link that is closed while it is opened is closed when it is', async () => {
  const { sfu, open, opening, result, calls } = served();
  open('1', pack('v=0\r\n'));
  await expect.poll(() => opening.length).toBe(1);
  sfu.perform({ type: 'close', link: '1' });
  opening[0]?.({ ok: true, answer: 'v=0', usernameFragment: 'here' });
  await expect.poll(result).toMatchObject({ ok: false });
  expect(calls).toEqual(['open 1 room 5', 'close 1', 'close 1']);
});

test('what the SFU refuses is refused, and what it ends is told', async () => {
  const { open, opening, result, said, options } = served();
  open('1', pack('v=0\r\n'));
  await expect.poll(() => opening.length).toBe(1);
  opening[0]?.({ ok: false, code: 'sfu-full', reason: 'no more links' });
  await expect.poll(result).toEqual({ ok: false, code: 'sfu-full', reason: 'no more links' });
  options()?.onClosed('2', 'failed');
  expect(said.at(-1)).toEqual({ type: 'closed', link: '2', reason: 'failed' });
});

test('a worker that is asked whether it lives tells its figures', () => {
  const { sfu, said, options } = served();
  options()?.onControl('1', 'nonsense');
  sfu.perform({ type: 'ping' });
  expect(said).toEqual([
    {
      type: 'pong',
      figures: {
        rooms: 1,
        links: 2,
        packetsIn: 3,
        bytesIn: 4,
        packetsOut: 5,
        bytesOut: 6,
        packetsDropped: 7,
        messagesDropped: 1,
        cpuSeconds: 8,
        memoryBytes: 9,
        eventLoopDelayS: 10,
      },
    },
  ]);
});
