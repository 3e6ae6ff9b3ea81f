// Speaking into a muted microphone is noticed and said, and stays said long enough to be read.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../../ui/announcer.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';

/** How long the reminder stays after the last word, in milliseconds. */
const LINGER_MS = 4_000;

/** True while the person should be reminded that nobody hears them. */
export function useMutedReminder(): boolean {
  const { session } = useCall();
  const { speakingWhileMuted, microphone } = session.mediaState.value;
  const shown = useSignal(false);
  const muted = !microphone.wanted;
  useEffect(() => {
    if (!muted) {
      shown.value = false;
      return;
    }
    if (speakingWhileMuted) {
      if (!shown.peek()) announce(t('youAreMuted'));
      shown.value = true;
      return;
    }
    const timer = setTimeout(() => {
      shown.value = false;
    }, LINGER_MS);
    return () => clearTimeout(timer);
  }, [speakingWhileMuted, muted, shown]);
  return shown.value;
}
