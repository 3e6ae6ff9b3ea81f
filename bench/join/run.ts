// The join bench: how many round trips a join takes, and what is left of it when the network costs nothing.

import { type Bench, figure, median } from '../figure.js';
import { installPeers } from '../peers.js';
import { startBrowser } from './browser.js';
import type { Contender } from './contender.js';
import { startMaru } from './maru.js';
import { startOnePage } from './one-page.js';
import { startPeerJs } from './peerjs.js';

/** An odd number, so that the median is a run that happened. */
const RUNS = 7;

/** The round trip of every hop in the slow half of the runs; its one-way delay is half of it. */
const ROUND_TRIP_MS = 200;

/** Join times of one contender: without and with the delay. */
interface Times {
  readonly near: number[];
  readonly far: number[];
}

const bench: Bench = async (report) => {
  const peers = await installPeers();
  const starts = {
    maru: startMaru,
    peerjs: (oneWayMs: number) => startPeerJs(peers, 'at_click', oneWayMs),
    peerjs_socket_in_lobby: (oneWayMs: number) => startPeerJs(peers, 'in_lobby', oneWayMs),
  };
  const browser = await startBrowser();
  const open: Contender[] = [];
  const keep = async (contender: Promise<Contender>): Promise<Contender> => {
    open.push(await contender);
    return contender;
  };
  try {
    const onePage = await keep(startOnePage());
    const pairs = [];
    for (const [name, start] of Object.entries(starts)) {
      pairs.push({ name, near: await keep(start(0)), far: await keep(start(ROUND_TRIP_MS / 2)) });
    }
    const times = new Map<string, Times>(pairs.map(({ name }) => [name, { near: [], far: [] }]));
    const floor: number[] = [];
    // The first join of all pays for starting encoders and processes; it counts for nobody.
    for (const contender of open) await contender.join(browser);
    for (let run = 0; run < RUNS; run += 1) {
      floor.push(await onePage.join(browser));
      for (const { name, near, far } of pairs) {
        times.get(name)?.near.push(await near.join(browser));
        times.get(name)?.far.push(await far.join(browser));
      }
    }
    const constants = valueOfEach(times, ({ near }) => median(near));
    const trips = valueOfEach(times, ({ near, far }) => (median(far) - median(near)) / ROUND_TRIP_MS);
    report(figure({ figure: 'join.round_trips', unit: 'round trips', ...split(trips), runs: RUNS }));
    const { ours, beside } = split(constants);
    report(
      figure({
        figure: 'join.constant',
        unit: 'ms',
        ours,
        beside: { one_page: median(floor), ...beside },
        runs: RUNS,
      }),
    );
  } finally {
    await browser.close();
    for (const contender of open) await contender.close();
  }
};

export default bench;

function valueOfEach(times: Map<string, Times>, value: (times: Times) => number): Record<string, number> {
  return Object.fromEntries([...times].map(([name, of]) => [name, value(of)]));
}

function split(values: Record<string, number>): { ours: number; beside: Record<string, number> } {
  const { maru, ...beside } = values;
  if (maru === undefined) throw new Error('Maru itself was not measured.');
  return { ours: maru, beside };
}
