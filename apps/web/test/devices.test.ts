// Devices in words: choices, what stands in place of the picture, and a microphone that gives nothing.

import { MaruError, type MediaSnapshot, type SourceSnapshot } from '@maru/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deviceChoices, tidyLabel } from '../src/devices/device-choices.js';
import { pictureWords, sideWords } from '../src/lobby/picture-words.js';
import { isSilent, SILENT_AFTER_MS, type Silence, stepSilence } from '../src/lobby/silence.js';
import { colourOf, initialOf } from '../src/ui/initial.js';

const WORDS = { byDefault: 'Default camera', none: 'No camera', nth: (n: number) => `Camera ${n}` };

describe('deviceChoices', () => {
  const devices = [
    { id: 'a', label: 'FaceTime HD' },
    { id: 'b', label: 'HD Webcam (046d:0825)' },
    { id: 'c', label: '' },
  ];

  test('without devices say so', () => {
    expect(deviceChoices([], null, null, WORDS)).toEqual({
      choices: [{ value: '', label: 'No camera' }],
      value: '',
    });
  });

  test('the chosen one holds, else the one that runs, else the default', () => {
    expect(deviceChoices(devices, 'b', 'a', WORDS).value).toBe('b');
    expect(deviceChoices(devices, null, 'a', WORDS).value).toBe('a');
    expect(deviceChoices(devices, 'unplugged', 'c', WORDS).value).toBe('c');
    const neither = deviceChoices(devices, 'unplugged', null, WORDS);
    expect(neither.value).toBe('');
    expect(neither.choices[0]).toEqual({ value: '', label: 'Default camera' });
  });

  test('names are tidied, and given where there are none', () => {
    const labels = deviceChoices(devices, 'a', null, WORDS).choices.map((choice) => choice.label);
    expect(labels).toEqual(['FaceTime HD', 'HD Webcam', 'Camera 3']);
    expect(tidyLabel('Mic (Realtek Audio)')).toBe('Mic (Realtek Audio)');
  });
});

const OFF: SourceSnapshot = {
  status: 'off',
  wanted: false,
  deviceId: null,
  track: null,
  interrupted: false,
  error: null,
  permission: 'unknown',
};

function media(camera: Partial<SourceSnapshot>, microphone: Partial<SourceSnapshot> = {}): MediaSnapshot {
  return {
    camera: { ...OFF, ...camera },
    microphone: { ...OFF, ...microphone },
    screen: OFF,
    screenHasAudio: false,
    cameras: [],
    microphones: [],
    speakers: [],
    speakerId: null,
    chosenSpeakerId: null,
    canChooseSpeaker: true,
    canShareScreen: true,
    canPickSpeaker: false,
    speakingWhileMuted: false,
  };
}

function failed(code: ConstructorParameters<typeof MaruError>[0]): Partial<SourceSnapshot> {
  return { status: 'failed', wanted: true, error: new MaruError(code) };
}

describe('words in place of the picture', () => {
  test('none while it is there', () => {
    expect(pictureWords(media({ status: 'on' }))).toBeNull();
  });

  test('a refused camera says how to allow it, and that joining works without', () => {
    expect(pictureWords(media(failed('camera-blocked')))).toEqual({
      text: 'Your camera is blocked. Allow it from the camera mark in the address bar.',
      hint: 'You can join without.',
      retry: true,
    });
  });

  test('both refused, or both missing, is said once', () => {
    const blocked = media(failed('camera-blocked'), failed('microphone-blocked'));
    expect(pictureWords(blocked)?.text).toContain('Camera and microphone are blocked');
    expect(sideWords(blocked, false)).toEqual([]);
    const missing = media(failed('camera-missing'), failed('microphone-missing'));
    expect(pictureWords(missing)?.text).toContain('No camera and no microphone');
    expect(sideWords(missing, false)).toEqual([]);
  });

  test('different failures are said apart', () => {
    const both = media(failed('camera-busy'), failed('microphone-missing'));
    expect(pictureWords(both)?.text).toContain('Another app');
    expect(sideWords(both, false)).toEqual([{ text: expect.stringContaining('No microphone'), retry: true }]);
  });

  test('an insecure page is explained once, with what its runner can do', () => {
    const insecure = media(failed('insecure-context'), failed('insecure-context'));
    expect(pictureWords(insecure)).toMatchObject({ retry: false, hint: expect.stringContaining('--https') });
    expect(sideWords(insecure, false)).toEqual([]);
  });

  test('before permission it says what the browser is about to ask', () => {
    expect(pictureWords(media({ status: 'starting', permission: 'prompt' }))?.text).toContain('Allow camera');
    expect(pictureWords(media({ status: 'starting', permission: 'granted' }))?.text).toContain('Starting');
  });

  test('a microphone that is on and gives nothing is told of', () => {
    const on = media({ status: 'on' }, { status: 'on', wanted: true });
    expect(sideWords(on, true)[0]?.text).toContain('Nothing is heard');
    expect(sideWords(on, false)).toEqual([]);
    expect(sideWords(media({ status: 'on' }, { status: 'on', wanted: false }), true)).toEqual([]);
  });

  test('devices that run and are held back, or could not be exchanged, are told of under the picture', () => {
    const held = media(
      { status: 'on', interrupted: true },
      { status: 'on', wanted: true, interrupted: true },
    );
    expect(sideWords(held, true).map(({ text }) => text)).toEqual([
      expect.stringContaining('holds your camera'),
      expect.stringContaining('holds your microphone'),
    ]);
    const kept = media({ status: 'on', error: new MaruError('camera-busy') });
    expect(sideWords(kept, false)).toEqual([{ text: expect.stringContaining('Another app'), retry: false }]);
  });
});

describe('silence', () => {
  test('counts from the first silent moment and ends with the first sound', () => {
    let since: Silence = null;
    since = stepSilence(since, 0, 1_000);
    since = stepSilence(since, 0, 1_000 + SILENT_AFTER_MS - 1);
    expect(isSilent(since, 1_000 + SILENT_AFTER_MS - 1)).toBe(false);
    expect(isSilent(since, 1_000 + SILENT_AFTER_MS)).toBe(true);
    since = stepSilence(since, 0.01, 9_000);
    expect(isSilent(since, 99_000)).toBe(false);
  });

  test('the noise of a quiet room is sound', () => {
    expect(stepSilence(0, 0.004, 100)).toBeNull();
  });
});

describe('an initial', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('is a whole character', () => {
    expect(initialOf(' 하은')).toBe('하');
    expect(initialOf('marta')).toBe('M');
    expect(initialOf('👩‍👩‍👧 family')).toBe('👩‍👩‍👧');
    expect(initialOf('')).toBe('');
  });

  test('is never half a character where the browser cannot segment', () => {
    vi.stubGlobal('Intl', {});
    expect(initialOf(' 하은')).toBe('하');
    expect(initialOf('👩‍👩‍👧 family')).toBe('👩');
    expect(initialOf('')).toBe('');
  });

  test('has the colour that the name has on every device', () => {
    const names = ['', '지우', 'Marta', '하은', 'Amara', '👩‍👩‍👧', 'a'.repeat(64)];
    expect(names.map(colourOf)).toEqual([0, 2, 3, 0, 2, 1, 0]);
  });
});
