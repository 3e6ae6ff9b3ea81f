// The upload of a room among its peers: what is told, what is paused, what each sender is ordered.

import type { View } from '@maru/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FakeLink } from '../src/testing/fake-links.js';
import { FakeSender } from '../src/testing/fake-sender.js';
import { fakeTrack } from '../src/testing/fake-transceiver.js';
import { SOUND_BITRATE } from '../src/upload/allocation.js';
import type { UploadOptions } from '../src/upload/upload.js';
import { peerId, seated, TestRoom } from './support/test-room.js';

const [ANN, BO, CY] = [peerId('Ann'), peerId('Bo'), peerId('Cy')];

const view = (camera: number, screen = 0): View => ({
  type: 'view',
  camera,
  screen,
  codecs: ['H264', 'VP8'],
});

const camera = fakeTrack('video', 'camera', { width: 640, height: 480 });
const screen = fakeTrack('video', 'screen', { width: 1920, height: 1080 });

function stubAbilities(): void {
  const ask = async () => ({ supported: true, smooth: true, powerEfficient: false });
  vi.stubGlobal('navigator', { mediaCapabilities: { encodingInfo: ask, decodingInfo: ask } });
}

interface Sharing {
  readonly test: TestRoom;
  link(id: string): FakeLink;
  sender(id: string, line?: 'camera' | 'screen' | 'mic'): FakeSender;
}

/** Inside with Ann, Bo and Cy, connected, with camera and microphone on. */
async function sharing(upload?: UploadOptions | 'plain'): Promise<Sharing> {
  stubAbilities();
  const load = () => import('../src/upload/share-upload.js');
  const test = new TestRoom(undefined, { load, ...(upload && { upload }) });
  test.media.publish('mic', fakeTrack('audio', 'mic'));
  test.media.publish('camera', camera);
  await test.enter(seated('Ann', 1), seated('Bo', 2), seated('Cy', 3));
  const senders = new Map<string, FakeSender>();
  const sender = (id: string, line: 'camera' | 'screen' | 'mic' = 'camera'): FakeSender => {
    const found = senders.get(id + line);
    if (!found) throw new Error(`no sender of ${line} to ${id}`);
    return found;
  };
  for (const id of [ANN, BO, CY]) {
    for (const line of ['mic', 'camera', 'screen'] as const) {
      const made = new FakeSender();
      senders.set(id + line, made);
      test.links.to(id).senders.set(line, made.it);
    }
    test.links.to(id).connect();
  }
  // The chunk is loaded by the module loader, in real time.
  if (upload !== 'plain') await vi.waitFor(() => expect(toldTo(test.links.to(ANN))).toHaveLength(1));
  await test.clock.advance(10);
  return { test, link: (id) => test.links.to(id), sender };
}

/** The views that a peer was told. */
function toldTo(link: FakeLink): View[] {
  return link.sent.filter((message) => message.type === 'view');
}

/** What a peer says arrives, and has its effect. */
async function hear({ test, link }: Sharing, id: string, message: View): Promise<void> {
  link(id).options.events.onMessage(message);
  await test.clock.advance(10);
}

let open: Sharing | null = null;
async function start(upload?: UploadOptions | 'plain'): Promise<Sharing> {
  open = await sharing(upload);
  return open;
}
afterEach(() => {
  open?.test.room.close();
  expect(open?.test.clock.pending ?? 0).toBe(0);
  open = null;
  vi.unstubAllGlobals();
});

describe('what we show', () => {
  test('[PEER-5] is told on each channel as it opens: in full, before the application has said', async () => {
    const all = await start();
    for (const id of [ANN, BO, CY]) {
      expect(toldTo(all.link(id))).toEqual([
        { type: 'view', camera: 8_192, screen: 8_192, codecs: ['H264', 'VP8', 'VP9', 'AV1'] },
      ]);
    }
  });

  test('is told to the peer that it is of, and to no other', async () => {
    const all = await start();
    all.test.room.show(ANN, { camera: 300, screen: 0 });
    await all.test.clock.advance(2_000);
    expect(toldTo(all.link(ANN)).at(-1)).toMatchObject({ camera: 320, screen: 0 });
    expect(toldTo(all.link(BO))).toHaveLength(1);
  });

  test('[PEER-6] is told anew on a channel that has opened again', async () => {
    const all = await start();
    all.test.room.show(ANN, { camera: 320, screen: 0 });
    await all.test.clock.advance(2_000);
    all.link(ANN).become({ phase: 'reconnecting', dataOpen: false });
    await all.test.clock.advance(10);
    all.link(ANN).connect();
    await all.test.clock.advance(10);
    expect(toldTo(all.link(ANN)).slice(-2)).toEqual(Array(2).fill(toldTo(all.link(ANN)).at(-1)));
    expect(toldTo(all.link(ANN)).at(-1)?.camera).toBe(320);
  });

  test('is told again when the channel was too full to take it', async () => {
    const all = await start();
    all.link(ANN).full = true;
    all.test.room.show(ANN, { camera: 64, screen: 64 });
    await all.test.clock.advance(5_000);
    expect(toldTo(all.link(ANN))).toHaveLength(1);
    all.link(ANN).full = false;
    await all.test.clock.advance(1_000);
    expect(toldTo(all.link(ANN)).at(-1)?.camera).toBe(64);
  });

  test('of somebody unknown is forgotten, and of somebody who left', async () => {
    const all = await start();
    all.test.room.show('nobody', { camera: 1, screen: 1 });
    all.test.room.show(ANN, { camera: 64, screen: 64 });
    all.test.socket.say({ type: 'peer-left', peer: ANN, reason: 'left' });
    all.test.socket.say({ type: 'peer-joined', peer: { ...seated('Ann', 11) }, offer: null });
    all.link(ANN).connect();
    await all.test.clock.advance(2_000);
    expect(toldTo(all.link(ANN)).at(-1)?.camera).toBe(8_192);
  });
});

describe('what nobody sees', () => {
  test('[PEER-5] is not sent to whoever does not see it, and comes back with the next view', async () => {
    const all = await start();
    await hear(all, ANN, view(0));
    expect(all.link(ANN).tracks.camera).toBeNull();
    expect(all.link(BO).tracks.camera).toBe(camera);
    await hear(all, ANN, view(320));
    expect(all.link(ANN).tracks.camera).toBe(camera);
  });

  test('[PEER-5] does not change what is said of the camera, and sound goes on', async () => {
    const all = await start();
    const { state } = all.test.snapshot.self ?? {};
    const calls = all.link(ANN).calls.length;
    await hear(all, ANN, view(0));
    expect(all.test.snapshot.self?.state).toBe(state);
    expect(all.link(ANN).tracks.mic).not.toBeNull();
    expect(all.link(ANN).calls.slice(calls)).toEqual(['track screen', 'track camera']);
  });

  test('stays unsent when the camera is turned off and on, or changed, meanwhile', async () => {
    const all = await start();
    await hear(all, ANN, view(0));
    const calls = all.link(ANN).calls.length;
    const other = fakeTrack('video', 'other', { width: 640, height: 480 });
    all.test.media.publish('camera', null);
    all.test.media.publish('camera', other);
    await all.test.clock.advance(10);
    expect(all.link(ANN).tracks.camera).toBeNull();
    expect(all.link(BO).tracks.camera).toBe(other);
    await hear(all, ANN, view(320));
    expect(all.link(ANN).tracks.camera).toBe(other);
    expect(all.link(ANN).calls.length).toBeGreaterThan(calls);
  });
});

describe('what is sent', () => {
  test('is as large as it is shown, to each peer by itself', async () => {
    const all = await start();
    await hear(all, ANN, view(960));
    await hear(all, BO, view(256));
    expect(all.sender(ANN).encoding).toMatchObject({ scaleResolutionDownBy: 1, maxFramerate: 30 });
    expect(all.sender(BO).encoding).toMatchObject({ scaleResolutionDownBy: 2.5, maxFramerate: 15 });
    expect(all.sender(BO).encoding.maxBitrate).toBeLessThan((all.sender(ANN).encoding.maxBitrate ?? 0) / 5);
    const traced = all.test.room.trace.events.findLast(
      (event) => event.kind === 'encoding' && event.peer === BO,
    );
    expect(traced).toMatchObject({ line: 'camera', scaleResolutionDownBy: 2.5, codec: 'video/H264' });
    // Who has not said is sent it whole.
    expect(all.sender(CY).encoding).toMatchObject({ scaleResolutionDownBy: 1 });
  });

  test('is in the codec that both do well, once the other has said', async () => {
    const all = await start();
    expect(all.sender(ANN).encoding.codec).toBeUndefined();
    await hear(all, ANN, view(960));
    await hear(all, BO, { ...view(960), codecs: ['VP8'] });
    expect(all.sender(ANN).encoding.codec?.mimeType).toBe('video/H264');
    expect(all.sender(BO).encoding.codec?.mimeType).toBe('video/VP8');
  });

  test('puts sound first, and leaves the codec of a screen as it is', async () => {
    const all = await start();
    all.test.media.publish('screen', screen);
    await hear(all, ANN, view(256, 1_920));
    expect(all.sender(ANN, 'mic').encoding.priority).toBe('high');
    expect(all.sender(ANN, 'screen').encoding).toMatchObject({
      scaleResolutionDownBy: 1,
      priority: 'medium',
    });
    expect(all.sender(ANN, 'screen').encoding.codec).toBeUndefined();
    expect(all.sender(ANN).encoding.priority).toBe('very-low');
  });

  test('stays within a budget that was configured', async () => {
    const all = await start({ maxBitrate: 600_000 });
    for (const id of [ANN, BO, CY]) await hear(all, id, view(960));
    const bits = [ANN, BO, CY].map((id) => all.sender(id).encoding.maxBitrate ?? Number.NaN);
    expect(bits.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(600_000 - 3 * SOUND_BITRATE);
    expect(all.sender(ANN).encoding.scaleResolutionDownBy).toBeGreaterThan(1);
  });

  test('is cut when several paths are short at once, and grows again when they are not', async () => {
    const all = await start();
    for (const id of [ANN, BO, CY]) await hear(all, id, view(960));
    const full = all.sender(ANN).encoding.maxBitrate ?? 0;
    for (const id of [ANN, BO, CY]) all.sender(id).available = 200_000;
    await all.test.stay(8_000);
    expect(all.sender(ANN).encoding.maxBitrate).toBeLessThan(full / 3);
    for (const id of [ANN, BO, CY]) all.sender(id).available = 5_000_000;
    await all.test.stay(60_000);
    expect(all.sender(ANN).encoding.maxBitrate).toBe(full);
  });

  test('is made easier when the processor holds encoders back for long, and again as before much later', async () => {
    const all = await start();
    for (const id of [ANN, BO, CY]) await hear(all, id, view(960));
    all.sender(BO).cpuLimited = true;
    await all.test.stay(12_000);
    expect(all.sender(ANN).encoding.maxFramerate).toBe(20);
    all.sender(BO).cpuLimited = false;
    await all.test.stay(36_000);
    expect(all.sender(ANN).encoding.maxFramerate).toBe(30);
  });

  test('is traced when the browser refuses it; the rest goes on', async () => {
    const all = await start();
    all.sender(ANN).broken = true;
    await hear(all, ANN, view(256));
    await hear(all, BO, view(256));
    const refused = all.test.room.trace.events.filter(
      (event) => event.kind === 'link' && event.step === 'error' && event.peer === ANN,
    );
    expect(refused).not.toEqual([]);
    expect(all.sender(BO).encoding.scaleResolutionDownBy).toBe(2.5);
  });
});

test('a plain mesh tells nothing, pauses nothing and orders nothing', async () => {
  const all = await start('plain');
  all.test.room.show(ANN, { camera: 0, screen: 0 });
  await hear(all, BO, view(0));
  await all.test.clock.advance(5_000);
  expect(toldTo(all.link(ANN))).toEqual([]);
  expect(all.link(BO).tracks.camera).toBe(camera);
  expect(all.sender(BO).set).toEqual([]);
});

test('a room whose chunk cannot be loaded sends everything, and tries again with the next resume', async () => {
  let loads = 0;
  const load = () => {
    loads += 1;
    return Promise.reject(new Error('no network'));
  };
  const test = new TestRoom(undefined, { load });
  test.media.publish('camera', camera);
  await test.enter(seated('Ann', 1));
  expect(loads).toBe(1);
  expect(test.links.to(ANN).tracks.camera).toBe(camera);
  await test.reconnect();
  const { self } = test.snapshot;
  if (!self) throw new Error('not inside');
  await test.resumed({ id: self.id, name: 'me', order: 10, state: self.state, presence: 'present' }, []);
  expect(loads).toBe(2);
  test.room.close();
});
