// Loudness of the microphone, muted or not, and whether somebody speaks into it while it is muted.

import type { Clock, Timer } from '../env/env.js';
import { expectedFailure } from './expected-failure.js';
import { hear, levelOf, SILENCE, SPEECH_SAMPLE_MS, type Speech } from './loudness.js';
import type { MediaBrowser, Meter } from './media-browser.js';

export interface MicrophoneMeter {
  /** Measures this track from now on; listens for speech while it is not sent. */
  follow(track: MediaStreamTrack | null, sent: boolean): void;
  level(): number;
  close(): void;
}

interface Measured {
  readonly track: MediaStreamTrack;
  /** A clone: muting disables the track itself, which would silence the meter too. */
  readonly clone: MediaStreamTrack;
  readonly meter: Meter | null;
}

function measure(browser: MediaBrowser, track: MediaStreamTrack): Measured {
  const clone = track.clone();
  clone.enabled = true;
  try {
    return { track, clone, meter: browser.openMeter(clone) };
  } catch (reason) {
    // Firefox refuses to join a microphone and a graph of different sample rates; the call does not need the meter.
    expectedFailure(reason);
    clone.stop();
    return { track, clone, meter: null };
  }
}

export function createMicrophoneMeter(
  browser: MediaBrowser,
  clock: Clock,
  onSpeaking: (speaking: boolean) => void,
): MicrophoneMeter {
  let measured: Measured | null = null;
  let speech: Speech = SILENCE;
  let speaking = false;
  let timer: Timer | null = null;

  const level = (): number => levelOf(measured?.meter?.rms() ?? 0);

  function tell(now: boolean): void {
    if (now === speaking) return;
    speaking = now;
    onSpeaking(now);
  }

  function listen(): void {
    timer = clock.after(SPEECH_SAMPLE_MS, () => {
      speech = hear(speech, level(), clock.now());
      listen();
      tell(speech.heardAt !== null);
    });
  }

  function deafen(): void {
    timer?.cancel();
    timer = null;
    speech = SILENCE;
  }

  function drop(): void {
    deafen();
    measured?.meter?.close();
    measured?.clone.stop();
    measured = null;
  }

  return {
    follow(track, sent) {
      if (measured?.track !== track) {
        drop();
        if (track) measured = measure(browser, track);
      }
      if (track === null || sent) {
        deafen();
        tell(false);
      } else if (timer === null) {
        listen();
      }
    },
    level,
    close: drop,
  };
}
