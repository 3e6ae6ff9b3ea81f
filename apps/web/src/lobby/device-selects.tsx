// The three device choices and the test sound: as chips under the picture, or one below the other in a dialog.

import { MaruError } from '@maru/client';
import { useSignal } from '@preact/signals';
import { Mic, Play, Video, Volume2 } from 'lucide';
import { deviceChoices } from '../app/device-choices.js';
import type { Session } from '../app/session.js';
import { errorText } from '../i18n/messages/errors.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { SelectChip } from '../ui/select-chip.js';
import { playTestSound } from './test-sound.js';

interface DeviceSelectsProps {
  readonly session: Session;
}

export function DeviceSelects({ session }: DeviceSelectsProps) {
  const media = session.mediaState.value;
  const camera = deviceChoices(media.cameras, media.camera.deviceId, runningId(media.camera.track), {
    byDefault: t('defaultCamera'),
    none: t('noCamera'),
    nth: (n) => t('nthCamera', { n }),
  });
  const microphone = deviceChoices(
    media.microphones,
    media.microphone.deviceId,
    runningId(media.microphone.track),
    {
      byDefault: t('defaultMicrophone'),
      none: t('noMicrophone'),
      nth: (n) => t('nthMicrophone', { n }),
    },
  );
  return (
    <>
      <SelectChip
        label={t('camera')}
        icon={Video}
        {...camera}
        disabled={camera.choices.length < 2}
        onChoose={(id) => void session.media.chooseCamera(id === '' ? null : id)}
      />
      <SelectChip
        label={t('microphone')}
        icon={Mic}
        {...microphone}
        disabled={microphone.choices.length < 2}
        onChoose={(id) => void session.media.chooseMicrophone(id === '' ? null : id)}
      />
      <SpeakerSelect session={session} />
    </>
  );
}

function SpeakerSelect({ session }: DeviceSelectsProps) {
  const media = session.mediaState.value;
  const problem = useSignal<MaruError | null>(null);
  const playing = useSignal(false);
  const speaker = deviceChoices(media.speakers, media.speakerId ?? 'default', null, {
    byDefault: t('defaultSpeaker'),
    none: t('defaultSpeaker'),
    nth: (n) => t('nthSpeaker', { n }),
  });

  async function test(): Promise<void> {
    playing.value = true;
    problem.value = await playTestSound(media.canChooseSpeaker ? media.speakerId : null);
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

  // Where the browser has a picker of its own, the others are listed only once it was used.
  const onlyByPicker = media.canPickSpeaker && speaker.choices.length < 2;
  return (
    <>
      {onlyByPicker && (
        <Button icon={Volume2} onClick={() => void pick()}>
          {t('pickSpeaker')}
        </Button>
      )}
      {media.canChooseSpeaker && !onlyByPicker && (
        <SelectChip
          label={t('speaker')}
          icon={Volume2}
          {...speaker}
          disabled={speaker.choices.length < 2}
          onChoose={(id) => {
            problem.value = null;
            session.media.chooseSpeaker(id === '' || id === 'default' ? null : id);
          }}
        />
      )}
      <Button icon={Play} title={t('testSound')} disabled={playing.value} onClick={() => void test()}>
        {t('testSound')}
      </Button>
      {problem.value && (
        <p class="lobby-problem" role="alert">
          {errorText(problem.value)}
        </p>
      )}
    </>
  );
}

function runningId(track: MediaStreamTrack | null): string | null {
  return track?.getSettings().deviceId ?? null;
}
