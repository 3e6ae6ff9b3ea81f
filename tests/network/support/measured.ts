// What the lab measures: printed as minimum, median and maximum, and kept for docs/NETWORKS.md where that is asked for.

import { appendFileSync } from 'node:fs';

/** Where `npm run networks` wants one JSON object a line; nowhere otherwise. */
const RECORD = process.env['MARU_NETWORK_RECORD'];

/** One row of one table of docs/NETWORKS.md. */
export interface Measurement {
  readonly table: 'paths' | 'changes' | 'profiles';
  readonly row: string;
  /** Times in milliseconds, one for each run. */
  readonly ms?: readonly number[];
  /** Further columns, as they are to be read. */
  readonly columns?: Readonly<Record<string, string>>;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? at(Math.floor(half)) : (at(half - 1) + at(half)) / 2;
  return { min: at(0), median, max: at(sorted.length - 1) };
}

/** Prints a measurement, and keeps it. */
export function report(measurement: Measurement): void {
  const { table, row, ms, columns = {} } = measurement;
  const words = Object.entries(columns).map(([name, value]) => `${name} ${value}`);
  if (ms) {
    const { min, median, max } = spread(ms);
    const times = [min, median, max].map(Math.round).join(' / ');
    words.unshift(`${times} ms (min / median / max of ${ms.length})`);
  }
  console.log(`${table}: ${row}: ${words.join(', ')}`);
  if (RECORD) appendFileSync(RECORD, `${JSON.stringify(measurement)}\n`);
}
