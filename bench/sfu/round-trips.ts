// How many round trips it takes to see someone through the SFU, from the press of the button: as in the join bench.

import { median } from '../figure.js';
import { startBrowser } from '../join/browser.js';
import type { Contender } from '../join/contender.js';
import { type MaruWay, startMaru } from '../join/maru.js';

/** The round trip of every hop in the slow half of the runs. */
const ROUND_TRIP_MS = 200;

/** The slope of the join time between a network that costs nothing and one of `ROUND_TRIP_MS`. */
export async function measureRoundTrips(way: MaruWay, runs: number): Promise<number> {
  const browser = await startBrowser();
  const open: Contender[] = [];
  try {
    const near = await startMaru(0, way);
    open.push(near);
    const far = await startMaru(ROUND_TRIP_MS / 2, way);
    open.push(far);
    // The first join of all pays for starting encoders and processes; it counts for nobody.
    await near.join(browser);
    const times = { near: [] as number[], far: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      times.near.push(await near.join(browser));
      times.far.push(await far.join(browser));
    }
    return (median(times.far) - median(times.near)) / ROUND_TRIP_MS;
  } finally {
    await browser.close();
    for (const contender of open) await contender.close();
  }
}
