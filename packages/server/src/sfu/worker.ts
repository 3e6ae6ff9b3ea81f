// A worker's process: the SFU of some rooms. Started by the pool (worker-process.ts), and ends with it.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ServedSfu } from './served-sfu.js';
import { ClientSockets } from './shared-port/client-sockets.js';
import { patientUdpPort, portProblem, quietUdpPort } from './udp-port.js';
import type { FromWorker, ToWorker, WorkerOptions, WorkerProblem } from './worker-message.js';

const NANOSECONDS_PER_S = 1e9;
const MICROSECONDS_PER_S = 1e6;
const LOOPBACK = '127.0.0.1';
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
  if (message.type === 'closed') serving?.clients?.forget(message.link);
  // Where the server is gone, `disconnect` follows.
  if (process.connected) process.send?.(message, () => undefined);
}

interface Serving {
  readonly sfu: ServedSfu;
  /** Null where the worker has a port of its own. */
  readonly clients: ClientSockets | null;
}

async function serve(told: WorkerOptions): Promise<Serving | null> {
  const shared = told.sharedPort !== null;
  const options = shared ? { ...told, bindAddress: LOOPBACK } : told;
  let port: number;
  try {
    port = shared ? await quietUdpPort(LOOPBACK) : await patientUdpPort(told.port, told.bindAddress);
  } catch (error) {
    return fail(portProblem(error), error);
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
    tell({ type: 'ready', port: told.sharedPort ?? port });
    return { sfu: served, clients: shared ? new ClientSockets(port) : null };
  } catch (error) {
    return fail('not-loaded', error);
  }
}

function fail(problem: WorkerProblem, error: unknown): null {
  const reason = error instanceof Error ? error.message : String(error);
  process.send?.({ type: 'failed', problem, reason } satisfies FromWorker, () => process.exit(1));
  return null;
}

let serving: Serving | null = null;

function end(): void {
  serving?.sfu.shutdown();
  serving?.clients?.close();
  process.exit(0);
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') end();
  else if (message.type === 'adopt') serving?.clients?.adopt(message.link, message.adoption);
  else if (message.type !== 'start') {
    serving?.sfu.perform(message);
    if (message.type === 'close') serving?.clients?.forget(message.link);
  } else {
    void serve(message.options).then((started) => {
      serving = started;
    });
  }
});
process.on('disconnect', end);
// A terminal and systemd signal the whole group: the server says when a worker is to end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
