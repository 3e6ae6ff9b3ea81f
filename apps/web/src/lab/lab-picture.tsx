// One of the lab's two pictures: a video element, or words while there is nothing to see.

import { useEffect, useRef } from 'preact/hooks';
import { useKeepPlaying } from '../ui/keep-playing.js';

interface LabPictureProps {
  readonly label: string;
  readonly tracks: readonly MediaStreamTrack[];
  /** Shown over the picture while it has nothing to show. */
  readonly words: string | null;
  readonly hint: string | null;
  readonly mirrored?: boolean;
  /** Told once per set of tracks, with the time on the clock of `performance.now()`. */
  readonly onFirstFrame?: (at: number) => void;
}

export function LabPicture({ label, tracks, words, hint, mirrored = false, onFirstFrame }: LabPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.srcObject = tracks.length === 0 ? null : new MediaStream([...tracks]);
    if (tracks.length === 0 || onFirstFrame === undefined) return;
    return whenFirstFrame(element, onFirstFrame);
  }, [tracks.map((track) => track.id).join(), onFirstFrame]);
  useKeepPlaying(video);
  return (
    <figure class="lab-picture">
      {/* Muted: a loopback that is heard howls. */}
      <video ref={video} data-mirrored={mirrored} autoplay muted playsInline aria-label={label} />
      {words !== null && (
        <div class="lab-words">
          <p>{words}</p>
          {hint !== null && <p class="lab-hint">{hint}</p>}
        </div>
      )}
      <figcaption>{label}</figcaption>
    </figure>
  );
}

/** Calls back when a frame was first presented (HTMLVideoElement.requestVideoFrameCallback); returns how to stop. */
function whenFirstFrame(element: HTMLVideoElement, callback: (at: number) => void): () => void {
  if ('requestVideoFrameCallback' in element) {
    const handle = element.requestVideoFrameCallback((now) => callback(now));
    return () => element.cancelVideoFrameCallback(handle);
  }
  // Older Firefox: the first frame is there when the element has data to show.
  const stop = new AbortController();
  const listener = () => callback(performance.now());
  (element satisfies HTMLVideoElement as HTMLVideoElement).addEventListener('loadeddata', listener, {
    once: true,
    signal: stop.signal,
  });
  return () => stop.abort();
}
