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

/** A line under the picture: what is wrong beside it, and whether pressing "Try again" can help. */
export interface SideWords {
  readonly text: string;
  readonly retry: boolean;
}

/** The lines under the picture: only what the words in its place do not say already. */
export function sideWords(media: MediaSnapshot, silent: boolean): readonly SideWords[] {
  return [cameraSide(media), microphoneSide(media, silent)].filter((words) => words !== null);
}

function cameraSide({ camera }: MediaSnapshot): SideWords | null {
  if (camera.status !== 'on') return null;
  if (camera.interrupted) return { text: t('cameraHeld'), retry: false };
  // It runs, and the last choice of another one came to nothing.
  return camera.error === null ? null : { text: errorText(camera.error), retry: false };
}

function microphoneSide({ camera, microphone }: MediaSnapshot, silent: boolean): SideWords | null {
  if (microphone.status === 'on' && microphone.wanted) {
    if (microphone.interrupted) return { text: t('microphoneHeld'), retry: false };
    if (microphone.error !== null) return { text: errorText(microphone.error), retry: false };
    return silent ? { text: t('micSilent'), retry: false } : null;
  }
  if (microphone.status !== 'failed' || microphone.error === null) return null;
  const saidAbove =
    camera.status === 'failed' &&
    camera.error !== null &&
    (camera.error.code === microphone.error.code || wordsForBoth(camera.error, microphone.error) !== null);
  return saidAbove ? null : { text: errorText(microphone.error), retry: true };
}
