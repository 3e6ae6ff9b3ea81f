// Time as the server's logic sees it: passed in, so that a test can hold it.

/** A running timer. */
export interface Timer {
  /** Stops the timer; safe when it has fired already. */
  cancel(): void;
}

/** A clock in milliseconds. */
export interface Clock {
  /** Monotonic time; only differences mean anything. */
  now(): number;
  /** Unix time in milliseconds. */
  unixTime(): number;
  /** Calls back once, at the earliest after `ms`. */
  after(ms: number, callback: () => void): Timer;
  /** Calls back again and again, `ms` apart, until cancelled. */
  every(ms: number, callback: () => void): Timer;
}
