// The microphone over a fake browser: muted means that nothing leaves, while its level goes on being known.

import { expect, test } from 'vitest';
import { createLocalMedia } from '../src/media/create-local-media.js';
import { FakeClock, settle } from '../src/testing/fake-env.js';
import { FakeMediaBrowser } from '../src/testing/fake-media-browser.js';

function setup(microphones: readonly string[] = ['built-in', 'headset']) {
  const browser = new FakeMediaBrowser(...microphones.map((id) => ['microphone', id] as const));
  const clock = new FakeClock();
  const media = createLocalMedia({ browser, clock });
  return { browser, clock, media, microphone: () => media.snapshot.microphone };
}

test('unmuting opens the microphone with the voice processing of the browser', async () => {
  const { browser, media, microphone } = setup();
  await media.setMicrophone(true);
  expect(microphone()).toMatchObject({ status: 'on', wanted: true });
  expect(browser.opened).toEqual([
    {
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        channelCount: { ideal: 1 },
      },
    },
  ]);
  expect(media.published('mic')).toMatchObject({ enabled: true, readyState: 'live' });
});

test('[NEG-9] muting disables the published track at once, before anyone is told', async () => {
  const { media, microphone } = setup();
  await media.setMicrophone(true);
  const track = media.published('mic');
  let enabledWhenTold: boolean | undefined;
  media.subscribe(() => {
    enabledWhenTold ??= track?.enabled;
  });
  void media.setMicrophone(false);
  expect(track?.enabled).toBe(false);
  expect(enabledWhenTold).toBe(false);
  expect(media.published('mic')).toBeNull();
  expect(microphone()).toMatchObject({ status: 'on', wanted: false });
});

test('unmuting again needs no new device', async () => {
  const { browser, media } = setup();
  await media.setMicrophone(true);
  const track = media.published('mic');
  await media.setMicrophone(false);
  await media.setMicrophone(true);
  expect(media.published('mic')).toBe(track);
  expect(track?.enabled).toBe(true);
  expect(browser.opened).toHaveLength(1);
});

test('the level is known in the lobby although nothing is published', async () => {
  const { browser, media } = setup();
  await media.openMicrophone();
  browser.loudness = 0.1;
  expect(media.level()).toBeCloseTo(0.8);
  expect(media.published('mic')).toBeNull();
  expect(media.snapshot.microphone).toMatchObject({ status: 'on', wanted: false });
});

test('the level goes on while muted, and speech into a muted microphone is noticed', async () => {
  const { browser, clock, media } = setup();
  await media.setMicrophone(true);
  browser.loudness = 0.1;
  await clock.advance(1_000);
  expect(media.snapshot.speakingWhileMuted).toBe(false);
  await media.setMicrophone(false);
  expect(media.level()).toBeGreaterThan(0);
  await clock.advance(200);
  expect(media.snapshot.speakingWhileMuted).toBe(false);
  await clock.advance(200);
  expect(media.snapshot.speakingWhileMuted).toBe(true);
  browser.loudness = 0;
  await clock.advance(1_900);
  expect(media.snapshot.speakingWhileMuted).toBe(true);
  await clock.advance(300);
  expect(media.snapshot.speakingWhileMuted).toBe(false);
});

test('a short noise into a muted microphone is not speech', async () => {
  const { browser, clock, media } = setup();
  await media.openMicrophone();
  browser.loudness = 0.5;
  await clock.advance(200);
  browser.loudness = 0;
  await clock.advance(1_000);
  expect(media.snapshot.speakingWhileMuted).toBe(false);
});

test('unmuting ends the note that one is muted', async () => {
  const { browser, clock, media } = setup();
  await media.openMicrophone();
  browser.loudness = 0.5;
  await clock.advance(1_000);
  expect(media.snapshot.speakingWhileMuted).toBe(true);
  await media.setMicrophone(true);
  expect(media.snapshot.speakingWhileMuted).toBe(false);
  expect(clock.pending).toBe(0);
});

test('another microphone chosen while muted stays muted and is the one measured', async () => {
  const { browser, media } = setup();
  await media.openMicrophone();
  await media.chooseMicrophone('headset');
  const [track] = browser.liveOf('microphone');
  expect(track).toMatchObject({ deviceId: 'headset', enabled: false });
  browser.loudness = 0.5;
  expect(media.level()).toBeGreaterThan(0.5);
  expect(browser.openMeters).toBe(1);
});

test('muting before the question is answered gives up the device', async () => {
  const { browser, media, microphone } = setup();
  browser.immediate = false;
  void media.setMicrophone(true);
  await media.setMicrophone(false);
  browser.requests[0]?.answer();
  await settle();
  expect(browser.live).toEqual([]);
  expect(microphone().status).toBe('off');
});

test('a meter that cannot be made does not keep the microphone from working', async () => {
  const { browser, media } = setup();
  browser.openMeter = () => {
    throw new DOMException('different sample rates', 'NotSupportedError');
  };
  await media.setMicrophone(true);
  expect(media.published('mic')?.readyState).toBe('live');
  expect(media.level()).toBe(0);
  expect(browser.live).toHaveLength(1);
});

test('close ends the microphone, its meter and its timers', async () => {
  const { browser, clock, media } = setup();
  await media.openMicrophone();
  expect(browser.openMeters).toBe(1);
  expect(clock.pending).toBe(1);
  media.close();
  expect(browser.live).toEqual([]);
  expect(browser.openMeters).toBe(0);
  expect(clock.pending).toBe(0);
  expect(media.level()).toBe(0);
});
