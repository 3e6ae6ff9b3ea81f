// One's own tile: mirrored, as one knows oneself, silent, last in order.

import { useRef } from 'preact/hooks';
import { Initial } from '../../ui/initial.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { NameChip } from './name-chip.js';
import { useStream } from './use-stream.js';

export function SelfTile() {
  const { session } = useCall();
  const video = useRef<HTMLVideoElement>(null);
  const { camera, microphone } = session.mediaState.value;
  const self = session.roomState.value.self;
  useStream(video, camera.track, null);
  const name = self?.name ?? '';
  const muted = !(microphone.wanted && microphone.status === 'on');
  return (
    <article
      class="tile tile-self"
      data-tile="self"
      data-self
      data-condition="live"
      data-picture={camera.track ? 'live' : 'none'}
      data-speaking={self?.speaking === true && !muted}
      aria-label={t('you', { name })}
    >
      {/* What a camera on the back of a phone sees is read as it is. */}
      <video
        data-mirrored={camera.track?.getSettings().facingMode !== 'environment'}
        ref={video}
        autoplay
        playsInline
        muted
      />
      {!camera.track && <Initial name={name} size="tile" />}
      <NameChip label={t('you', { name })} muted={muted} hand={self?.state.hand === true} />
    </article>
  );
}
