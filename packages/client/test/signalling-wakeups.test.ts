// The browser's wake-ups, over plain event targets in place of window and document.

import { afterEach, expect, test, vi } from 'vitest';
import { browserWakeups } from '../src/signalling/browser-wakeups.js';

afterEach(() => vi.unstubAllGlobals());

test('[RES-12] the network or the page being back is told, until the signal aborts', () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  const view = new EventTarget();
  vi.stubGlobal('window', view);
  vi.stubGlobal('document', page);
  const connection = new EventTarget();
  vi.stubGlobal('navigator', { connection });
  const told: string[] = [];
  const scope = new AbortController();
  browserWakeups.subscribe((wakeup) => told.push(wakeup), { signal: scope.signal });

  view.dispatchEvent(new Event('online'));
  page.dispatchEvent(new Event('visibilitychange'));
  expect(told).toEqual(['online']);
  expect(browserWakeups.hidden).toBe(true);
  page.visibilityState = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
  view.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  view.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(told).toEqual(['online', 'visible', 'visible']);
  expect(browserWakeups.hidden).toBe(false);
  connection.dispatchEvent(new Event('change'));
  expect(told.splice(3)).toEqual(['network']);

  scope.abort();
  view.dispatchEvent(new Event('online'));
  expect(told).toHaveLength(3);
});

test('[RES-12] a browser that knows nothing of its connection has wake-ups all the same', () => {
  const view = new EventTarget();
  vi.stubGlobal('window', view);
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('navigator', {});
  const told: string[] = [];
  browserWakeups.subscribe((wakeup) => told.push(wakeup), { signal: new AbortController().signal });
  view.dispatchEvent(new Event('online'));
  expect(told).toEqual(['online']);
});
