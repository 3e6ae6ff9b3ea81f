// The inbox of a link: one input is finished, with everything it leads to, before the next is read.

/** A queue with one reader. */
export interface Inbox<T> {
  push(input: T): void;
}

/**
 * Makes an inbox. `handle` must deal with its own failures: one that it lets through is a bug, is rethrown where
 * the browser reports uncaught errors, and does not stop the inbox. Nothing is handled after `signal` aborts.
 */
export function createInbox<T>(handle: (input: T) => Promise<void>, signal: AbortSignal): Inbox<T> {
  const queue: T[] = [];
  let reading = false;

  async function read(): Promise<void> {
    reading = true;
    for (let input = queue.shift(); input !== undefined && !signal.aborted; input = queue.shift()) {
      try {
        await handle(input);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    reading = false;
  }

  return {
    push(input) {
      if (signal.aborted) return;
      queue.push(input);
      if (!reading) void read();
    },
  };
}
