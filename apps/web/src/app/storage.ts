// What is remembered on this device, in localStorage. Without it everything works and nothing is remembered.

const PREFIX = 'maru.';

/** Reads a remembered text; null when there is none or the browser keeps none. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    // Storage is blocked (SecurityError) or does not exist: the same as nothing remembered.
    return null;
  }
}

/** Remembers a text, or forgets it when null. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Storage is blocked or full: what was not remembered is asked again next time.
  }
}
