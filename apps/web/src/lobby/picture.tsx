// The person's own picture, large and mirrored, with its two switches on it.

import { Mic, MicOff, Video, VideoOff } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../app/session.js';
import { common } from '../i18n/messages/common.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Initial } from '../ui/initial.js';
import { useKeepPlaying } from '../ui/keep-playing.js';
import { MicLevel } from './mic-level.js';
import { pictureWords, sideWords } from './picture-words.js';

interface PictureProps {
  readonly session: Session;
  /** The name as typed so far, for the initial while the camera is off. */
  readonly name: string;
}

export function Picture({ session, name }: PictureProps) {
  const media = session.mediaState.value;
  const [silent, setSilent] = useState(false);
  const words = pictureWords(media);
  const micOn = media.microphone.status === 'on' && media.microphone.wanted;
  return (
    <div class="lobby-picture-side">
      <section class="picture" aria-label={t('preview')}>
        <Preview track={media.camera.track} />
        <span class="picture-you">{t('you')}</span>
        {words && (
          <div class="picture-words" role="status">
            {media.camera.status === 'off' && name.trim() !== '' && <Initial name={name} size="large" />}
            <p>{words.text}</p>
            {words.hint && <p class="picture-hint">{words.hint}</p>}
            {words.retry && <Button onClick={() => void retryDevices(session)}>{common('retry')}</Button>}
          </div>
        )}
        {micOn && <MicLevel session={session} onSilent={setSilent} />}
        <Switches session={session} />
      </section>
      <div class="lobby-problems" role="status">
        {sideWords(media, silent).map(({ text, retry }) => (
          <div key={text} class="lobby-problem">
            <p>{text}</p>
            {retry && (
              <Button onClick={() => void session.media.setMicrophone(true)}>{common('retry')}</Button>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

async function retryDevices(session: Session): Promise<void> {
  const { microphone } = session.mediaState.value;
  const asked = [session.media.setCamera(true)];
  if (microphone.status === 'failed' && microphone.wanted) asked.push(session.media.setMicrophone(true));
  await Promise.all(asked);
}

function Preview({ track }: { readonly track: MediaStreamTrack | null }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = track === null ? null : new MediaStream([track]);
  }, [track]);
  useKeepPlaying(video);
  // Muted and inline, so that every browser plays it without a touch.
  return (
    <video
      ref={video}
      class="picture-video"
      hidden={track === null}
      // People know themselves from the mirror; what a camera on the back sees is read as it is.
      data-mirrored={track?.getSettings().facingMode !== 'environment'}
      autoplay
      muted
      playsInline
    />
  );
}

function Switches({ session }: { readonly session: Session }) {
  const { microphone, camera } = session.mediaState.value;
  const micOn = microphone.wanted && microphone.status !== 'failed';
  const cameraOn = camera.wanted && camera.status !== 'failed';
  return (
    <div class="picture-switches">
      <button
        type="button"
        class="picture-switch"
        data-off={!micOn}
        aria-label={micOn ? t('turnMicOff') : t('turnMicOn')}
        onClick={() => void session.media.setMicrophone(!micOn)}
      >
        <Icon of={micOn ? Mic : MicOff} size={22} />
      </button>
      <button
        type="button"
        class="picture-switch"
        data-off={!cameraOn}
        aria-label={cameraOn ? t('turnCameraOff') : t('turnCameraOn')}
        onClick={() => void session.media.setCamera(!cameraOn)}
      >
        <Icon of={cameraOn ? Video : VideoOff} size={22} />
      </button>
    </div>
  );
}
