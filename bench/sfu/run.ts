// The SFU: what forwarding costs and how it delays, what a link takes, and how large rooms get, beside a floor and Janus.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Bench, figure, median } from '../figure.js';
import type { Load, LoadResult } from './load.js';
import { measureRoundTrips } from './round-trips.js';
import { findOrInstallJanus } from './targets/janus-process.js';
import type { TargetName } from './targets/target.js';
import type { Turn, TurnResults } from './turn.js';

const TURN = fileURLToPath(new URL('./turn.js', import.meta.url));
const LONGEST_TURN_MS = 180_000;

/** Turns of each target, one after the other, so that a slow minute of the machine meets them all. */
const TURNS = 3;
const MEASURED_MS = 5_000;
const SMALL: Load = { subscribers: 10, packetsPerSecond: 500, measuredMs: MEASURED_MS };
/** Half of what the machine can take: delays are measured here, as full load would measure its queues. */
const HALF: Load = { subscribers: 20, packetsPerSecond: 1_000, measuredMs: MEASURED_MS };
const FULL: Load = { subscribers: 50, packetsPerSecond: 2_000, measuredMs: MEASURED_MS };

/** Joins of each kind, with and without delay; a cold one waits for the lobby to give its link up. */
const WARM_JOINS = 5;
const COLD_JOINS = 5;

const bench: Bench = async (report) => {
  const besides: readonly TargetName[] = (await findOrInstallJanus()) ? ['floor', 'janus'] : ['floor'];
  if (!besides.includes('janus')) console.error('  Janus is left out: it is not installed.');
  const targets: readonly TargetName[] = ['maru', ...besides];

  const measureAll = async <K extends 'load' | 'links'>(turn: (target: TargetName) => Turn & { kind: K }) => {
    const results = new Map<TargetName, TurnResults[K][]>(targets.map((target) => [target, []]));
    for (let run = 0; run < TURNS; run += 1) {
      for (const target of targets) results.get(target)?.push(await takeSaid(turn(target)));
    }
    return (name: string, unit: string, value: (result: TurnResults[K]) => number): void => {
      const middle = (target: TargetName) => median((results.get(target) ?? []).map(value));
      const beside = Object.fromEntries(besides.map((target) => [target, middle(target)]));
      report(figure({ figure: `sfu.${name}`, unit, ours: middle('maru'), beside, runs: TURNS }));
    };
  };
  const cpu = ({ cpuPerPacket }: LoadResult): number => cpuPerPacket;

  const full = await measureAll((target) => ({ kind: 'load', target, load: FULL }));
  full('cpu_per_packet', 'us', cpu);
  const half = await measureAll((target) => ({ kind: 'load', target, load: HALF }));
  half('cpu_per_packet_20x1000', 'us', cpu);
  half('delay_p50', 'ms', ({ p50 }) => p50);
  half('delay_p99', 'ms', ({ p99 }) => p99);
  const small = await measureAll((target) => ({ kind: 'load', target, load: SMALL }));
  small('cpu_per_packet_10x500', 'us', cpu);
  const links = await measureAll((target) => ({ kind: 'links', target }));
  links('memory_per_link', 'kB', ({ memoryPerLink }) => memoryPerLink / 1_000);
  links('links_per_second', '1/s', ({ linksPerSecond }) => linksPerSecond);

  for (const kind of ['room', 'broadcast'] as const) {
    const { size, ownLimit, curve } = await take({ kind, target: 'maru' });
    if (size === 0) {
      console.error(`  The machine was too busy for the smallest ${kind}: no figure.`);
      continue;
    }
    if (ownLimit) console.error(`  At least ${size}: the bench's own clients could do no more.`);
    report(figure({ figure: `sfu.${kind}_size`, unit: 'people', ours: size, beside: {}, runs: 1 }));
    for (const { size: at, cpuPerPacket } of curve) {
      const name = `sfu.${kind}_of_${at}_cpu_per_packet`;
      report(figure({ figure: name, unit: 'us', ours: cpuPerPacket, beside: {}, runs: 1 }));
    }
  }

  const unit = 'round trips';
  const warm = await measureRoundTrips('sfu', WARM_JOINS);
  report(figure({ figure: 'sfu.round_trips', unit, ours: warm, beside: {}, runs: WARM_JOINS }));
  const cold = await measureRoundTrips('sfu-cold', COLD_JOINS);
  report(figure({ figure: 'sfu.round_trips_cold', unit, ours: cold, beside: {}, runs: COLD_JOINS }));
};

export default bench;

/** A turn; where the machine was too busy for its load, this is said: whoever reads the figure is to know. */
async function takeSaid<T extends Turn>(turn: T): Promise<TurnResults[T['kind']]> {
  const result = await take(turn);
  if ('whole' in result && !result.whole) {
    console.error(`  Too busy (${turn.target}): not everyone came to the full rate.`);
  }
  return result;
}

/** Runs a turn in a fresh process; rejects when that ends without a result. */
function take<T extends Turn>(turn: T): Promise<TurnResults[T['kind']]> {
  return new Promise((resolve, reject) => {
    const child = fork(TURN, [JSON.stringify(turn)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const timeout = setTimeout(() => child.kill('SIGTERM'), LONGEST_TURN_MS);
    child.once('message', (result) => resolve(result as TurnResults[T['kind']]));
    child.once('exit', (status) => {
      clearTimeout(timeout);
      reject(new Error(`The turn "${turn.kind}" of ${turn.target} ended with status ${status}.`));
    });
  });
}
