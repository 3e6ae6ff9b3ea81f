// The devices to choose from, sorted out of one enumeration.

import type { Device } from './local-media.js';
import type { DeviceEntry } from './media-browser.js';

/** The three lists of a snapshot. */
export interface DeviceLists {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}

export const NO_DEVICES: DeviceLists = { cameras: [], microphones: [], speakers: [] };

// Chromium lists the system's choice again under these two ids; here the default is `null`.
const ALIASES = new Set(['default', 'communications']);

/**
 * Devices of one kind that can be chosen: entries without an id (before permission) and aliases are left out.
 * The former list when nothing has changed.
 */
function choosable(
  entries: readonly DeviceEntry[],
  kind: DeviceEntry['kind'],
  former: readonly Device[],
): readonly Device[] {
  const devices = entries
    .filter((entry) => entry.kind === kind && entry.id !== '' && !ALIASES.has(entry.id))
    .map(({ id, label }) => ({ id, label }));
  const same =
    devices.length === former.length &&
    devices.every(({ id, label }, i) => id === former[i]?.id && label === former[i]?.label);
  return same ? former : devices;
}

/** Sorts an enumeration into lists, keeping each former list that has not changed. */
export function deviceLists(entries: readonly DeviceEntry[], former: DeviceLists): DeviceLists {
  return {
    cameras: choosable(entries, 'camera', former.cameras),
    microphones: choosable(entries, 'microphone', former.microphones),
    speakers: choosable(entries, 'speaker', former.speakers),
  };
}
