// A toolbar is one stop of Tab; arrows move inside it (WAI-ARIA authoring practices, "toolbar").

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Lets arrows, Home and End move the focus between the buttons of a toolbar, and Tab come back to where it was. */
export function useToolbarKeys(toolbar: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = toolbar.current;
    if (!element) return;
    const scope = new AbortController();
    const listening = { signal: scope.signal };
    element.addEventListener('keydown', (event) => onKey(element, event), listening);
    element.addEventListener('focusin', ({ target }) => rest(element, target), listening);
    return () => scope.abort();
  }, [toolbar]);
  // After each drawing: a button may have come or gone, and with it the one that Tab stops at.
  useEffect(() => {
    const element = toolbar.current;
    if (element) rest(element, element.querySelector('button[tabindex="0"]'));
  });
}

/** Makes one button the stop of Tab: this one, or the first. */
function rest(toolbar: HTMLElement, stop: EventTarget | null): void {
  const buttons = buttonsOf(toolbar);
  const chosen = buttons.find((button) => button === stop) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
}

function onKey(toolbar: HTMLElement, event: KeyboardEvent): void {
  const buttons = buttonsOf(toolbar);
  const focused = document.activeElement;
  const at = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
  if (at < 0) return;
  const step = STEPS[event.key];
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : step ? at + step : null;
  if (to === null) return;
  event.preventDefault();
  buttons[(to + buttons.length) % buttons.length]?.focus();
}

function buttonsOf(toolbar: HTMLElement): readonly HTMLButtonElement[] {
  return [...toolbar.querySelectorAll('button')];
}
