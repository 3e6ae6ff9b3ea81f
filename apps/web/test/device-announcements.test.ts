// What is said of camera and microphone: what they came to, not what was pressed.

import type { MediaSnapshot, RoomSnapshot, SourceSnapshot } from '@maru/client';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { announceDevices } from '../src/app/device-announcements.js';
import { announced } from '../src/ui/announcer.js';

const OFF: SourceSnapshot = {
  status: 'off',
  wanted: false,
  deviceId: null,
  track: null,
  interrupted: false,
  error: null,
  permission: 'unknown',
};
const MEDIA: MediaSnapshot = {
  camera: OFF,
  microphone: OFF,
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
const ROOM: RoomSnapshot = {
  phase: 'joined',
  signalling: 'open',
  room: 'r',
  occupancy: null,
  ready: false,
  info: null,
  self: null,
  peers: [],
  chat: [],
  speaker: null,
  error: null,
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a device', () => {
  /** What is heard after each of these steps; null where nothing new is. */
  function heardAfter(
    name: 'camera' | 'microphone',
    steps: readonly (readonly [SourceSnapshot['status'], boolean])[],
    phase: RoomSnapshot['phase'] = 'joined',
  ): (string | null)[] {
    const media = signal(MEDIA);
    const stop = announceDevices(media, signal({ ...ROOM, phase }));
    const heard = steps.map(([status, wanted]) => {
      const before = announced.value;
      media.value = { ...media.value, [name]: { ...OFF, status, wanted } };
      vi.runAllTimers();
      return announced.value === before ? null : announced.value.replace('\u00A0', '');
    });
    stop();
    return heard;
  }

  test('is on when it runs, not when it was pressed', () => {
    const steps = [
      ['starting', true],
      ['on', true],
      ['off', false],
    ] as const;
    expect(heardAfter('camera', steps)).toEqual([null, 'Camera on', 'Camera off']);
  });

  test('that was refused is not said to be on', () => {
    const steps = [
      ['starting', true],
      ['failed', true],
      ['starting', true],
      ['on', true],
    ] as const;
    expect(heardAfter('camera', steps)).toEqual([null, null, null, 'Camera on']);
  });

  test('that is exchanged for another is not said to have gone', () => {
    const steps = [
      ['on', true],
      ['starting', true],
      ['on', true],
    ] as const;
    expect(heardAfter('camera', steps)).toEqual(['Camera on', null, null]);
  });

  test('that is muted is off, open as it may stay', () => {
    const steps = [
      ['on', true],
      ['on', false],
      ['on', true],
    ] as const;
    expect(heardAfter('microphone', steps)).toEqual(['Microphone on', 'Microphone off', 'Microphone on']);
  });

  test('goes without a word after the room', () => {
    expect(heardAfter('camera', [['on', true]], 'left')).toEqual([null]);
  });
});
