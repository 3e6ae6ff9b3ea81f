// The choice of a speaker, in a list or in the browser's own picker, and a sound to try it with.

import { MaruError } from '@maru/client';
import { useSignal } from '@preact/signals';
import { Play, Volume2 } from 'lucide';
import type { Session } from '../app/session.js';
import { devices as t } from '../i18n/messages/devices.js';
import { errorText } from '../i18n/messages/errors.js';
import { Button } from '../ui/button.js';
import { deviceChoices } from './device-choices.js';
import { type DeviceLook, DeviceRow, DeviceSelect } from './device-select.js';
import { playTestSound } from './test-sound.js';

interface SpeakerSelectProps {
  readonly session: Session;
  readonly look: DeviceLook;
}

export function SpeakerSelect({ session, look }: SpeakerSelectProps) {
  const { speakers, speakerId, canChooseSpeaker, canPickSpeaker } = session.mediaState.value;
  const problem = useSignal<MaruError | null>(null);
  const playing = useSignal(false);
  const speaker = deviceChoices(speakers, speakerId, null, {
    byDefault: t('defaultSpeaker'),
    none: t('defaultSpeaker'),
    nth: (n) => t('nthSpeaker', { n }),
  });

  async function test(): Promise<void> {
    playing.value = true;
    problem.value = await playTestSound(canChooseSpeaker ? speakerId : null);
    playing.value = false;
  }

  async function pick(): Promise<void> {
    problem.value = null;
    try {
      await session.media.pickSpeaker();
    } catch (error) {
      if (!(error instanceof MaruError)) throw error;
      problem.value = error;
    }
  }

  // Where the browser has a picker of its own, it lists only what was picked there: the way to the others stays.
  const listed = canChooseSpeaker && (!canPickSpeaker || speaker.choices.length > 1);
  return (
    <>
      {(listed || canPickSpeaker) && (
        <DeviceRow look={look} label={t('speaker')}>
          {listed && (
            <DeviceSelect
              label={t('speaker')}
              icon={Volume2}
              {...speaker}
              onChoose={(id) => {
                problem.value = null;
                session.media.chooseSpeaker(id);
              }}
            />
          )}
          {canPickSpeaker && (
            <Button icon={Volume2} onClick={() => void pick()}>
              {t('pickSpeaker')}
            </Button>
          )}
        </DeviceRow>
      )}
      <Button icon={Play} title={t('testSound')} disabled={playing.value} onClick={() => void test()}>
        {t('testSound')}
      </Button>
      {problem.value && (
        <p class="device-problem" role="alert">
          {errorText(problem.value)}
        </p>
      )}
    </>
  );
}
