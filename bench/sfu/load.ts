// One turn of the load: a publisher and its subscribers, until all of them get everything, and then for some seconds.

import { setTimeout as later } from 'node:timers/promises';
import { Crowd } from './client/crowd.js';
import { Delays } from './client/delays.js';
import { Member } from './client/member.js';
import type { VideoSource } from './client/video-source.js';
import { beginUsage } from './process-usage.js';
import type { Target } from './targets/target.js';

export interface Load {
  readonly subscribers: number;
  /** From the publisher; each of 1,100 bytes. */
  readonly packetsPerSecond: number;
  readonly measuredMs: number;
}

export interface LoadResult {
  /** Of the target's process, for each packet that came to a subscriber, in microseconds. */
  readonly cpuPerPacket: number;
  /** From the publisher's send to the subscriber's reading, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Share of the packets that did not come. */
  readonly loss: number;
  /** How much of a core the bench's own process took. */
  readonly ownLoad: number;
  readonly rampMs: number;
  /** Every subscriber got all of it before counting began: otherwise the machine was too busy for this load. */
  readonly whole: boolean;
}

const MEASURED = { rid: 'h', framesPerSecond: 50, width: 1_280, height: 720 } as const;
/** What congestion control begins with, as in a browser; switched off once nobody is shown it any more. */
const SMALL = { rid: 'l', framesPerSecond: 25, width: 320, height: 180 } as const;
const SMALL_RATE = 25;
/** Rates are measured over a second. */
const KNOWN_AFTER_MS = 1_200;
const LOOK_MS = 200;
/** All that was sent must come, less what is still on its way. */
const WHOLE = 0.97;
const MOST_RAMP_MS = 15_000;
/** Looks in a row at the full rate before counting begins. */
const STEADY_LOOKS = 4;
/** Then whatever compiles while it runs has compiled what is used all the time, also where that is used seldom. */
const WARM_UP_MS = 8_000;
/** Members that are let in at a time. */
const AT_ONCE = 10;

export async function measureLoad(target: Target, load: Load): Promise<LoadResult> {
  const delays = new Delays();
  const crowd = new Crowd();
  try {
    // What does not estimate has no use for a second encoding.
    const encodings = target.estimates ? [SMALL, MEASURED] : [{ ...MEASURED, rid: null }];
    const publisher = new Member(encodings, delays, target.control);
    await target.admit(publisher, 0);
    crowd.members.push(publisher);
    const source = publisher.sources.at(-1);
    if (!source) throw new Error('The publisher has no source.');
    const small = target.estimates ? publisher.sources[0] : undefined;
    if (small) small.rate = SMALL_RATE;
    source.rate = load.packetsPerSecond;
    // Until a rate is known of it, nobody knows what to look for.
    await later(KNOWN_AFTER_MS);
    const subscribers = Array.from(
      { length: load.subscribers },
      () => new Member([], delays, target.control),
    );
    for (let from = 0; from < subscribers.length; from += AT_ONCE) {
      const next = subscribers.slice(from, from + AT_ONCE);
      crowd.members.push(...next);
      await Promise.all(next.map((member) => target.admit(member, 1)));
    }
    const { whole, rampMs } = await untilWhole(source, small, subscribers);
    await later(WARM_UP_MS);
    delays.clear();
    for (const { reception } of subscribers) reception.begin();
    const usage = await beginUsage(target.pid);
    await later(load.measuredMs);
    const { seconds, ownShare } = await usage.end();
    const came = delays.count;
    const lost = subscribers.reduce((sum, { reception }) => sum + reception.lost, 0);
    return {
      cpuPerPacket: (seconds * 1e6) / came,
      p50: delays.quantile(0.5),
      p99: delays.quantile(0.99),
      loss: lost / (lost + came),
      ownLoad: ownShare,
      rampMs,
      whole,
    };
  } finally {
    crowd.close();
  }
}

/** Waits until every subscriber gets everything of a source, and nothing else. */
async function untilWhole(
  source: VideoSource,
  small: VideoSource | undefined,
  subscribers: readonly Member[],
): Promise<Pick<LoadResult, 'whole' | 'rampMs'>> {
  const startedAt = performance.now();
  for (let steady = 0; steady < STEADY_LOOKS; ) {
    const rampMs = performance.now() - startedAt;
    if (rampMs > MOST_RAMP_MS) return { whole: false, rampMs };
    const before = source.packets;
    for (const { reception } of subscribers) reception.begin();
    await later(LOOK_MS);
    const sent = source.packets - before;
    const least = Math.min(...subscribers.map(({ reception }) => reception.packets));
    if (sent === 0 || least < sent * WHOLE - 2) {
      steady = 0;
      continue;
    }
    steady += 1;
    if (small) small.rate = 0;
  }
  return { whole: true, rampMs: performance.now() - startedAt };
}
