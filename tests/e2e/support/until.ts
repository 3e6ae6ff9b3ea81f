// Waiting for a condition: the only way in which these tests wait.

import { setTimeout as delay } from 'node:timers/promises';

/** How long a condition may take. Generous: the machine may be busy, and what is tested is that it comes true. */
export const PATIENCE_MS = 45_000;

/** How often it is looked at. */
const LOOK_EVERY_MS = 100;

/**
 * Resolves with the first value of `probe` that is neither false nor null nor undefined. Rejects with `what` and the
 * last thing seen. A probe that throws is looked at again: a page may be between two documents.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + patienceMs;
  let seen: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== false && value !== null && value !== undefined) {
        return value as Exclude<T, false | null | undefined>;
      }
      seen = value;
    } catch (error) {
      seen = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${patienceMs} ms in vain: ${what}. Last seen: ${String(seen)}`, {
        cause: seen,
      });
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** Like `until`, for a probe that tells what is still missing; null when nothing is. */
export async function untilNothingMissing(
  what: string,
  missing: () => string | null | Promise<string | null>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  let last: string | null = null;
  try {
    await until(
      what,
      async () => {
        last = await missing();
        return last === null;
      },
      patienceMs,
    );
  } catch (error) {
    throw new Error(`${what}: ${last ?? 'nothing seen'}`, { cause: error });
  }
}
