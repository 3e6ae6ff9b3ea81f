// The tab's title: what the screen is first, so that it can be told apart in a narrow tab.

import { useEffect } from 'preact/hooks';
import { common } from '../i18n/messages/common.js';

/** Names the tab after a screen; null for the page itself. */
export function useTitle(title: string | null): void {
  const full = title === null ? common('maru') : `${title} · ${common('maru')}`;
  useEffect(() => {
    document.title = full;
  }, [full]);
}
