// One device choice: a chip named by its icon, or a row under its name.

import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { SelectChip } from '../ui/select-chip.js';
import type { DeviceChoices } from './device-choices.js';

/** `chips`: side by side, the names only for those who hear them; `rows`: one below the other, each under its name. */
export type DeviceLook = 'chips' | 'rows';

interface DeviceSelectProps extends DeviceChoices {
  readonly label: string;
  readonly icon: IconNode;
  /** Called with null for the browser's default. */
  readonly onChoose: (id: string | null) => void;
}

export function DeviceSelect({ label, icon, choices, value, onChoose }: DeviceSelectProps) {
  return (
    <SelectChip
      label={label}
      icon={icon}
      choices={choices}
      value={value}
      disabled={choices.length < 2}
      onChoose={(id) => onChoose(id === '' ? null : id)}
    />
  );
}

interface DeviceRowProps {
  readonly look: DeviceLook;
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Around the controls of one kind of device, with its name where the look shows it. */
export function DeviceRow({ look, label, children }: DeviceRowProps) {
  if (look === 'chips') return <>{children}</>;
  return (
    <div class="device-row">
      {/* The controls have names of their own. */}
      <p aria-hidden="true">{label}</p>
      {children}
    </div>
  );
}
