// One turn of links: how fast subscribers come in, each up to its first packet, and what memory each of them takes.

import { setTimeout as later } from 'node:timers/promises';
import { Crowd } from './client/crowd.js';
import { Delays } from './client/delays.js';
import { Member } from './client/member.js';
import { residentBytes } from './process-usage.js';
import type { Target } from './targets/target.js';

export interface LinksResult {
  readonly linksPerSecond: number;
  /** Of the target's process, in bytes. */
  readonly memoryPerLink: number;
}

/** Video slots of Maru's web client; what has no slots has one video. */
const SLOTS = 14;
/** What is loaded with the first links belongs to none of the others. */
const FIRST_LINKS = 10;
const LINKS = 100;
const AT_ONCE = 8;
/** A small picture: what is measured is not the traffic. */
const SMALL = { rid: null, framesPerSecond: 25, width: 320, height: 180 } as const;
const RATE = 25;
const SETTLE_MS = 1_500;
const PATIENCE_MS = 30_000;

export async function measureLinks(target: Target): Promise<LinksResult> {
  const delays = new Delays();
  const crowd = new Crowd();
  const admit = async (): Promise<void> => {
    const member = new Member([], delays, target.control);
    crowd.members.push(member);
    await target.admit(member, SLOTS);
    await member.reception.firstPacket(PATIENCE_MS);
  };
  try {
    const publisher = new Member([SMALL], delays, target.control);
    await target.admit(publisher, 0);
    crowd.members.push(publisher);
    const [source] = publisher.sources;
    if (source) source.rate = RATE;
    await inTurns(FIRST_LINKS, admit);
    await later(SETTLE_MS);
    const before = await residentBytes(target.pid);
    const startedAt = performance.now();
    await inTurns(LINKS, admit);
    const elapsedMs = performance.now() - startedAt;
    await later(SETTLE_MS);
    const memoryPerLink = ((await residentBytes(target.pid)) - before) / LINKS;
    return { linksPerSecond: (LINKS * 1_000) / elapsedMs, memoryPerLink };
  } finally {
    crowd.close();
  }
}

/** Does something so many times, `AT_ONCE` of them side by side. */
async function inTurns(times: number, act: () => Promise<void>): Promise<void> {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
