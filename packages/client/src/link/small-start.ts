// The camera of a fresh connection begins at half its size, so that its first picture comes sooner.

import type { Clock, Timer } from '../env/env.js';
import type { Trace } from '../trace/trace-event.js';
import type { Connection } from './rtc-connection.js';
import { lineTransceiver } from './rtc-lines.js';

/**
 * The largest picture that Chromium sends at once over a path of which nothing is known, in pixels. It takes such a path
 * for one of 300 kbit/s, and drops the first frames of a larger picture while it halves it step by step, which holds
 * the first picture back by about 100 ms.
 */
const AT_ONCE_PIXELS = 640 * 480;
const SCALE = 2;
/** How long after connecting the picture stays so, in milliseconds: until the path has been measured. */
const START_MS = 2_000;

const starting = new WeakSet<RTCRtpSender>();

/** Whether the size in which this sender sends is still that of the start. */
export function startsSmall(sender: RTCRtpSender): boolean {
  return starting.has(sender);
}

/** Makes a large camera of a connection, whose lines are there and which is not connected yet, begin small. */
export function startSmall(trace: Trace, clock: Clock, { pc, signal, traced }: Connection): void {
  const sender = lineTransceiver(pc, 'camera')?.sender;
  const { width = 0, height = 0 } = sender?.track?.getSettings() ?? {};
  if (!sender || width * height <= AT_ONCE_PIXELS) return;
  const scale = (by: number): void => {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.scaleResolutionDownBy = by;
    sender.setParameters(parameters).catch((error: unknown) => {
      // The picture comes in the size of before: a little later, or a little smaller.
      if (!signal.aborted) trace.trouble(traced, 'error', 'setParameters', error);
    });
  };
  let timer: Timer | undefined;
  starting.add(sender);
  scale(SCALE);
  const grow = (): void => {
    if (pc.connectionState !== 'connected') return;
    timer ??= clock.after(START_MS, () => {
      starting.delete(sender);
      scale(1);
    });
  };
  pc.addEventListener('connectionstatechange', grow, { signal });
  signal.addEventListener('abort', () => timer?.cancel());
}
