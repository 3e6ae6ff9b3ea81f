// The server end of the bench: a process of its own that listens and tells what it uses.

import type { AskUsage, FromChild } from './orders.js';

/** Starts listening, says so, and from then on answers questions about memory and processor time. */
export async function serve(listen: () => Promise<number>): Promise<void> {
  const port = await listen();
  process.on('message', ({ collect }: AskUsage) => {
    const { user, system } = process.cpuUsage();
    if (collect) {
      // Twice: what the first collection finalises, the second frees.
      globalThis.gc?.();
      globalThis.gc?.();
    }
    tell({ kind: 'usage', rssBytes: process.memoryUsage.rss(), cpuMicroseconds: user + system });
  });
  process.on('disconnect', () => process.exit());
  tell({ kind: 'ready', port });
}

function tell(message: FromChild): void {
  process.send?.(message);
}
