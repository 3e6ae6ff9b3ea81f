// What stands in place of the picture while there is none: pure, from the devices' snapshot.

import type { MaruError, MediaSnapshot } from '@maru/client';
import { errorText } from '../i18n/messages/errors.js';
import { lobby as t } from '../i18n/messages/lobby.js';

export interface PictureWords {
  readonly text: string;
  /** A second, quieter line. */
  readonly hint?: string;
  /** True when pressing "Try again" can help. */
  readonly retry: boolean;
}

/** The words in place of the picture; null while the picture is there. */
export function pictureWords(media: MediaSnapshot): PictureWords | null {
  const { camera, microphone } = media;
  switch (camera.status) {
    case 'on':
      return null;
    case 'starting':
      return {
        text: camera.permission === 'granted' ? t('cameraStarting') : t('allowDevices'),
        retry: false,
      };
    case 'off':
      return { text: t('cameraIsOff'), retry: false };
    case 'failed': {
      if (camera.error === null) return { text: t('cameraIsOff'), retry: true };
      if (camera.error.code === 'insecure-context') {
        return { text: errorText(camera.error), hint: t('runnerHint'), retry: false };
      }
      const together = wordsForBoth(camera.error, microphone.error);
      if (together !== null) return { ...together, retry: true };
      // "Not found" says already that one can go in without.
      const hint = camera.error.code === 'camera-missing' ? {} : { hint: t('joinWithout') };
      return { text: errorText(camera.error), ...hint, retry: true };
    }
  }
}

/** Camera and microphone usually fail for the same reason: then it is said once. */
function wordsForBoth(camera: MaruError, microphone: MaruError | null): Omit<PictureWords, 'retry'> | null {
  const byPerson = camera.detail.blockedBy === undefined && microphone?.detail.blockedBy === undefined;
  if (byPerson && camera.code === 'camera-blocked' && microphone?.code === 'microphone-blocked') {
    return { text: t('bothBlocked'), hint: t('joinWithout') };
  }
  if (camera.code === 'camera-missing' && microphone?.code === 'microphone-missing') {
    return { text: t('bothMissing') };
  }
  return null;
}

/** The line under the picture about the microphone; null when the picture's words say it already or all is well. */
export function microphoneWords(media: MediaSnapshot, silent: boolean): string | null {
  const { camera, microphone } = media;
  if (microphone.status === 'on' && microphone.wanted && silent) return t('micSilent');
  if (microphone.status !== 'failed' || microphone.error === null) return null;
  const saidAbove =
    camera.error !== null &&
    (camera.error.code === microphone.error.code || wordsForBoth(camera.error, microphone.error) !== null);
  return saidAbove ? null : errorText(microphone.error);
}
