// The one polite live region of the page: what changes without being looked at is said there, once.

import { signal } from '@preact/signals';

// Two messages in a row may be equal; an alternating no-break space makes the second one a change.
const said = signal({ text: '', odd: false });

/** Says a sentence to those who use a screen reader, after what is being read (WAI-ARIA, `aria-live="polite"`). */
export function announce(text: string): void {
  said.value = { text, odd: !said.value.odd };
}

/** The region itself; drawn once, at the root of the page, so that it exists before anything is said. */
export function Announcer() {
  const { text, odd } = said.value;
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {text + (odd ? '\u00A0' : '')}
    </div>
  );
}
