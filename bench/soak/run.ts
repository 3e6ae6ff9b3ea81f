// The soak: people join and leave rooms of one worker every second, for as long as is asked, and it must hold no more at
// the end than at the beginning. MARU_SOAK_MINUTES says how long, 2 where it is not set.

import { setTimeout as later } from 'node:timers/promises';
import { type Bench, figure } from '../figure.js';
import { Churn } from './churn.js';
import { type Holding, SoakedWorker } from './soaked-worker.js';

const DEFAULT_MINUTES = 2;
/** The first part, in which code is compiled and pools grow, counts for nothing. */
const WARM_UP_SHARE = 0.2;
/** Someone who has vanished is noticed when consent to send expires (RFC 7675: 30 s), and then some. */
const MOST_EMPTYING_MS = 120_000;
const LOOK_MS = 250;
/** How much more there may be in the end: allocators round, and code that runs late is compiled late. */
const HEAP_NOISE_BYTES = 2_000_000;
const RSS_NOISE_BYTES = 12_000_000;

const bench: Bench = async (report) => {
  const minutes = Number(process.env['MARU_SOAK_MINUTES'] ?? DEFAULT_MINUTES);
  if (!(minutes > 0)) throw new Error('MARU_SOAK_MINUTES is not a number of minutes.');
  const total = minutes * 60_000;
  const worker = await SoakedWorker.start();
  try {
    const churn = new Churn(worker);
    const holdings: Holding[] = [];
    for (const share of [WARM_UP_SHARE, (1 - WARM_UP_SHARE) / 2, (1 - WARM_UP_SHARE) / 2]) {
      const progress = setInterval(() => void tell(worker, churn), total / 30);
      await churn.run(total * share).finally(() => clearInterval(progress));
      const seconds = await emptied(worker);
      const holding = await worker.holding();
      holdings.push(holding);
      const { packetsIn, packetsOut } = await worker.figures();
      console.error(`  ${churn.came} came and went, noticed after ${seconds.toFixed(1)} s`);
      console.error(`    ${packetsIn} packets in, ${packetsOut} out; ${described(holding)}`);
    }
    console.error(
      `  Ended by themselves: ${[...worker.ended].map(([how, count]) => `${how} ${count}`).join(', ')}`,
    );
    for (const trouble of churn.troubles.slice(0, 5)) console.error(`  ${trouble}`);
    const [start, middle, end] = holdings;
    if (!start || !middle || !end) throw new Error('Nothing was measured.');
    const inKb = (bytes: number): number => bytes / 1_000;
    const kB = (of: (holding: Holding) => number) => ({
      unit: 'kB',
      ours: inKb(of(end)),
      beside: { start: inKb(of(start)), middle: inKb(of(middle)) },
      runs: 1,
    });
    report(figure({ figure: 'soak.memory', ...kB(({ rssBytes }) => rssBytes) }));
    report(figure({ figure: 'soak.heap', ...kB(({ heapBytes }) => heapBytes) }));
    const grown = growth(start, middle, end);
    if (grown.length > 0) throw new Error(`The worker holds more than at the start: ${grown.join(', ')}.`);
    if (churn.troubles.length > churn.came / 100)
      throw new Error(`${churn.troubles.length} of ${churn.came} could not come in.`);
  } finally {
    await worker.stop();
  }
};

export default bench;

async function tell(worker: SoakedWorker, churn: Churn): Promise<void> {
  const { rooms, links, memoryBytes, packetsIn, packetsOut } = await worker.figures();
  const memory = (memoryBytes / 1e6).toFixed(1);
  console.error(
    `  ${churn.came} have come; ${links} links in ${rooms} rooms, ${memory} MB, ${packetsIn} packets in, ${packetsOut} out`,
  );
}

/** Waits until no link and no room is left; the seconds that it took. */
async function emptied(worker: SoakedWorker): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { links, rooms } = await worker.figures();
    if (links === 0 && rooms === 0) return (performance.now() - startedAt) / 1_000;
    if (performance.now() - startedAt > MOST_EMPTYING_MS)
      throw new Error(
        `${links} links and ${rooms} rooms are left with nobody in them: ${[...worker.links].join('; ')}`,
      );
    await later(LOOK_MS);
  }
}

function described({ heapBytes, externalBytes, rssBytes, files, threads, resources }: Holding): string {
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const kinds = Object.entries(resources).map(([kind, count]) => `${kind} ${count}`);
  return [
    `heap ${mega(heapBytes)}`,
    `buffers ${mega(externalBytes)}`,
    `RSS ${mega(rssBytes)}`,
    `${files} files`,
    `${threads} threads`,
    ...kinds,
  ].join(', ');
}

/** What there is more of in the end than is noise. */
function growth(start: Holding, middle: Holding, end: Holding): string[] {
  const more = (what: string, of: (holding: Holding) => number, noise: number, since: Holding): string[] =>
    of(end) > of(since) + noise ? [`${what} ${of(since)} to ${of(end)}`] : [];
  const kinds = Object.keys(end.resources);
  return [
    ...more('heap', ({ heapBytes }) => heapBytes, HEAP_NOISE_BYTES, start),
    ...more('buffers', ({ externalBytes }) => externalBytes, HEAP_NOISE_BYTES, start),
    // The system's allocator gives back little and late: what counts is that it levels off.
    ...more('RSS', ({ rssBytes }) => rssBytes, RSS_NOISE_BYTES, middle),
    ...more('files', ({ files }) => files, 0, start),
    ...more('threads', ({ threads }) => threads, 0, start),
    ...kinds.flatMap((kind) => more(kind, ({ resources }) => resources[kind] ?? 0, 0, start)),
  ];
}
