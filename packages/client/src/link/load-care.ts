// Loads what looks after links: a part of the in-call chunk, asked for ahead, while the network is surely there.

import type * as InCall from '../in-call.js';

let inCall: typeof InCall | null = null;

/** The chunk, once it has come. */
export function careNow(): typeof InCall | null {
  return inCall;
}

/** Loads the chunk unless it is there. Rejects when it could not be fetched; the next call tries again. */
export async function loadCare(): Promise<typeof InCall> {
  inCall ??= await import('../in-call.js');
  return inCall;
}
