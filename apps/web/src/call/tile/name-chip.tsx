// Whose tile it is, and what their microphone and hand say: at the corner of every tile.

import { Hand, MicOff, MonitorUp } from 'lucide';
import { Icon } from '../../ui/icon.js';
import { t } from '../messages.js';

interface NameChipProps {
  readonly label: string;
  readonly muted?: boolean;
  readonly hand?: boolean;
  readonly screen?: boolean;
}

export function NameChip({ label, muted = false, hand = false, screen = false }: NameChipProps) {
  return (
    <p class="chip">
      {hand && (
        <span class="chip-hand">
          <Icon of={Hand} size={15} />
          <span class="visually-hidden">{t('handUp')}</span>
        </span>
      )}
      {muted && (
        <span class="chip-muted">
          <Icon of={MicOff} size={15} />
          <span class="visually-hidden">{t('muted')}</span>
        </span>
      )}
      {screen && (
        <span class="chip-screen">
          <Icon of={MonitorUp} size={15} />
        </span>
      )}
      <span class="chip-name">{label}</span>
    </p>
  );
}
