// The screen that another person shares: whole, never cropped, with its sound where there is one.

import type { PeerSnapshot } from '@maru/client';
import { Maximize } from 'lucide';
import { useRef } from 'preact/hooks';
import { Icon } from '../../ui/icon.js';
import { t } from '../messages.js';
import { ConditionWords } from './condition-words.js';
import { NameChip } from './name-chip.js';
import { peerCondition, pictureState } from './peer-condition.js';
import { useFrames } from './use-frames.js';
import { useSpeaker, useStream } from './use-stream.js';

export function ScreenTile({ peer }: { readonly peer: PeerSnapshot }) {
  const tile = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  useStream(video, peer.screen.track, peer.screenAudio.track);
  useSpeaker(video);
  const frames = useFrames(video, peer.screen.track !== null);
  const condition = peerCondition(peer);
  // A screen on which nothing moves sends next to nothing: standing still is no trouble.
  const picture = pictureState(peer, true, true, frames === 'frozen' ? 'moving' : frames);
  return (
    <article
      ref={tile}
      class="tile tile-screen"
      data-tile={`screen:${peer.id}`}
      data-screen-of={peer.id}
      data-condition={condition}
      data-picture={picture}
      aria-label={t('screenOf', { name: peer.name })}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: a live call has no captions to offer */}
      <video ref={video} autoplay playsInline />
      <ConditionWords peer={peer} condition={condition} />
      {condition === 'live' && picture === 'none' && <p class="tile-words">{t('waitingForScreen')}</p>}
      <NameChip label={t('screenOf', { name: peer.name })} screen />
      {document.fullscreenEnabled && (
        <button
          type="button"
          class="tile-button"
          aria-label={t('fullScreen')}
          onClick={() => void toggleFullScreen(tile.current)}
        >
          <Icon of={Maximize} size={18} />
        </button>
      )}
    </article>
  );
}

async function toggleFullScreen(element: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await element?.requestFullscreen();
}
