// Moments at which waiting any longer makes no sense: the network or the page is back.

/**
 * `online`: the browser has a network again. `network`: it may be another one. `visible`: a person looks at the page
 * again.
 */
export type Wakeup = 'online' | 'network' | 'visible';

/** Tells of wake-ups until the signal aborts. */
export interface Wakeups {
  /** True while nobody can see the page. */
  readonly hidden: boolean;
  subscribe(listener: (wakeup: Wakeup) => void, options: { signal: AbortSignal }): void;
}
