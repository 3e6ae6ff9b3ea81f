// Sharing a screen over a fake browser.

import { expect, test } from 'vitest';
import { createLocalMedia } from '../src/media/create-local-media.js';
import { FakeClock, settle } from '../src/testing/fake-env.js';
import { FakeMediaBrowser } from '../src/testing/fake-media-browser.js';

function setup() {
  const browser = new FakeMediaBrowser();
  const media = createLocalMedia({ browser, clock: new FakeClock() });
  return { browser, media, screen: () => media.snapshot.screen };
}

test('a shared screen is published with its sound, and kept sharp', async () => {
  const { browser, media, screen } = setup();
  browser.screen = 'video-and-audio';
  await media.startScreen();
  expect(screen()).toMatchObject({ status: 'on', wanted: true });
  expect(media.snapshot.screenHasAudio).toBe(true);
  expect(media.published('screen')).toMatchObject({ kind: 'video', contentHint: 'detail' });
  expect(media.published('screenAudio')?.kind).toBe('audio');
});

test('a screen without sound publishes none', async () => {
  const { media } = setup();
  await media.startScreen();
  expect(media.snapshot.screenHasAudio).toBe(false);
  expect(media.published('screenAudio')).toBeNull();
});

test('the picker is opened within the gesture', () => {
  const { browser, media } = setup();
  browser.immediate = false;
  void media.startScreen();
  expect(browser.requests).toHaveLength(1);
});

test('stopping ends picture and sound', async () => {
  const { browser, media, screen } = setup();
  browser.screen = 'video-and-audio';
  await media.startScreen();
  media.stopScreen();
  expect(browser.live).toEqual([]);
  expect(screen()).toMatchObject({ status: 'off', wanted: false });
});

test('the stop button of the browser ends picture and sound', async () => {
  const { browser, media, screen } = setup();
  browser.screen = 'video-and-audio';
  await media.startScreen();
  browser.live.find(({ kind }) => kind === 'video')?.endByItself();
  expect(browser.live).toEqual([]);
  expect(screen()).toMatchObject({ status: 'off', error: null });
});

test('sound that ends alone leaves the picture', async () => {
  const { browser, media, screen } = setup();
  browser.screen = 'video-and-audio';
  await media.startScreen();
  browser.live.find(({ kind }) => kind === 'audio')?.endByItself();
  expect(screen().status).toBe('on');
  expect(media.snapshot.screenHasAudio).toBe(false);
  expect(media.published('screenAudio')).toBeNull();
});

test('closing the picker is not an error', async () => {
  const { browser, media, screen } = setup();
  browser.screen = new DOMException('Permission denied', 'NotAllowedError');
  await media.startScreen();
  expect(screen()).toMatchObject({ status: 'off', wanted: false, error: null });
});

test.each([
  [new DOMException('Permission denied by system', 'NotAllowedError'), 'screen-blocked'],
  [new DOMException('Could not start video source', 'NotReadableError'), 'screen-failed'],
  [new DOMException('needs a gesture', 'InvalidStateError'), 'screen-failed'],
])('%s is an error', async (thrown, code) => {
  const { browser, media, screen } = setup();
  browser.screen = thrown;
  await media.startScreen();
  expect(screen().status).toBe('failed');
  expect(screen().error?.code).toBe(code);
});

test('a browser that cannot share says so', async () => {
  const { browser, media, screen } = setup();
  browser.canShareScreen = false;
  await media.startScreen();
  expect(screen().error?.code).toBe('screen-unsupported');
});

test('another screen replaces the first only once it was picked', async () => {
  const { browser, media, screen } = setup();
  await media.startScreen();
  const first = screen().track;
  browser.immediate = false;
  const second = media.startScreen();
  expect(screen()).toMatchObject({ status: 'on', track: first });
  browser.requests[0]?.answer();
  await second;
  expect(first?.readyState).toBe('ended');
  expect(screen().track?.readyState).toBe('live');
  expect(browser.live).toHaveLength(1);
});

test('closing the picker for another screen leaves the first', async () => {
  const { browser, media, screen } = setup();
  await media.startScreen();
  const first = screen().track;
  browser.screen = new DOMException('Permission denied', 'NotAllowedError');
  await media.startScreen();
  expect(screen()).toMatchObject({ status: 'on', track: first, error: null });
});

test('what is picked after stopping is let go', async () => {
  const { browser, media, screen } = setup();
  browser.immediate = false;
  void media.startScreen();
  media.stopScreen();
  browser.requests[0]?.answer();
  await settle();
  expect(browser.tracks).toHaveLength(1);
  expect(browser.live).toEqual([]);
  expect(screen().status).toBe('off');
});

test('what is picked after closing is let go', async () => {
  const { browser, media } = setup();
  browser.immediate = false;
  browser.screen = 'video-and-audio';
  const started = media.startScreen();
  media.close();
  await started;
  browser.requests[0]?.answer();
  await settle();
  expect(browser.tracks).toHaveLength(2);
  expect(browser.live).toEqual([]);
});
