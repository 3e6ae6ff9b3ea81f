// The camera over a fake browser: on, off, choices, and what quick hands do.

import { expect, test } from 'vitest';
import { createLocalMedia } from '../src/media/create-local-media.js';
import { FakeClock, settle } from '../src/testing/fake-env.js';
import { FakeMediaBrowser } from '../src/testing/fake-media-browser.js';

function setup(options: { cameraId?: string; cameras?: readonly string[] } = {}) {
  const browser = new FakeMediaBrowser(
    ...(options.cameras ?? ['front', 'back']).map((id) => ['camera', id] as const),
  );
  const clock = new FakeClock();
  const media = createLocalMedia({
    browser,
    clock,
    ...(options.cameraId ? { cameraId: options.cameraId } : {}),
  });
  return { browser, clock, media, camera: () => media.snapshot.camera };
}

/** The device that the published camera track is of. */
const publishedDevice = (media: ReturnType<typeof createLocalMedia>): string | null =>
  media.published('camera')?.getSettings().deviceId ?? null;

test('nothing is opened or asked for before a command', async () => {
  const { browser, media } = setup();
  await settle();
  expect(browser.opened).toEqual([]);
  expect(media.snapshot.camera).toMatchObject({ status: 'off', wanted: false, permission: 'prompt' });
});

test('on opens the default camera with 720p at 30 frames, facing the person', async () => {
  const { browser, media, camera } = setup();
  await media.setCamera(true);
  expect(camera()).toMatchObject({ status: 'on', wanted: true, deviceId: null, error: null });
  expect(media.published('camera')).toBe(camera().track);
  expect(browser.opened).toEqual([
    {
      video: {
        width: { ideal: 1280 },
        height: { ideal: 720 },
        frameRate: { ideal: 30 },
        facingMode: { ideal: 'user' },
      },
    },
  ]);
});

test('off stops the track, and on opens the same device again', async () => {
  const { browser, media, camera } = setup();
  await media.chooseCamera('back');
  await media.setCamera(true);
  const first = camera().track;
  await media.setCamera(false);
  expect(first?.readyState).toBe('ended');
  expect(browser.live).toEqual([]);
  expect(media.published('camera')).toBeNull();
  await media.setCamera(true);
  expect(publishedDevice(media)).toBe('back');
  expect(browser.live).toHaveLength(1);
});

test('labels appear once permission was given', async () => {
  const { media } = setup();
  await settle();
  expect(media.snapshot.cameras).toEqual([]);
  await media.setCamera(true);
  await settle();
  expect(media.snapshot.camera.permission).toBe('granted');
  expect(media.snapshot.cameras).toEqual([
    { id: 'front', label: 'the front' },
    { id: 'back', label: 'the back' },
  ]);
});

test('off while the question is open keeps nothing of what comes', async () => {
  const { browser, media, camera } = setup();
  browser.immediate = false;
  const on = media.setCamera(true);
  expect(camera().status).toBe('starting');
  await media.setCamera(false);
  await on;
  expect(camera().status).toBe('off');
  browser.requests[0]?.answer();
  await settle();
  expect(browser.tracks).toHaveLength(1);
  expect(browser.live).toEqual([]);
  expect(camera().track).toBeNull();
});

test('on, off and on again while the question is open asks once and keeps one track', async () => {
  const { browser, media, camera } = setup();
  browser.immediate = false;
  void media.setCamera(true);
  void media.setCamera(false);
  const on = media.setCamera(true);
  expect(browser.requests).toHaveLength(1);
  browser.requests[0]?.answer();
  await on;
  expect(camera().status).toBe('on');
  expect(browser.live).toHaveLength(1);
});

test('another camera is opened first, and the former one stopped when it runs', async () => {
  const { browser, media, camera } = setup();
  await media.setCamera(true);
  const former = camera().track;
  browser.immediate = false;
  const chosen = media.chooseCamera('back');
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'back', track: former });
  expect(former?.readyState).toBe('live');
  browser.requests[0]?.answer();
  await chosen;
  expect(former?.readyState).toBe('ended');
  expect(publishedDevice(media)).toBe('back');
  expect(browser.live).toHaveLength(1);
});

test('where two cameras cannot run at once the former one is stopped first', async () => {
  const { browser, media } = setup();
  await media.setCamera(true);
  browser.oneAtATime = true;
  await media.chooseCamera('back');
  expect(publishedDevice(media)).toBe('back');
  expect(browser.live).toHaveLength(1);
  expect(media.snapshot.camera.error).toBeNull();
});

test('a busy choice leaves the former camera running, chosen, with the error shown', async () => {
  const { browser, media, camera } = setup({ cameraId: 'front' });
  await media.setCamera(true);
  browser.busy.add('back');
  await media.chooseCamera('back');
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'front' });
  expect(camera().error?.code).toBe('camera-busy');
  expect(publishedDevice(media)).toBe('front');
  expect(browser.live).toHaveLength(1);
});

test('a choice that is not there leaves the former camera untouched', async () => {
  const { media, camera } = setup({ cameraId: 'front' });
  await media.setCamera(true);
  const former = camera().track;
  await media.chooseCamera('nowhere');
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'front', track: former });
  expect(former?.readyState).toBe('live');
  expect(camera().error?.code).toBe('camera-missing');
});

test('choosing the camera that runs as the default opens nothing', async () => {
  const { browser, media, camera } = setup();
  await media.setCamera(true);
  await media.chooseCamera('front');
  expect(browser.opened).toHaveLength(1);
  expect(camera().deviceId).toBe('front');
});

test('the last of several quick choices is the one that runs', async () => {
  const { browser, media } = setup({ cameras: ['a', 'b', 'c', 'd'] });
  await media.setCamera(true);
  await Promise.all(['b', 'c', 'd', 'c'].map((id) => media.chooseCamera(id)));
  expect(publishedDevice(media)).toBe('c');
  expect(browser.live).toHaveLength(1);
});

test('a choice that fails after another was made does not undo that one', async () => {
  const { browser, media, camera } = setup({ cameras: ['a', 'c'] });
  await media.setCamera(true);
  browser.immediate = false;
  const choices = [media.chooseCamera('nowhere'), media.chooseCamera('c')];
  browser.immediate = true;
  browser.requests[0]?.answer();
  await Promise.all(choices);
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'c', error: null });
  expect(publishedDevice(media)).toBe('c');
});

test('a remembered camera that is gone gives way to the default and stays remembered', async () => {
  const { media, camera } = setup({ cameraId: 'unplugged' });
  await media.setCamera(true);
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'unplugged', error: null });
  expect(publishedDevice(media)).toBe('front');
});

test('a busy camera is failed, and taken again by itself once it is free', async () => {
  const { browser, clock, media, camera } = setup({ cameras: ['front'] });
  browser.permissions.camera = 'granted';
  browser.busy.add('front');
  await media.setCamera(true);
  expect(camera()).toMatchObject({ status: 'failed', wanted: true });
  expect(camera().error?.code).toBe('camera-busy');
  const seen: string[] = [];
  media.subscribe(({ camera }) => seen.push(camera.status));
  await clock.advance(10_000);
  expect(seen).not.toContain('starting');
  browser.busy.clear();
  await clock.advance(3_000);
  expect(camera()).toMatchObject({ status: 'on', error: null });
});

test('a busy camera is not tried again by itself where that could ask the person', async () => {
  const { browser, clock, media } = setup({ cameras: ['front'] });
  browser.tellsPermission = false;
  browser.busy.add('front');
  await media.setCamera(true);
  await clock.advance(60_000);
  expect(browser.opened).toHaveLength(1);
});

test('turning a failed camera off clears the error and the wish', async () => {
  const { browser, clock, media, camera } = setup({ cameras: ['front'] });
  browser.permissions.camera = 'granted';
  browser.busy.add('front');
  await media.setCamera(true);
  await media.setCamera(false);
  expect(camera()).toMatchObject({ status: 'off', wanted: false, error: null });
  browser.busy.clear();
  await clock.advance(60_000);
  expect(browser.live).toEqual([]);
});

test('what the browser holds back shows as interrupted', async () => {
  const { browser, media, camera } = setup();
  await media.setCamera(true);
  browser.live[0]?.setMuted(true);
  expect(camera().interrupted).toBe(true);
  browser.live[0]?.setMuted(false);
  expect(camera().interrupted).toBe(false);
});

test('close stops the camera, and one that is still being opened', async () => {
  const { browser, clock, media } = setup();
  await media.setCamera(true);
  browser.immediate = false;
  const choice = media.chooseCamera('back');
  const snapshots: unknown[] = [];
  media.subscribe((snapshot) => snapshots.push(snapshot));
  media.close();
  await choice;
  expect(browser.live).toEqual([]);
  browser.requests[0]?.answer();
  await settle();
  expect(browser.live).toEqual([]);
  browser.plug('camera', 'third');
  await media.setCamera(true);
  await settle();
  expect(snapshots).toEqual([]);
  expect(browser.listeners).toBe(0);
  expect(clock.pending).toBe(0);
});

test('a listener hears nothing after its signal', async () => {
  const { media } = setup();
  const scope = new AbortController();
  let calls = 0;
  media.subscribe(() => calls++, { signal: scope.signal });
  await media.setCamera(true);
  await settle();
  const before = calls;
  expect(before).toBeGreaterThan(0);
  scope.abort();
  await media.setCamera(false);
  expect(calls).toBe(before);
});

test('parts of the snapshot that did not change stay the same objects', async () => {
  const { media } = setup();
  await settle();
  const { microphone, screen, speakers } = media.snapshot;
  await media.setCamera(true);
  await settle();
  expect(media.snapshot.microphone).toBe(microphone);
  expect(media.snapshot.screen).toBe(screen);
  expect(media.snapshot.speakers).toBe(speakers);
});
