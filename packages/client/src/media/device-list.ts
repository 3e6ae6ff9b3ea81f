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

/** Devices of one kind that can be chosen: entries without an id (before permission) and aliases are left out. */
function choosable(entries: readonly DeviceEntry[], kind: DeviceEntry['kind']): readonly Device[] {
  return entries
    .filter((entry) => entry.kind === kind && entry.id !== '' && !ALIASES.has(entry.id))
    .map(({ id, label }) => ({ id, label }));
}

function sameDevices(a: readonly Device[], b: readonly Device[]): boolean {
  return (
    a.length === b.length && a.every((device, i) => device.id === b[i]?.id && device.label === b[i]?.label)
  );
}

/** Sorts an enumeration into lists, keeping each former list that has not changed. */
export function deviceLists(entries: readonly DeviceEntry[], former: DeviceLists): DeviceLists {
  const cameras = choosable(entries, 'camera');
  const microphones = choosable(entries, 'microphone');
  const speakers = choosable(entries, 'speaker');
  return {
    cameras: sameDevices(cameras, former.cameras) ? former.cameras : cameras,
    microphones: sameDevices(microphones, former.microphones) ? former.microphones : microphones,
    speakers: sameDevices(speakers, former.speakers) ? former.speakers : speakers,
  };
}
