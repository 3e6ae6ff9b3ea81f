// The trace: a bounded list of typed, time-stamped events in memory. It never leaves the page by itself.

import type { Env } from '../env/env.js';
import { createListeners } from '../listeners.js';
import type { Trace, TraceEvent, TraceStep } from './trace-event.js';

/**
 * Makes an empty trace.
 * @param capacity Most events held; the oldest make room. 5,000 is about ten minutes of a room of four that never
 * settles, and a few megabytes with descriptions in it.
 */
export function createTrace(env: Pick<Env, 'clock'>, capacity = 5_000): Trace {
  const events: TraceEvent[] = [];
  const listeners = createListeners<TraceEvent>();
  let seq = 0;

  function record(step: TraceStep): void {
    const event: TraceEvent = { ...step, at: env.clock.now(), seq: seq++ };
    events.push(event);
    if (events.length > capacity) events.shift();
    listeners.tell(event);
  }

  return {
    events,
    record,
    trouble: (traced, step, what, why) =>
      record({ kind: 'link', step, reason: `${what}: ${String(why)}`, ...traced }),
    subscribe: listeners.add,
  };
}
