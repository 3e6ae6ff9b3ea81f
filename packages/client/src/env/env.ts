// The parts of the outside world that logic may depend on: time and randomness, passed in.

/** A running timer. */
export interface Timer {
  /** Stops the timer; safe when it has fired already. */
  cancel(): void;
}

/** A clock in milliseconds, monotonic, on the time line of `performance.now()`. */
export interface Clock {
  now(): number;
  /** Unix time in milliseconds, for what people read. */
  unixTime(): number;
  /** Calls back once, at the earliest after `ms`. */
  after(ms: number, callback: () => void): Timer;
}

/** A source of randomness. */
export interface Random {
  /** A number from 0 (in) to 1 (out), for jitter. */
  unit(): number;
  /** `length` characters of base64url, six random bits each, for ids. */
  id(length: number): string;
}

/** Time and randomness together. */
export interface Env {
  readonly clock: Clock;
  readonly random: Random;
}
