// Keeps V8's young generation small: a signalling server holds much for long and makes little garbage.

import { Session } from 'node:inspector/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Both halves of the young generation together. V8 lets it grow to 32 MiB once as much as that has survived, which
 * loading the code and every burst of joins does, and seldom gives it back. Measured with 2,000 connections: 8 MiB
 * instead of 32 saves 5 to 10 kB for each, at the same processor time for each message; 2 MiB would double that.
 */
const LIMIT_BYTES = 8 * 1_024 * 1_024;

let capped = false;

/** Collects what loading the code has left behind and lets the young generation shrink to its first size, once. */
export async function trimHeap(): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}

/** Stops the growth when the limit is reached. Cheap; call it now and then, and when much is being made. */
export function capYoungGeneration(): void {
  if (capped) return;
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (!space || space.space_size < LIMIT_BYTES) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  capped = true;
}
