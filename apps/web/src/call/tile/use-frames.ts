// Whether a <video> shows a picture that moves: a frozen one must not pass for a live one.

import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { UNSEEN } from '../layout/use-shown.js';

/**
 * `waiting`: nothing to show yet; `frozen`: no new picture for a while; `unseen`: nobody sees it, so that none is sent, or
 * it has come into sight this moment and its next picture is on its way.
 */
export type Frames = 'waiting' | 'moving' | 'frozen' | 'unseen';

/** How often to look, in milliseconds. */
const LOOK_MS = 250;

/** A camera gives at least a few pictures a second; four seconds without one is no mere hiccup. */
const FROZEN_MS = 4_000;

/** Watches an element while `active`. */
export function useFrames(video: RefObject<HTMLVideoElement | null>, active: boolean): Frames {
  const frames = useSignal<Frames>('waiting');
  useEffect(() => {
    const element = video.current;
    if (!element || !active) {
      frames.value = 'waiting';
      return;
    }
    return watchFrames(element, (now) => {
      frames.value = now;
    });
  }, [video, active, frames]);
  return frames.value;
}

function watchFrames(element: HTMLVideoElement, report: (frames: Frames) => void): () => void {
  let presented = 0;
  let callback = 0;
  let seen = frameCount(element, presented);
  let seenAt = performance.now();
  let counts = false;
  // Firefox counts no frames of a stream (getVideoPlaybackQuality is all zero): there each frame reports itself.
  function onFrame(): void {
    presented++;
    if (!counts) look();
    callback = element.requestVideoFrameCallback(onFrame);
  }
  if ('requestVideoFrameCallback' in element) callback = element.requestVideoFrameCallback(onFrame);

  function look(): void {
    const count = frameCount(element, presented);
    const now = performance.now();
    if (count !== seen) {
      counts = true;
      seen = count;
      seenAt = now;
      report('moving');
    } else if (element.hasAttribute(UNSEEN)) {
      // Nothing is sent that nobody sees: that says nothing about the picture.
      seenAt = now;
      if (counts) report('unseen');
    } else if (counts && now - seenAt >= FROZEN_MS) {
      report('frozen');
    } else if (
      !counts &&
      element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA &&
      element.videoWidth > 2
    ) {
      report('moving');
    }
  }
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    if (callback !== 0) element.cancelVideoFrameCallback(callback);
  };
}

function frameCount(element: HTMLVideoElement, presented: number): number {
  return element.getVideoPlaybackQuality().totalVideoFrames + presented;
}
