// Loudness of a track by the browser's own audio graph (W3C webaudio, sections 1.1 and 1.8).

import { expectedFailure } from './expected-failure.js';
import type { Meter } from './media-browser.js';

// 2048 samples are 43 ms at 48 kHz: long enough for the lowest voice, short enough to follow a syllable.
const FFT_SIZE = 2_048;

/** What lib.dom does not know yet: a graph that plays nowhere (W3C webaudio, AudioContextOptions.sinkId). */
interface SilentContextOptions extends AudioContextOptions {
  readonly sinkId: { readonly type: 'none' };
}

/**
 * A context made outside a gesture is suspended (HTML, autoplay); the next gesture wakes it. iOS also suspends
 * running ones, around phone calls, so the listeners stay until the meter is closed.
 */
function wakeOnGesture(context: AudioContext, signal: AbortSignal): void {
  const wake = (): void => {
    if (context.state === 'running' || context.state === 'closed') return;
    context.resume().catch(expectedFailure); // The next gesture tries again.
  };
  for (const gesture of ['pointerdown', 'pointerup', 'keydown', 'touchend']) {
    window.addEventListener(gesture, wake, { signal, capture: true, passive: true });
  }
  wake();
}

/** Measures a track until closed. The track is only read; stopping it is the caller's. */
export function openBrowserMeter(track: MediaStreamTrack): Meter {
  const scope = new AbortController();
  const options: SilentContextOptions = { sinkId: { type: 'none' } };
  const context = new AudioContext(options);
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  try {
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  } catch (error) {
    // Firefox refuses a track of another sample rate. Browsers allow a page only a few contexts.
    context.close().catch(expectedFailure);
    throw error;
  }
  const samples = new Float32Array(FFT_SIZE);
  wakeOnGesture(context, scope.signal);
  return {
    rms() {
      if (context.state !== 'running') return 0;
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      return Math.sqrt(sum / FFT_SIZE);
    },
    close() {
      if (scope.signal.aborted) return;
      scope.abort();
      context.close().catch(expectedFailure);
    },
  };
}
