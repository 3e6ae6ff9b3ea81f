// A short sentence at the edge of the screen that goes by itself; it is announced as well.

import { signal } from '@preact/signals';
import { announce } from './announcer.js';
import './toast.css';

/** Long enough to read a short sentence twice, in milliseconds (WCAG 2.2.1: nothing is lost when it goes). */
const SHOWN_MS = 4_000;

const shown = signal<string | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence for a few seconds; a later one replaces it. Only for what needs no action. */
export function toast(text: string): void {
  shown.value = text;
  announce(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    shown.value = null;
  }, SHOWN_MS);
}

/** Where it is drawn; once, at the root of the page. Hidden from screen readers: the announcer has said it. */
export function Toaster() {
  if (shown.value === null) return null;
  return (
    <div class="toast" aria-hidden="true">
      {shown.value}
    </div>
  );
}
