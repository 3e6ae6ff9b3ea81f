// A phone does not go to sleep in the middle of a call (W3C screen-wake-lock).

import { useEffect } from 'preact/hooks';

/** Keeps the screen on while the page is visible, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    const scope = new AbortController();
    let lock: WakeLockSentinel | null = null;

    async function acquire(): Promise<void> {
      if (document.visibilityState !== 'visible') return;
      try {
        const sentinel = await navigator.wakeLock.request('screen');
        if (scope.signal.aborted) await sentinel.release();
        else lock = sentinel;
      } catch {
        // Low battery, or the page's policy: the screen follows the device's own settings then.
        lock = null;
      }
    }

    // The browser releases it whenever the page is hidden.
    document.addEventListener('visibilitychange', () => void acquire(), { signal: scope.signal });
    void acquire();
    return () => {
      scope.abort();
      void lock?.release();
    };
  }, []);
}
