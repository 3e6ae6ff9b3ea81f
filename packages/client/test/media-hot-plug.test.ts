// Devices that come and go, and permissions that are given and taken back.

import { expect, test } from 'vitest';
import { createLocalMedia } from '../src/media/create-local-media.js';
import { FakeClock, settle } from '../src/testing/fake-env.js';
import { FakeMediaBrowser } from '../src/testing/fake-media-browser.js';

function setup(cameras: readonly string[], cameraId: string | null = null) {
  const browser = new FakeMediaBrowser(...cameras.map((id) => ['camera', id] as const));
  const clock = new FakeClock();
  const media = createLocalMedia({ browser, clock, cameraId });
  return { browser, clock, media, camera: () => media.snapshot.camera };
}

const device = (media: ReturnType<typeof createLocalMedia>): string | null =>
  media.published('camera')?.getSettings().deviceId ?? null;

test('the lists follow what is plugged in', async () => {
  const { browser, media } = setup(['front']);
  await media.setCamera(true);
  browser.plug('camera', 'usb');
  await settle();
  expect(media.snapshot.cameras.map(({ id }) => id)).toEqual(['front', 'usb']);
  browser.unplug('usb');
  await settle();
  expect(media.snapshot.cameras.map(({ id }) => id)).toEqual(['front']);
});

test('an unplugged camera gives way to another, stays remembered, and is taken again when it is back', async () => {
  const { browser, media, camera } = setup(['front', 'usb'], 'usb');
  await media.setCamera(true);
  browser.unplug('usb');
  await settle();
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'usb', error: null });
  expect(device(media)).toBe('front');
  browser.plug('camera', 'usb');
  await settle();
  expect(device(media)).toBe('usb');
  expect(browser.live).toHaveLength(1);
});

test('a camera that is back but cannot be opened leaves the one that stands in', async () => {
  const { browser, media, camera } = setup(['front', 'usb'], 'usb');
  await media.setCamera(true);
  browser.unplug('usb');
  await settle();
  browser.busy.add('usb');
  browser.plug('camera', 'usb');
  await settle();
  expect(device(media)).toBe('front');
  expect(camera()).toMatchObject({ status: 'on', deviceId: 'usb', error: null });
});

test('the only camera unplugged is missing, and taken again when it is back', async () => {
  const { browser, media, camera } = setup(['usb']);
  await media.setCamera(true);
  browser.unplug('usb');
  await settle();
  expect(camera()).toMatchObject({ status: 'failed', wanted: true, track: null });
  expect(camera().error?.code).toBe('camera-missing');
  browser.plug('camera', 'usb');
  await settle();
  expect(camera()).toMatchObject({ status: 'on', error: null });
});

test('a camera that comes back unwanted is left alone', async () => {
  const { browser, media } = setup(['usb']);
  await media.setCamera(true);
  browser.unplug('usb');
  await settle();
  await media.setCamera(false);
  browser.plug('camera', 'usb');
  await settle();
  expect(browser.live).toEqual([]);
});

test('no camera at all is missing', async () => {
  const { media, camera } = setup([]);
  await media.setCamera(true);
  expect(camera()).toMatchObject({ status: 'failed', wanted: true });
  expect(camera().error?.code).toBe('camera-missing');
});

test('a refusal is blocked, and allowing it in the browser turns the camera on', async () => {
  const { browser, media, camera } = setup(['front']);
  browser.allows = false;
  await media.setCamera(true);
  await settle();
  expect(camera()).toMatchObject({ status: 'failed', wanted: true, permission: 'denied' });
  expect(camera().error?.code).toBe('camera-blocked');
  browser.setPermission('camera', 'granted');
  await settle();
  expect(camera()).toMatchObject({ status: 'on', permission: 'granted' });
});

test('permission taken back is blocked, and nobody is asked again by itself', async () => {
  const { browser, media, camera } = setup(['front']);
  await media.setCamera(true);
  browser.setPermission('camera', 'prompt');
  await settle();
  expect(camera()).toMatchObject({ status: 'failed', wanted: true, permission: 'prompt' });
  expect(camera().error?.code).toBe('camera-blocked');
  expect(browser.opened).toHaveLength(1);
});

test('a camera that ends again whenever it is opened is given up', async () => {
  const { browser, media, camera } = setup(['front']);
  await media.setCamera(true);
  for (let round = 0; round < 10; round++) {
    browser.live[0]?.endByItself();
    await settle();
  }
  expect(browser.opened).toHaveLength(3);
  expect(camera().error?.code).toBe('camera-failed');
  await media.setCamera(true);
  expect(camera().status).toBe('on');
});

test('a camera that ends while another is being opened is not missed', async () => {
  const { browser, media } = setup(['front', 'back']);
  await media.setCamera(true);
  browser.immediate = false;
  const chosen = media.chooseCamera('back');
  browser.unplug('front');
  expect(media.published('camera')).toBeNull();
  browser.requests[0]?.answer();
  await chosen;
  expect(device(media)).toBe('back');
});

test('where the browser does not tell permissions they are learnt from what it gives', async () => {
  const browser = new FakeMediaBrowser(['camera', 'front']);
  browser.tellsPermission = false;
  const media = createLocalMedia({ browser, clock: new FakeClock() });
  await settle();
  expect(media.snapshot.camera.permission).toBe('unknown');
  await media.setCamera(true);
  await settle();
  expect(media.snapshot.camera).toMatchObject({ status: 'on', permission: 'granted' });
});

test('the chosen speaker is the default while it is unplugged', async () => {
  const browser = new FakeMediaBrowser(['speaker', 'built-in'], ['speaker', 'dock']);
  const media = createLocalMedia({ browser, clock: new FakeClock(), speakerId: 'dock' });
  await settle();
  expect(media.snapshot.speakerId).toBe('dock');
  browser.unplug('dock');
  await settle();
  expect(media.snapshot).toMatchObject({ speakerId: null, chosenSpeakerId: 'dock' });
  browser.plug('speaker', 'dock');
  await settle();
  expect(media.snapshot.speakerId).toBe('dock');
  media.chooseSpeaker(null);
  expect(media.snapshot.speakerId).toBeNull();
});

test('a speaker from the picker of the browser is chosen; closing the picker changes nothing', async () => {
  const browser = new FakeMediaBrowser(['speaker', 'built-in']);
  const media = createLocalMedia({ browser, clock: new FakeClock() });
  browser.allows = false;
  await media.pickSpeaker();
  expect(media.snapshot.speakerId).toBeNull();
  browser.allows = true;
  await media.pickSpeaker();
  expect(media.snapshot.speakerId).toBe('built-in');
  browser.unplug('built-in');
  await expect(media.pickSpeaker()).rejects.toMatchObject({ code: 'speaker-failed' });
});

test('pseudo devices of Chromium are not listed twice', async () => {
  const browser = new FakeMediaBrowser(
    ['microphone', 'default'],
    ['microphone', 'communications'],
    ['microphone', 'real'],
  );
  browser.permissions.microphone = 'granted';
  const media = createLocalMedia({ browser, clock: new FakeClock() });
  await settle();
  expect(media.snapshot.microphones.map(({ id }) => id)).toEqual(['real']);
});
