// Wake-ups as a browser tells of them: `online` (HTML, section 8.9), page visibility (HTML, section 6.2) and, where there
// is one, a change of the connection (WICG Network Information; Chromium).

import type { Wakeups } from './wakeups.js';

/** The browser's wake-ups. */
export const browserWakeups: Wakeups = {
  get hidden() {
    return document.visibilityState === 'hidden';
  },
  subscribe(listener, { signal }) {
    window.addEventListener('online', () => listener('online'), { signal });
    const { connection } = navigator as { connection?: EventTarget };
    connection?.addEventListener('change', () => listener('network'), { signal });
    // A page that comes out of the back/forward cache or a suspended laptop may not change its visibility.
    window.addEventListener('pageshow', ({ persisted }) => persisted && listener('visible'), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && listener('visible'),
      { signal },
    );
  },
};
