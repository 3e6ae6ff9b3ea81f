// Loaded into the worker's process before its own code: tells, when SIGUSR2 comes, what the process still holds.

import { setImmediate as turn } from 'node:timers/promises';

/** What a process holds after everything that can be collected was. */
export interface Held {
  readonly type: 'held';
  readonly heapBytes: number;
  /** Of JavaScript's objects outside of the heap: buffers, mostly. */
  readonly externalBytes: number;
  readonly rssBytes: number;
  /** What keeps the event loop alive, by kind, timers among it. */
  readonly resources: Readonly<Record<string, number>>;
}

/** What is freed by finalizers is collected by the next round only. */
const ROUNDS = 6;

async function report(): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    globalThis.gc?.();
    await turn();
  }
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const { heapUsed, external, rss } = process.memoryUsage();
  const held: Held = {
    type: 'held',
    heapBytes: heapUsed,
    externalBytes: external,
    rssBytes: rss,
    resources,
  };
  process.send?.(held);
}

process.on('SIGUSR2', () => void report());
