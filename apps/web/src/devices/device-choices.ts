// What a device <select> offers: the devices by name, or one line that says why there is nothing to choose.

import type { Device } from '@maru/client';
import type { Choice } from '../ui/select-chip.js';

export interface DeviceWords {
  /** For the browser's own default. */
  readonly byDefault: string;
  /** Where there is nothing to choose from. */
  readonly none: string;
  /** For the n-th device without a label. */
  readonly nth: (n: number) => string;
}

export interface DeviceChoices {
  readonly choices: readonly Choice[];
  /** The value of the choice that holds now; empty for the browser's default. */
  readonly value: string;
}

/**
 * The choices for a list of devices. `chosen` is the person's choice, null for the browser's default; `running` the
 * device that the track says it comes from.
 */
export function deviceChoices(
  devices: readonly Device[],
  chosen: string | null,
  running: string | null,
  words: DeviceWords,
): DeviceChoices {
  if (devices.length === 0) return { choices: [{ value: '', label: words.none }], value: '' };
  const choices = devices.map((device, index) => ({
    value: device.id,
    label: tidyLabel(device.label) || words.nth(index + 1),
  }));
  const current = [chosen, running].find((id) => devices.some((device) => device.id === id)) ?? null;
  if (current !== null) return { choices, value: current };
  return { choices: [{ value: '', label: words.byDefault }, ...choices], value: '' };
}

/** Without the USB ids that Chromium puts behind a name, as in `HD Webcam (046d:0825)`: nobody knows theirs. */
export function tidyLabel(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '').trim();
}
