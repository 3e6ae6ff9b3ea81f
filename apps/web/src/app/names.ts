// The name a person goes by, remembered on this device.

import { normalizeDisplayName } from '@maru/protocol';
import { recall, remember } from './storage.js';

const STORAGE_KEY = 'name';

/** The name used last, or null. */
export function rememberedName(): string | null {
  return normalizeDisplayName(recall(STORAGE_KEY) ?? '');
}

/** Remembers a name for the next lobby. */
export function rememberName(name: string): void {
  remember(STORAGE_KEY, name);
}

/** The first of these that can be used: the link's wish, the name used last, or nothing. */
export function suggestName(wished: string | null): string | null {
  return normalizeDisplayName(wished ?? '') ?? rememberedName();
}
