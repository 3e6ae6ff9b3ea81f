// A measured figure: ours beside what we compare with, in one form for every bench.

/** One figure. The JSON of `npm run bench -- --json` is exactly this object, one a line. */
export interface Figure {
  /** Dotted name, the first part being the bench: `join.round_trips`. */
  readonly figure: string;
  /** Unit of every value: `ms`, `kB` (1,000 bytes), `us`, `1/s`, `kbit/s`, `% of a core`, `people` or `round trips`. */
  readonly unit: string;
  /** Our value: the median of the runs. */
  readonly ours: number;
  /** The values of what ran beside us, medians too, by name. */
  readonly beside: Readonly<Record<string, number>>;
  /** `ours` divided by each value beside; made by `figure`, never by hand. */
  readonly ratio: Readonly<Record<string, number>>;
  /** How many runs each value is the median of. */
  readonly runs: number;
}

/** A bench: measures, and reports each figure as soon as it is known. `bench/<name>/run.ts` exports one as default. */
export type Bench = (report: (figure: Figure) => void) => Promise<void>;

/**
 * Makes a figure out of its measured values: rounds them to four significant digits and divides those, so that every
 * ratio can be checked by what is printed. Throws where there is nothing to divide: such a value was not measured.
 */
export function figure(measured: Omit<Figure, 'ratio'>): Figure {
  const beside = mapValues(measured.beside, significant);
  const ours = significant(measured.ours);
  for (const value of [ours, ...Object.values(beside)]) {
    if (!Number.isFinite(value) || value === 0)
      throw new Error(`${measured.figure} was measured as ${value}.`);
  }
  return {
    figure: measured.figure,
    unit: measured.unit,
    ours,
    beside,
    ratio: mapValues(beside, (value) => ours / value),
    runs: measured.runs,
  };
}

/** The middle of the values; the mean of the two in the middle where their number is even. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('A median needs at least one value.');
  return (lower + upper) / 2;
}

function significant(value: number): number {
  return Number(value.toPrecision(4));
}

function mapValues(record: Readonly<Record<string, number>>, change: (value: number) => number) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
