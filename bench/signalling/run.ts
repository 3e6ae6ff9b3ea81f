// Signalling: memory, processor time, round trip and joins of our server beside a bare relay and two others.

import { type Bench, figure, median } from '../figure.js';
import { installPeers } from '../peers.js';
import { type Child, forkChild } from './child.js';

const SERVERS = ['maru', 'bare-ws', 'peer-server', 'socket-io'] as const;
type ServerName = (typeof SERVERS)[number];

/** Runs of each server, taken in turns, so that a slow minute of the machine meets them all. */
const RUNS = 5;
const IDLE_CONNECTIONS = 2_000;
const RELAY_CONNECTIONS = 200;
const RELAY = { messagesPerSecond: 5_000, messageBytes: 230 } as const;
const WARM_UP_MS = 1_500;
const MEASURED_MS = 5_000;
/** The order of an offer of four lines; that of Chromium with all its codecs has about 12,000 characters. */
const JOINS = { atATime: 12, offerLength: 6_000 } as const;

/** What one run of one server has shown. */
interface Sample {
  readonly memory: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly joins: number;
}

const FIGURES: readonly { readonly name: string; readonly unit: string; readonly key: keyof Sample }[] = [
  { name: 'signalling.memory_per_connection', unit: 'kB', key: 'memory' },
  { name: 'signalling.cpu_per_relay', unit: 'us', key: 'cpu' },
  { name: 'signalling.round_trip_p50', unit: 'ms', key: 'p50' },
  { name: 'signalling.round_trip_p99', unit: 'ms', key: 'p99' },
  { name: 'signalling.joins', unit: '1/s', key: 'joins' },
];

const signalling: Bench = async (report) => {
  await installPeers();
  const samples = new Map<ServerName, Sample[]>(SERVERS.map((name) => [name, []]));
  for (let run = 0; run < RUNS; run++) {
    for (const name of SERVERS) samples.get(name)?.push(await sample(name));
  }
  const middle = (name: ServerName, key: keyof Sample) =>
    median((samples.get(name) ?? []).map((one) => one[key]));
  for (const { name, unit, key } of FIGURES) {
    const [ours, ...others] = SERVERS;
    const beside = Object.fromEntries(others.map((other) => [other, middle(other, key)]));
    report(figure({ figure: name, unit, ours: middle(ours, key), beside, runs: RUNS }));
  }
};

export default signalling;

/** Everything about one server, in a fresh process with a fresh load generator. */
async function sample(name: ServerName): Promise<Sample> {
  const server = forkChild(`./servers/${name}.js`);
  let load: Child | null = null;
  try {
    const { port } = await server.next('ready');
    load = forkChild('./load.js', [name, String(port)]);
    const memory = await measureMemory(server, load);
    return { memory, ...(await measureRelay(server, load)), joins: await measureJoins(load) };
  } finally {
    await load?.end();
    await server.end();
  }
}

async function measureMemory(server: Child, load: Child): Promise<number> {
  // What is loaded on the first connection belongs to none of the others.
  await load.ask({ kind: 'idle', connections: 20 }, 'done');
  await load.ask({ kind: 'release' }, 'done');
  const before = await server.ask({ kind: 'ask-usage', collect: true }, 'usage');
  await load.ask({ kind: 'idle', connections: IDLE_CONNECTIONS }, 'done');
  const after = await server.ask({ kind: 'ask-usage', collect: true }, 'usage');
  await load.ask({ kind: 'release' }, 'done');
  return (after.rssBytes - before.rssBytes) / 1_000 / IDLE_CONNECTIONS;
}

async function measureRelay(server: Child, load: Child): Promise<Pick<Sample, 'cpu' | 'p50' | 'p99'>> {
  await load.ask({ kind: 'idle', connections: RELAY_CONNECTIONS }, 'done');
  await load.ask({ kind: 'relay', ...RELAY, forMs: WARM_UP_MS }, 'done');
  const before = await server.ask({ kind: 'ask-usage', collect: false }, 'usage');
  const { count, roundTrips } = await load.ask({ kind: 'relay', ...RELAY, forMs: MEASURED_MS }, 'done');
  const after = await server.ask({ kind: 'ask-usage', collect: false }, 'usage');
  await load.ask({ kind: 'release' }, 'done');
  return {
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / count,
    p50: percentile(roundTrips, 0.5),
    p99: percentile(roundTrips, 0.99),
  };
}

async function measureJoins(load: Child): Promise<number> {
  await load.ask({ kind: 'joins', ...JOINS, forMs: WARM_UP_MS }, 'done');
  const { count, elapsedMs } = await load.ask({ kind: 'joins', ...JOINS, forMs: MEASURED_MS }, 'done');
  return (count * 1_000) / elapsedMs;
}

/** The value below which this share of the sorted values lies. */
function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('Nothing arrived.');
  return value;
}
