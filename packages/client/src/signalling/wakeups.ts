// Moments at which waiting any longer makes no sense: the network or the page is back.

/** `online`: the browser has a network again. `visible`: a person looks at the page again. */
export type Wakeup = 'online' | 'visible';

/** Tells of wake-ups until the signal aborts. */
export interface Wakeups {
  subscribe(listener: (wakeup: Wakeup) => void, options: { signal: AbortSignal }): void;
}
