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
    let awaited = false;
    let over = false;
    // One message of the server may go through several snapshots (a new place: first nobody, then one by one):
    // only where they lead to is compared.
    const compare = (): void => {
      awaited = false;
      if (over) return;
      const after = roomState.peek();
      for (const said of announcements(before, after)) announce(words(said));
      before = after;
    };
    const stop = effect(() => {
      if (roomState.value === before || awaited) return;
      awaited = true;
      queueMicrotask(compare);
    });
    return () => {
      over = true;
      stop();
    };
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
