// Wake-ups as a browser tells of them: `online` (HTML, section 8.9) and page visibility (HTML, section 6.2).

import type { Wakeups } from './wakeups.js';

/** The browser's wake-ups. */
export const browserWakeups: Wakeups = {
  subscribe(listener, { signal }) {
    window.addEventListener('online', () => listener('online'), { signal });
    // A page that comes out of the back/forward cache or a suspended laptop may not change its visibility.
    window.addEventListener('pageshow', ({ persisted }) => persisted && listener('visible'), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && listener('visible'),
      { signal },
    );
  },
};
