// A worker's process: the SFU of some rooms. Started by the pool (worker-process.ts), and ends with it.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from '../start-error.js';
import { ServedSfu } from './served-sfu.js';
import { tryUdpPort } from './udp-port.js';
import type { FromWorker, ToWorker, WorkerOptions, WorkerProblem } from './worker-message.js';

const NANOSECONDS_PER_S = 1e9;
const MICROSECONDS_PER_S = 1e6;
/** How long, and how often, a port is tried that is taken: a worker of a server that was killed lets go of it a moment later. */
const PORT_PATIENCE_MS = 2_000;
const PORT_PAUSE_MS = 100;
/** How finely the event loop's delay is looked at, in milliseconds. */
const DELAY_RESOLUTION_MS = 10;

const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
delay.enable();

function measure() {
  const { user, system } = process.cpuUsage();
  const eventLoopDelayS = delay.max / NANOSECONDS_PER_S;
  delay.reset();
  const cpuSeconds = (user + system) / MICROSECONDS_PER_S;
  return { cpuSeconds, memoryBytes: process.memoryUsage.rss(), eventLoopDelayS };
}

function tell(message: FromWorker): void {
  // Where the server is gone, `disconnect` follows.
  if (process.connected) process.send?.(message, () => undefined);
}

async function serve(options: WorkerOptions): Promise<ServedSfu | null> {
  let port: number;
  try {
    port = await patientPort(options);
  } catch (error) {
    const taken = systemCode(error) === 'EADDRINUSE';
    return fail(taken ? 'port-taken' : 'address-refused', error);
  }
  try {
    // Here and not above: what is native may be missing for this machine, and then that is to be said.
    const { pack, Sfu, unpack } = await import('@maru/sfu');
    const served = new ServedSfu({
      options: { ...options, port },
      makeSfu: (sfuOptions) => new Sfu(sfuOptions),
      unpack: async (packed, maxBytes) => unpack(packed, maxBytes),
      pack: async (sdp) => pack(sdp),
      measure,
      tell,
    });
    tell({ type: 'ready', port });
    return served;
  } catch (error) {
    return fail('not-loaded', error);
  }
}

async function patientPort({ port, bindAddress }: WorkerOptions): Promise<number> {
  const until = performance.now() + PORT_PATIENCE_MS;
  for (;;) {
    try {
      return await tryUdpPort(port, bindAddress);
    } catch (error) {
      if (systemCode(error) !== 'EADDRINUSE' || performance.now() > until) throw error;
      await pause(PORT_PAUSE_MS);
    }
  }
}

function fail(problem: WorkerProblem, error: unknown): null {
  const reason = error instanceof Error ? error.message : String(error);
  process.send?.({ type: 'failed', problem, reason } satisfies FromWorker, () => process.exit(1));
  return null;
}

let served: ServedSfu | null = null;

function end(): void {
  served?.shutdown();
  process.exit(0);
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') end();
  else if (message.type !== 'start') served?.perform(message);
  else {
    void serve(message.options).then((started) => {
      served = started;
    });
  }
});
process.on('disconnect', end);
// A terminal and systemd signal the whole group: the server says when a worker is to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
