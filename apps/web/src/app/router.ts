// The current route as a signal, and moving between screens without loading the page again.

import { type ReadonlySignal, signal } from '@preact/signals';
import { parseRoute, type Route } from './route.js';

const current = signal<Route>(read());

function read(): Route {
  return parseRoute(location.pathname, location.search);
}

/** The screen that the address asks for. */
export const route: ReadonlySignal<Route> = current;

/** Goes to a path of this page, as a new entry of the history. */
export function navigate(path: string): void {
  history.pushState(null, '', path);
  current.value = read();
  scrollTo(0, 0);
}

/** Follows the browser's back and forward, and clicks on links to this page. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    current.value = read();
  });
  document.addEventListener('click', (event) => {
    const path = pathOfClick(event);
    if (path === null) return;
    event.preventDefault();
    navigate(path);
  });
}

function pathOfClick(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  // With a key held the person wants a new tab or window: the browser's own behaviour.
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.origin !== location.origin) return null;
  if (link.target !== '' || link.hasAttribute('download')) return null;
  return link.pathname + link.search;
}
