// The microphone's level, alive: six bars that move with the voice, and a word when nothing is heard at all.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../app/session.js';
import { isSilent, type Silence, stepSilence } from './silence.js';

/** The share of the level at which each bar is full: louder in the middle, as in the picture of a voice. */
const BARS = [0.55, 0.8, 1, 0.75, 0.45, 0.3] as const;

interface MicLevelProps {
  readonly session: Session;
  /** Told when the microphone falls silent for good, and when sound is back. */
  readonly onSilent: (silent: boolean) => void;
}

export function MicLevel({ session, onSilent }: MicLevelProps) {
  const element = useRef<HTMLDivElement>(null);
  const silent = useSignal(false);
  useEffect(() => {
    let since: Silence = null;
    let frame = requestAnimationFrame(draw);
    function draw(now: number): void {
      const level = session.media.level();
      // Set through the CSSOM at each frame: drawing the component again sixty times a second would be wasteful.
      BARS.forEach((share, index) => {
        const bar = element.current?.children[index];
        if (bar instanceof HTMLElement) bar.style.setProperty('--level', String(Math.min(1, level * share)));
      });
      // Before the first touch a browser may keep audio processing asleep: that silence means nothing.
      since = navigator.userActivation?.hasBeenActive === false ? null : stepSilence(since, level, now);
      if (isSilent(since, now) !== silent.value) {
        silent.value = !silent.value;
        onSilent(silent.value);
      }
      frame = requestAnimationFrame(draw);
    }
    return () => {
      cancelAnimationFrame(frame);
      onSilent(false);
    };
  }, [session, onSilent, silent]);
  return (
    <div ref={element} class="mic-level" aria-hidden="true">
      {BARS.map((share) => (
        <span key={share} />
      ))}
    </div>
  );
}
