// One inbox: inputs are taken one after the other, also those that come while another is being taken.

export interface Inbox<T> {
  /** Takes the input now, or behind the one that is being taken. Ignored once closed. */
  post(input: T): void;
  close(): void;
}

/** `take` handles one input; `idle` runs each time that none is left. */
export function createInbox<T>(take: (input: T) => void, idle: () => void): Inbox<T> {
  const queue: T[] = [];
  let busy = false;
  let closed = false;
  return {
    post(input) {
      if (closed) return;
      queue.push(input);
      if (busy) return;
      busy = true;
      try {
        while (queue.length > 0) {
          for (let next = queue.shift(); next !== undefined; next = queue.shift()) take(next);
          idle();
        }
      } finally {
        busy = false;
      }
    },
    close() {
      closed = true;
    },
  };
}
