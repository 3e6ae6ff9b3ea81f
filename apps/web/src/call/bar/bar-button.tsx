// One round control of the bar: an icon, a name that says what pressing it does, a key.

import type { IconNode } from 'lucide';
import { Icon } from '../../ui/icon.js';

interface BarButtonProps {
  readonly name: string;
  readonly icon: IconNode;
  /** The letter of the key that does the same. */
  readonly shortcut?: string;
  /** `inverted`: something that is usually on is off, or the other way round; `danger`: leaving. */
  readonly look?: 'plain' | 'inverted' | 'danger';
  /** True while the device is on its way. */
  readonly busy?: boolean;
  /** A mark that something failed. */
  readonly trouble?: boolean;
  readonly count?: number;
  readonly expanded?: boolean;
  readonly onPress: () => void;
}

export function BarButton(props: BarButtonProps) {
  const { name, icon, shortcut, look = 'plain', busy = false, trouble = false, count = 0 } = props;
  return (
    <button
      type="button"
      class={`bar-button bar-${look}`}
      aria-label={name}
      aria-busy={busy || undefined}
      aria-expanded={props.expanded}
      aria-keyshortcuts={shortcut?.toLowerCase()}
      onClick={props.onPress}
    >
      <Icon of={icon} size={22} />
      {count > 0 && (
        <span class="bar-count" aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      )}
      {trouble && <span class="bar-trouble" aria-hidden="true" />}
      <span class="tip" aria-hidden="true">
        {name}
        {/* Drawn by the style sheet: the words on a control are to be those of its name (WCAG 2.2, 2.5.3). */}
        {shortcut && <span class="tip-key" data-key={shortcut} />}
      </span>
    </button>
  );
}
