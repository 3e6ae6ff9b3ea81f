// A panel beside the stage on a wide screen, a sheet over it on a phone.

import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { common } from '../i18n/messages/common.js';
import { Icon } from '../ui/icon.js';
import { useCall } from './call-model.js';

interface PanelProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** The panel itself takes the focus when it opens, unless something inside does so. */
  readonly focusInside?: boolean;
}

export function Panel({ title, children, focusInside = false }: PanelProps) {
  const { closePanel } = useCall();
  const heading = useId();
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!focusInside) element.current?.querySelector('h2')?.focus();
  }, [focusInside]);
  return (
    <aside ref={element} class="panel" aria-labelledby={heading}>
      <header class="panel-head">
        <h2 id={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="tool" aria-label={common('close')} onClick={closePanel}>
          <Icon of={X} />
        </button>
      </header>
      {children}
    </aside>
  );
}
