// The devices a person chose last, remembered on this device.

import type { MediaSnapshot } from '@maru/client';
import { recall, remember } from './storage.js';

const KEYS = { camera: 'camera', microphone: 'microphone', speaker: 'speaker' } as const;

/** The devices chosen last time, in the form in which local media takes them. */
export function rememberedDevices() {
  return {
    cameraId: recall(KEYS.camera),
    microphoneId: recall(KEYS.microphone),
    speakerId: recall(KEYS.speaker),
  };
}

/** Remembers what is chosen now. */
export function rememberDevices(media: MediaSnapshot): void {
  remember(KEYS.camera, media.camera.deviceId);
  remember(KEYS.microphone, media.microphone.deviceId);
  remember(KEYS.speaker, media.chosenSpeakerId);
}
