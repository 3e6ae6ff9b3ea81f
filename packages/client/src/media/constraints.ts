// What is asked of a camera, a microphone and a screen (W3C mediacapture-streams, section 11; screen-capture, 5.1).

import type { DeviceKind } from './media-browser.js';

// 720p at 30 frames is what a tile of a small call can show and what laptops and phones give without scaling.
const CAMERA = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
} satisfies MediaTrackConstraints;

// Voice: the browser's own processing on, one channel (a second would be a copy and cost bitrate).
const MICROPHONE = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: { ideal: 1 },
} satisfies MediaTrackConstraints;

/**
 * Constraints for one device. An id is exact: a different camera than the chosen one would be a surprise.
 * Without one, phones are asked for the camera that faces the person.
 */
export function deviceConstraints(kind: DeviceKind, deviceId: string | null): MediaStreamConstraints {
  const exact = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  if (kind === 'microphone') return { audio: { ...MICROPHONE, ...exact } };
  const facing = deviceId === null ? { facingMode: { ideal: 'user' } } : {};
  return { video: { ...CAMERA, ...facing, ...exact } };
}

/** Options that lib.dom does not know yet (W3C screen-capture, sections 5.2 and 5.4); browsers ignore unknown ones. */
interface ScreenOptions extends DisplayMediaStreamOptions {
  readonly audio: MediaTrackConstraints & { readonly restrictOwnAudio: boolean };
  readonly selfBrowserSurface: 'exclude' | 'include';
  readonly surfaceSwitching: 'exclude' | 'include';
  readonly systemAudio: 'exclude' | 'include';
}

/**
 * Constraints for a screen. Its sound is music and film as often as speech, so no voice processing; the call's own
 * sound is kept out of it, or everyone would hear themselves.
 */
export const SCREEN: ScreenOptions = {
  video: { frameRate: { ideal: 30 } },
  audio: {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    restrictOwnAudio: true,
  },
  selfBrowserSurface: 'exclude',
  surfaceSwitching: 'include',
  systemAudio: 'include',
};
