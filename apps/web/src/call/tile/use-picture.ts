// Which camera track goes into a tile: one that will give a picture, since the sound beside it may wait for that.

import type { PeerSnapshot } from '@maru/client';
import { useRef } from 'preact/hooks';

/**
 * The camera's track, held back while it has nothing to show. An element that is given sound and picture together plays
 * neither before the first picture has come (seen in Chromium 156): somebody whose camera is off would not be heard.
 * A track that has been shown stays when the camera goes off.
 */
export function usePicture({ camera, state }: PeerSnapshot): MediaStreamTrack | null {
  const shown = useRef<MediaStreamTrack | null>(null);
  const held = useRef(false);
  const { track, receiving } = camera;
  if (!track) return null;
  if (shown.current === null && !receiving && (held.current || !state.camera)) {
    held.current = true;
    return null;
  }
  shown.current = track;
  return track;
}
