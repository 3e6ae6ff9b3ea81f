// Videos that a browser has stopped while the page slept go on when it wakes.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * Plays a live video again that was paused by a freeze of the page (W3C Page Lifecycle, `resume`) or in the
 * background of a phone. Browsers leave that to the page: without it sound and picture would stay away for good.
 */
export function useKeepPlaying(
  video: RefObject<HTMLVideoElement | null>,
  play: (element: HTMLVideoElement) => void = playSilent,
): void {
  useEffect(() => {
    const scope = new AbortController();
    const { signal } = scope;
    const goOn = (): void => {
      const element = video.current;
      if (element?.paused && element.srcObject) play(element);
    };
    // A page may be woken in the background: what is said is to be heard there as well.
    document.addEventListener('resume', goOn, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && goOn(), {
      signal,
    });
    return () => scope.abort();
  }, [video, play]);
}

/** For a video without sound, which browsers let play; what is refused all the same is tried at the next waking. */
function playSilent(element: HTMLVideoElement): void {
  element.play().catch((error: unknown) => {
    if (!(error instanceof DOMException)) throw error;
  });
}
