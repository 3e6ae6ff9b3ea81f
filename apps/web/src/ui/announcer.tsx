// The one polite live region of the page: what changes without being looked at is said there, once.

import { computed, type ReadonlySignal, signal } from '@preact/signals';

// Two messages in a row may be equal; an alternating no-break space makes the second one a change.
const said = signal({ text: '', odd: false });

/**
 * How long sentences are gathered, in milliseconds. A region that changes twice in a row is read only as it is in the
 * end by some screen readers; what comes as one event (three people at once) comes within this.
 */
const GATHER_MS = 100;

let gathered: string[] = [];

/** Says a sentence to those who use a screen reader, after what is being read (WAI-ARIA, `aria-live="polite"`). */
export function announce(text: string): void {
  gathered.push(text);
  if (gathered.length > 1) return;
  setTimeout(() => {
    said.value = { text: inOneBreath(gathered), odd: !said.value.odd };
    gathered = [];
  }, GATHER_MS);
}

/** What the region holds: what was said last. */
export const announced: ReadonlySignal<string> = computed(
  () => said.value.text + (said.value.odd ? '\u00A0' : ''),
);

/** Sentences one after another, with a full stop between them where they bring none along. */
function inOneBreath(sentences: readonly string[]): string {
  return sentences.reduce((before, next) => `${before}${/[.!?…]$/u.test(before) ? '' : '.'} ${next}`);
}

/** The region itself; drawn once, at the root of the page, so that it exists before anything is said. */
export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {announced.value}
    </div>
  );
}
