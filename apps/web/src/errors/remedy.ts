// What a button can do about an error, as far as the page alone can do anything.

import type { MaruError } from '@maru/client';

/** `reload`: load the page anew; `retry`: the same again may succeed; null: only the person can do something. */
export type Remedy = 'reload' | 'retry' | null;

// Page and server are of different ages, or disagree about where they stand: a fresh page begins anew.
const RELOAD_HELPS: ReadonlySet<string> = new Set<MaruError['code']>([
  'protocol-too-old',
  'protocol-too-new',
  'bad-message',
  'hello-first',
  'already-joined',
  'not-sfu',
  'bad-offer',
]);

/** What helps against an error. */
export function remedyFor(error: Pick<MaruError, 'code' | 'retry'>): Remedy {
  if (RELOAD_HELPS.has(error.code)) return 'reload';
  return error.retry ? 'retry' : null;
}
