// The real browser behind the interface that LocalMedia uses.

import { openBrowserMeter } from './browser-meter.js';
import { SCREEN } from './constraints.js';
import { expectedFailure } from './expected-failure.js';
import type { DeviceEntry, DeviceKind, MediaBrowser } from './media-browser.js';

const KINDS = {
  videoinput: 'camera',
  audioinput: 'microphone',
  audiooutput: 'speaker',
} as const satisfies Record<MediaDeviceKind, DeviceEntry['kind']>;

const entryOf = ({ kind, deviceId, label }: MediaDeviceInfo): DeviceEntry => ({
  kind: KINDS[kind],
  id: deviceId,
  label,
});

/** `navigator.mediaDevices` is missing on insecure pages (W3C mediacapture-streams, section 9.1). */
const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices;

/** `selectAudioOutput` is in Firefox only (W3C mediacapture-output, section 4.2); lib.dom does not know it. */
function audioOutputPicker(): (() => Promise<MediaDeviceInfo>) | null {
  const devices = mediaDevices() as
    | (MediaDevices & { selectAudioOutput?: () => Promise<MediaDeviceInfo> })
    | undefined;
  return devices?.selectAudioOutput ? devices.selectAudioOutput.bind(devices) : null;
}

function required(): MediaDevices {
  const devices = mediaDevices();
  if (!devices) throw new TypeError('no mediaDevices');
  return devices;
}

/** What was asked for is in the stream (W3C mediacapture-streams, section 10.2; screen-capture, section 5.1). */
function first([track]: MediaStreamTrack[]): MediaStreamTrack {
  if (!track) throw new DOMException('no track', 'NotReadableError');
  return track;
}

/** The status of a permission, or null where the browser does not know its name (Firefox before 132). */
async function permissionStatus(kind: DeviceKind): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: kind as PermissionName });
  } catch (reason) {
    expectedFailure(reason);
    return null;
  }
}

async function watchPermission(kind: DeviceKind, listener: () => void, signal: AbortSignal): Promise<void> {
  const status = await permissionStatus(kind);
  status?.addEventListener('change', listener, { signal });
}

/** The browser that this page runs in. */
export function browserMedia(): MediaBrowser {
  const devices = mediaDevices();
  return {
    secure: globalThis.isSecureContext,
    canShareScreen: devices !== undefined && 'getDisplayMedia' in devices,
    canChooseSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
    canPickSpeaker: audioOutputPicker() !== null,
    async open(constraints) {
      return first((await required().getUserMedia(constraints)).getTracks());
    },
    async openScreen() {
      const stream = await required().getDisplayMedia(SCREEN);
      return { video: first(stream.getVideoTracks()), audio: stream.getAudioTracks()[0] ?? null };
    },
    async pickSpeaker() {
      const pick = audioOutputPicker();
      if (!pick) throw new DOMException('no picker', 'NotSupportedError');
      return entryOf(await pick());
    },
    async devices() {
      return (await (mediaDevices()?.enumerateDevices() ?? [])).map(entryOf);
    },
    onDeviceChange(listener, signal) {
      mediaDevices()?.addEventListener('devicechange', listener, { signal });
    },
    async permission(kind) {
      return (await permissionStatus(kind))?.state ?? 'unknown';
    },
    onPermissionChange(kind, listener, signal) {
      void watchPermission(kind, listener, signal);
    },
    openMeter: openBrowserMeter,
  };
}
