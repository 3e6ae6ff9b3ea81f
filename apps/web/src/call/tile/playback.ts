// Playing what others send: browsers may refuse sound before the person has touched the page (autoplay policy).

import { computed, type ReadonlySignal, signal } from '@preact/signals';

export interface Playback {
  /** True while the browser keeps something silent until the person acts. */
  readonly blocked: ReadonlySignal<boolean>;
  /** Plays an element, now and after each change of its tracks. */
  start(element: HTMLMediaElement): void;
  /** The element is gone. */
  forget(element: HTMLMediaElement): void;
  /** Plays what was refused. Call it from a click. */
  unblock(): void;
}

export function createPlayback(): Playback {
  const refused = signal<ReadonlySet<HTMLMediaElement>>(new Set());

  function mark(element: HTMLMediaElement, isRefused: boolean): void {
    if (refused.value.has(element) === isRefused) return;
    const next = new Set(refused.value);
    if (isRefused) next.add(element);
    else next.delete(element);
    refused.value = next;
  }

  async function play(element: HTMLMediaElement): Promise<void> {
    try {
      await element.play();
      mark(element, false);
    } catch (error) {
      // AbortError says that the element was given another source or removed meanwhile: the next start plays it.
      if (error instanceof DOMException && error.name === 'NotAllowedError') mark(element, true);
    }
  }

  return {
    blocked: computed(() => refused.value.size > 0),
    start: (element) => void play(element),
    forget: (element) => mark(element, false),
    unblock() {
      for (const element of refused.value) void play(element);
    },
  };
}
