// A value that cannot be printed by accident: keys, passwords, TURN secrets.

import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** Holds a secret; every way of turning it into text says `[secret]`, except `reveal`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
