// Sound that was refused when the page was new plays as soon as the page captures: browsers allow it from then on.

import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CallModel } from '../call-model.js';

/**
 * Tries again what autoplay policy refused whenever a camera or microphone starts. Chromium and Firefox let a page
 * that captures play sound without a touch, but somebody who skips the lobby is inside before their devices are on.
 */
export function useCaptureUnblocks({ session, playback }: CallModel): void {
  useEffect(
    () =>
      effect(() => {
        const { camera, microphone } = session.mediaState.value;
        const captures = camera.track !== null || microphone.track !== null;
        if (captures && playback.blocked.value) playback.unblock();
      }),
    [session, playback],
  );
}
