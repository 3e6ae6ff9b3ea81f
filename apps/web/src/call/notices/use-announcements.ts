// Says what happens in the room to those who do not see it.

import type { RoomSnapshot } from '@maru/client';
import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../../ui/announcer.js';
import { t } from '../messages.js';
import { type Announcement, announcements } from './announcements.js';

export function useAnnouncements(roomState: ReadonlySignal<RoomSnapshot>): void {
  useEffect(() => {
    let before = roomState.peek();
    return effect(() => {
      const after = roomState.value;
      const said = announcements(before, after);
      before = after;
      if (said.length > 0) announce(said.map(words).join('. '));
    });
  }, [roomState]);
}

function words(said: Announcement): string {
  switch (said.kind) {
    case 'joined':
      return t('saidJoined', said);
    case 'left':
      return t('saidLeft', said);
    case 'away':
      return t('saidAway', said);
    case 'back':
      return t('saidBack', said);
    case 'hand':
      return t('saidHand', said);
    case 'screen':
      return t('saidScreen', said);
    case 'chat':
      return t('saidChat', said);
    case 'server-gone':
      return t('saidServerGone');
    case 'server-back':
      return t('saidServerBack');
    case 'locked':
      return t('saidLocked');
    case 'unlocked':
      return t('saidUnlocked');
  }
}
