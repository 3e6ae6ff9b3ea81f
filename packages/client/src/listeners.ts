// Those who listen to one thing, each until its signal aborts. There is no `off` to forget.

export interface Listeners<T> {
  /** Calls back with each value until the signal aborts. The same function may listen twice, and ends twice. */
  add(listener: (value: T) => void, options?: { signal?: AbortSignal | undefined }): void;
  /** Tells everyone who listens now, in order. Stops when `isStale` says that they were told something newer meanwhile. */
  tell(value: T, isStale?: () => boolean): void;
  /** Forgets everyone. */
  clear(): void;
}

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener, { signal } = {}) {
      if (signal?.aborted) return;
      const own = (value: T): void => listener(value);
      listeners.add(own);
      signal?.addEventListener('abort', () => listeners.delete(own), { once: true });
    },
    tell(value, isStale) {
      for (const listener of [...listeners]) {
        if (isStale?.()) return;
        try {
          listener(value);
        } catch (error) {
          // A listener's bug is its owner's to see, as an uncaught error; the call goes on.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
