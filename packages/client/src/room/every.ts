// A task that is done again and again, by one timer.

import type { Clock, Timer } from '../env/env.js';

/** Runs a task every `ms` until stopped, first after `ms`. A timer that was late does not bring on others at once. */
export function every(clock: Clock, ms: number, task: () => void): { stop(): void } {
  let timer: Timer;
  const arm = (): void => {
    timer = clock.after(ms, () => {
      arm();
      task();
    });
  };
  arm();
  return { stop: () => timer.cancel() };
}
