// Closing the door of the room to newcomers, and opening it.

import type { Room } from '@maru/client';
import { toast } from '../../ui/toast.js';
import { t } from '../messages.js';

/** Locks an open room, opens a locked one; a refusal is said. What changed shows in the room's snapshot. */
export async function toggleLock(room: Room): Promise<void> {
  try {
    await room.setLocked(room.snapshot.info?.locked !== true);
  } catch {
    // The server is away or refused: the door is as it was.
    toast(t('lockFailed'));
  }
}
