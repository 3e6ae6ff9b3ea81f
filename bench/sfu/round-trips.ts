// How many round trips it takes to see someone through the SFU, from the press of the button: as in the join bench.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../figure.js';
import type { Contender } from '../join/contender.js';
import { type MaruWay, startMaru } from '../join/maru.js';
import { startMeasuredBrowser } from '../mesh/browser.js';
import { writeClip, writeRoomTone } from '../mesh/clip.js';

/**
 * The round trip of every hop in the two halves of the runs. Neither is nothing: what two pages on a machine of two cores
 * have to do when someone comes takes longer than a short round trip, and would hide it.
 */
const NEAR_MS = 400;
const FAR_MS = 1_000;
/** Small enough that two pages that encode it leave the machine time: it is the network that is looked at. */
const CAMERA = { width: 320, height: 180, framesPerSecond: 30 } as const;

/** The slope of the join time between the two. */
export async function measureRoundTrips(way: MaruWay, runs: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-bench-sfu-'));
  const [clip, sound] = [join(folder, 'camera.y4m'), join(folder, 'sound.wav')];
  await Promise.all([writeClip(clip, CAMERA), writeRoomTone(sound)]);
  const { browser, close } = await startMeasuredBrowser(clip, sound);
  const open: Contender[] = [];
  try {
    const near = await startMaru(NEAR_MS / 2, way);
    open.push(near);
    const far = await startMaru(FAR_MS / 2, way);
    open.push(far);
    // The first join of all pays for starting encoders and processes; it counts for nobody.
    await near.join(browser);
    const times = { near: [] as number[], far: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      times.near.push(await near.join(browser));
      times.far.push(await far.join(browser));
    }
    return (median(times.far) - median(times.near)) / (FAR_MS - NEAR_MS);
  } finally {
    await close();
    for (const contender of open) await contender.close();
    await rm(folder, { recursive: true, force: true });
  }
}
