// Figures of the SFU for Prometheus, for each worker, as it told them last.

import type { Registry } from 'prom-client';
import type { PoolWorker } from '../sfu/pool-worker.js';
import type { SfuPool } from '../sfu/sfu-pool.js';
import type { WorkerFigures } from '../sfu/worker-message.js';

type Figure = (figures: WorkerFigures) => number;

/** What is now. */
const GAUGES: readonly (readonly [name: string, help: string, figure: Figure])[] = [
  ['maru_sfu_rooms', 'Rooms on a worker of the SFU.', ({ rooms }) => rooms],
  ['maru_sfu_links', 'Links on a worker of the SFU.', ({ links }) => links],
  ['maru_sfu_worker_memory_bytes', 'Resident memory of a worker.', ({ memoryBytes }) => memoryBytes],
  [
    'maru_sfu_worker_delay_seconds',
    'By how much the worst timer of a worker was late of late.',
    ({ eventLoopDelayS }) => eventLoopDelayS,
  ],
];

/** What adds up since a worker was started. */
const COUNTERS: readonly (readonly [name: string, help: string, figure: Figure])[] = [
  ['maru_sfu_packets_in_total', 'RTP and RTCP packets received.', ({ packetsIn }) => packetsIn],
  ['maru_sfu_packets_out_total', 'RTP and RTCP packets sent.', ({ packetsOut }) => packetsOut],
  ['maru_sfu_bytes_in_total', 'Bytes of packets received.', ({ bytesIn }) => bytesIn],
  ['maru_sfu_bytes_out_total', 'Bytes of packets sent.', ({ bytesOut }) => bytesOut],
  [
    'maru_sfu_packets_dropped_total',
    'Packets received that belonged to nothing.',
    ({ packetsDropped }) => packetsDropped,
  ],
  [
    'maru_sfu_messages_dropped_total',
    'Messages of control channels that were malformed, too fast or for nobody.',
    ({ messagesDropped }) => messagesDropped,
  ],
  ['maru_sfu_worker_cpu_seconds_total', 'Processor time of a worker.', ({ cpuSeconds }) => cpuSeconds],
];

/** Adds the figures of a pool to a registry. */
export async function addSfuMetrics(registry: Registry, { workers }: SfuPool): Promise<void> {
  const { Counter, Gauge } = await import('prom-client');
  const common = { labelNames: ['worker'], registers: [registry] };
  const each = (read: (worker: PoolWorker) => number | null, set: (worker: string, to: number) => void) => {
    for (const worker of workers) {
      const value = read(worker);
      // One that is being replaced has no figures, and none are better than those of its predecessor.
      if (value !== null) set(String(worker.index), value);
    }
  };
  const read =
    (figure: Figure) =>
    ({ figures }: PoolWorker) =>
      figures && figure(figures);
  for (const [name, help, figure] of GAUGES) {
    new Gauge({
      ...common,
      name,
      help,
      collect() {
        this.reset();
        each(read(figure), (worker, to) => this.set({ worker }, to));
      },
    });
  }
  const addCounter = (name: string, help: string, value: (worker: PoolWorker) => number | null): void => {
    new Counter({
      ...common,
      name,
      help,
      collect() {
        this.reset();
        each(value, (worker, to) => this.inc({ worker }, to));
      },
    });
  };
  for (const [name, help, figure] of COUNTERS) addCounter(name, help, read(figure));
  addCounter(
    'maru_sfu_worker_restarts_total',
    'Times that a worker had to be started again.',
    ({ restarts }) => restarts,
  );
}
