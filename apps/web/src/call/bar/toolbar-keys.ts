// Moving inside a toolbar with the arrow keys (WAI-ARIA authoring practices, "toolbar"); Tab works as well.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function useToolbarKeys(toolbar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = toolbar.current;
    if (!element) return;
    const scope = new AbortController();
    element.addEventListener('keydown', (event) => onKey(element, event), { signal: scope.signal });
    return () => scope.abort();
  }, [toolbar]);
}

function onKey(toolbar: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...toolbar.querySelectorAll('button')];
  const focused = document.activeElement;
  const at = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
  if (at < 0) return;
  const step = STEPS[event.key];
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : step ? at + step : null;
  if (to === null) return;
  event.preventDefault();
  buttons[(to + buttons.length) % buttons.length]?.focus();
}
