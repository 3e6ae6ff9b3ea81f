// A native <select> that looks like a chip: an icon, the choice, a chevron.

import { ChevronDown, type IconNode } from 'lucide';
import { Icon } from './icon.js';
import './select-chip.css';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectChipProps {
  /** The accessible name, such as "Camera". */
  readonly label: string;
  readonly icon: IconNode;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
  readonly disabled?: boolean;
}

export function SelectChip({ label, icon, choices, value, onChoose, disabled = false }: SelectChipProps) {
  return (
    <label class="select-chip">
      <Icon of={icon} size={17} />
      <span class="visually-hidden">{label}</span>
      <select
        aria-label={label}
        title={label}
        disabled={disabled}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} size={15} />
    </label>
  );
}
