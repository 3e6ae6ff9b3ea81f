// What is measured by the join bench: someone who joins another who is already inside.

import type { Browser } from 'playwright-core';

/** One way to get two people into a call. */
export interface Contender {
  readonly name: string;
  /**
   * Puts one person into a fresh room, brings a second one to where only the press of a button is missing, presses
   * it, and resolves with the milliseconds from there to the first decoded frame of the first person.
   */
  join(browser: Browser): Promise<number>;
  close(): Promise<void>;
}

/** Makes a contender whose every hop, for signalling and for media, takes this long one way. */
export type StartContender = (oneWayMs: number) => Promise<Contender>;
