// The three device choices and the test sound: the same in the lobby and in the call's settings.

import type { SourceSnapshot } from '@maru/client';
import { Mic, Video } from 'lucide';
import type { Session } from '../app/session.js';
import { devices as t } from '../i18n/messages/devices.js';
import { deviceChoices } from './device-choices.js';
import { type DeviceLook, DeviceRow, DeviceSelect } from './device-select.js';
import { SpeakerSelect } from './speaker-select.js';
import './devices.css';

interface DeviceSelectsProps {
  readonly session: Session;
  readonly look: DeviceLook;
}

export function DeviceSelects({ session, look }: DeviceSelectsProps) {
  const { media } = session;
  const { cameras, camera, microphones, microphone } = session.mediaState.value;
  return (
    <>
      <DeviceRow look={look} label={t('camera')}>
        <DeviceSelect
          label={t('camera')}
          icon={Video}
          {...deviceChoices(cameras, camera.deviceId, runningId(camera), {
            byDefault: t('defaultCamera'),
            none: isMissing(camera) ? t('noCamera') : t('defaultCamera'),
            nth: (n) => t('nthCamera', { n }),
          })}
          onChoose={(id) => void media.chooseCamera(id)}
        />
      </DeviceRow>
      <DeviceRow look={look} label={t('microphone')}>
        <DeviceSelect
          label={t('microphone')}
          icon={Mic}
          {...deviceChoices(microphones, microphone.deviceId, runningId(microphone), {
            byDefault: t('defaultMicrophone'),
            none: isMissing(microphone) ? t('noMicrophone') : t('defaultMicrophone'),
            nth: (n) => t('nthMicrophone', { n }),
          })}
          onChoose={(id) => void media.chooseMicrophone(id)}
        />
      </DeviceRow>
      <SpeakerSelect session={session} look={look} />
    </>
  );
}

/** The device of a running track (W3C mediacapture-streams, `deviceId` of the settings). */
function runningId({ track }: SourceSnapshot): string | null {
  return track?.getSettings().deviceId ?? null;
}

/**
 * Whether an empty list means that there is no device. Until permission was given it means nothing: devices are hidden
 * then (W3C mediacapture-streams, section 9.2.1).
 */
function isMissing({ permission, error }: SourceSnapshot): boolean {
  return permission === 'granted' || error?.code === 'camera-missing' || error?.code === 'microphone-missing';
}
