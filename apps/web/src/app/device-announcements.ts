// Says that the camera or the microphone went on or off, once it has: at the press alone nothing is known yet.

import type { MediaSnapshot, RoomSnapshot, SourceSnapshot } from '@maru/client';
import { effect, type ReadonlySignal } from '@preact/signals';
import { common } from '../i18n/messages/common.js';
import { announce } from '../ui/announcer.js';

/** How a device has come to rest: `failed` is told elsewhere, in words of its own. */
export type Rest = 'on' | 'off' | 'failed';

/** How a device rests now; null while it is being started. A muted microphone is off, open or not. */
export function restOf({ wanted, status }: Pick<SourceSnapshot, 'wanted' | 'status'>): Rest | null {
  if (status === 'failed') return 'failed';
  if (!wanted) return 'off';
  return status === 'on' ? 'on' : null;
}

const WORDS = {
  camera: { on: 'cameraWentOn', off: 'cameraWentOff' },
  microphone: { on: 'micWentOn', off: 'micWentOff' },
} as const;

/** Announces each change until the returned function is called. After the room the screen itself says it. */
export function announceDevices(
  media: ReadonlySignal<MediaSnapshot>,
  room: ReadonlySignal<RoomSnapshot>,
): () => void {
  const stops = (['camera', 'microphone'] as const).map((name) => {
    let before: Rest = 'off';
    return effect(() => {
      const now = restOf(media.value[name]);
      if (now === null || now === before) return;
      before = now;
      if (now !== 'failed' && room.peek().phase !== 'left') announce(common(WORDS[name][now]));
    });
  });
  return () => {
    for (const stop of stops) stop();
  };
}
