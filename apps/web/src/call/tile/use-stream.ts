// Gives a <video> the tracks of one person as one stream, so that picture and sound stay in step.

import { MaruError } from '@maru/client';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { errorText } from '../../i18n/messages/errors.js';
import { useKeepPlaying } from '../../ui/keep-playing.js';
import { toast } from '../../ui/toast.js';
import { useCall } from '../call-model.js';

type Track = MediaStreamTrack | null;

/**
 * Shows the tracks in the element and keeps it playing. The element is not reloaded when a track changes, but for the
 * first picture that joins a sound: Chromium 156 does not show one that is added to a stream without any.
 */
export function useStream(video: RefObject<HTMLVideoElement | null>, first: Track, second: Track): void {
  const { playback } = useCall();
  const stream = useRef<MediaStream | null>(null);
  useLayoutEffect(() => {
    const element = video.current;
    if (!element) return;
    const joins = stream.current?.getVideoTracks().length === 0 && [first, second].some(isPicture);
    if (!stream.current || joins) stream.current = new MediaStream();
    const changed = syncTracks(stream.current, [first, second]);
    if (element.srcObject !== stream.current) element.srcObject = stream.current;
    if (changed && (first ?? second)) playback.start(element);
  }, [video, first, second, playback]);
  useKeepPlaying(video, playback.start);
  useEffect(() => {
    const element = video.current;
    return () => {
      if (!element) return;
      playback.forget(element);
      element.srcObject = null;
    };
  }, [video, playback]);
}

/** Plays the element on the chosen speaker (W3C audio-output, section 2.2). */
export function useSpeaker(video: RefObject<HTMLVideoElement | null>): void {
  const { session } = useCall();
  const speakerId = session.mediaState.value.speakerId ?? '';
  useEffect(() => {
    const element = video.current;
    if (!element || !('setSinkId' in element)) return;
    const choose = (): void => {
      if (element.sinkId === speakerId) return;
      element.setSinkId(speakerId).catch((cause: unknown) => {
        // The speaker was unplugged or refused: the sound goes on where it was, and the person is told.
        toast(errorText(new MaruError('speaker-failed', {}, { cause })));
      });
    };
    choose();
    // Chromium forgets the wish without a word while a new element gets its first tracks.
    element.addEventListener('loadedmetadata', choose);
    return () => element.removeEventListener('loadedmetadata', choose);
  }, [video, speakerId]);
}

function isPicture(track: Track): boolean {
  return track?.kind === 'video';
}

/** Makes a stream hold exactly these tracks; true when something changed. */
function syncTracks(stream: MediaStream, tracks: readonly Track[]): boolean {
  let changed = false;
  for (const track of stream.getTracks()) {
    if (tracks.includes(track)) continue;
    stream.removeTrack(track);
    changed = true;
  }
  for (const track of tracks) {
    if (!track || stream.getTracks().includes(track)) continue;
    stream.addTrack(track);
    changed = true;
  }
  return changed;
}
