// The tile of another person: their picture and sound, their name, and words when something is to be said.

import type { PeerSnapshot } from '@maru/client';
import { useRef } from 'preact/hooks';
import { Initial } from '../../ui/initial.js';
import { t } from '../messages.js';
import { ConditionWords } from './condition-words.js';
import { NameChip } from './name-chip.js';
import { peerCondition, pictureState } from './peer-condition.js';
import { PeerMenu } from './peer-menu.js';
import { useFrames } from './use-frames.js';
import { usePicture } from './use-picture.js';
import { useSpeaker, useStream } from './use-stream.js';

interface RemoteTileProps {
  readonly peer: PeerSnapshot;
  /** On a page that is not shown: heard, and not seen. */
  readonly offPage?: boolean;
}

export function RemoteTile({ peer, offPage = false }: RemoteTileProps) {
  const video = useRef<HTMLVideoElement>(null);
  useStream(video, peer.mic.track, usePicture(peer));
  useSpeaker(video);
  const sends = peer.state.camera;
  const frames = useFrames(video, sends && peer.camera.track !== null);
  const condition = peerCondition(peer);
  const picture = pictureState(peer, sends, peer.camera.receiving, frames);
  const stopped = condition === 'live' && picture === 'stale';
  return (
    <article
      class="tile"
      data-tile={`peer:${peer.id}`}
      data-peer-id={peer.id}
      data-condition={condition}
      data-picture={picture}
      data-speaking={peer.speaking && condition === 'live'}
      data-off-page={offPage}
      aria-label={peer.name}
    >
      {/* Stays in place while the camera is off: the sound goes on in it. */}
      {/* biome-ignore lint/a11y/useMediaCaption: a live call has no captions to offer */}
      <video ref={video} autoplay playsInline />
      {picture === 'none' && <Initial name={peer.name} size="tile" />}
      <ConditionWords peer={peer} condition={condition} />
      {stopped && <p class="tile-words">{t('pictureStopped')}</p>}
      <NameChip label={peer.name} muted={!peer.state.mic} hand={peer.state.hand} />
      <PeerMenu peer={peer} />
    </article>
  );
}
