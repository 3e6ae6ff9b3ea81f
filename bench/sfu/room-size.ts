// How large a room one worker on one core can serve: it grows by ten people at a time until loss or delay says no.

import { setTimeout as later } from 'node:timers/promises';
import { Crowd } from './client/crowd.js';
import { Delays } from './client/delays.js';
import { Member } from './client/member.js';
import { peerName } from './client/peer-name.js';
import { PACKET_BYTES } from './client/video-source.js';
import { beginUsage } from './process-usage.js';
import type { Target } from './targets/target.js';

export interface SizeResult {
  /** The largest that was served. */
  readonly size: number;
  /** Whether it was the bench's own clients that could do no more. */
  readonly ownLimit: boolean;
  /** What a packet sent cost the worker at each size that was served, in microseconds. */
  readonly curve: readonly { readonly size: number; readonly cpuPerPacket: number }[];
}

interface Step {
  readonly size: number;
  /** From the last one admitted until everybody gets everything, in ms. */
  readonly rampMs: number;
  readonly packetsOut: number;
  /** Of a core, the worker's. */
  readonly share: number;
  readonly ownShare: number;
  readonly loss: number;
  readonly p50: number;
  readonly p99: number;
  readonly whole: boolean;
}

/** A camera's encodings: kbit/s and width. */
const LAYERS = [
  { rid: 'l', kilobits: 150, width: 320, height: 180, framesPerSecond: 25 },
  { rid: 'm', kilobits: 500, width: 640, height: 360, framesPerSecond: 25 },
  { rid: 'h', kilobits: 1_700, width: 1_280, height: 720, framesPerSecond: 25 },
] as const;
/** Everybody sees the others of a group, in the middle encoding: a page of a gallery. */
const GROUP = 10;
const SEEN_WIDTH = 640;
const SEEN_KILOBITS = 500;
const BROADCAST_STEP = 50;

/** Beyond these a call is worse than before: see docs/SFU.md. */
const MOST_LOSS = 0.005;
const MOST_P99_MS = 50;
const MEASURED_MS = 2_500;
const LOOK_MS = 300;
const WHOLE = 0.95;
const MOST_RAMP_MS = 12_000;
/** The bench's clients have one core for themselves. */
const OWN_LIMIT = 0.93;
const MOST_STEPS = 30;

/** Everyone sends three encodings and sees nine. */
export function measureRoomSize(target: Target): Promise<SizeResult> {
  return grow(target, async (crowd, delays) => {
    const group = Array.from({ length: GROUP }, () => new Member(LAYERS, delays, target.control));
    for (const member of group) {
      await target.admit(member, GROUP - 1);
      member.sources.forEach((source, index) => {
        source.rate = packetsPerSecond(LAYERS[index]?.kilobits ?? 0);
      });
      crowd.members.push(member);
    }
    for (const member of group) {
      const others = group.filter((other) => other !== member);
      member.want(others.map(({ number }) => ({ peer: peerName(number), width: SEEN_WIDTH })));
    }
    return { expected: (GROUP - 1) * packetsPerSecond(SEEN_KILOBITS), grown: GROUP };
  });
}

/** One sends, everyone else sees the large encoding. */
export function measureBroadcastSize(target: Target): Promise<SizeResult> {
  let publisher: Member | null = null;
  return grow(target, async (crowd, delays) => {
    if (!publisher) {
      publisher = new Member(LAYERS, delays, target.control);
      await target.admit(publisher, 0);
      publisher.sources.forEach((source, index) => {
        source.rate = packetsPerSecond(LAYERS[index]?.kilobits ?? 0);
      });
      crowd.members.push(publisher);
    }
    const peer = peerName(publisher.number);
    for (let admitted = 0; admitted < BROADCAST_STEP; admitted += GROUP) {
      const group = Array.from({ length: GROUP }, () => new Member([], delays, target.control));
      crowd.members.push(...group);
      await Promise.all(group.map((member) => target.admit(member, 1)));
      for (const member of group) member.want([{ peer, width: LAYERS[2].width * 2 }]);
    }
    return { expected: packetsPerSecond(LAYERS[2].kilobits), grown: BROADCAST_STEP };
  });
}

/** `more` lets more people in; each who sees something gets `expected` packets a second then. */
async function grow(
  target: Target,
  more: (crowd: Crowd, delays: Delays) => Promise<{ expected: number; grown: number }>,
): Promise<SizeResult> {
  const crowd = new Crowd();
  const delays = new Delays();
  const curve: { size: number; cpuPerPacket: number }[] = [];
  let size = 0;
  try {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const { expected, grown } = await more(crowd, delays);
      const measure = () => measureStep(target, crowd.members, delays, expected, size + grown);
      let step = await measure();
      console.error(`  ${described(step)}`);
      if (!isGood(step)) {
        // One bad moment of the machine is no limit.
        step = await measure();
        console.error(`  once more: ${described(step)}`);
      }
      if (!isGood(step)) {
        return { size, ownLimit: step.ownShare > OWN_LIMIT, curve };
      }
      size += grown;
      curve.push({ size, cpuPerPacket: cpuPerPacket(step) });
    }
    return { size, ownLimit: true, curve };
  } finally {
    crowd.close();
  }
}

const isGood = ({ whole, loss, p99 }: Step): boolean => whole && loss <= MOST_LOSS && p99 <= MOST_P99_MS;

async function measureStep(
  target: Target,
  members: readonly Member[],
  delays: Delays,
  expected: number,
  size: number,
): Promise<Step> {
  const receivers = members.filter(({ watches }) => watches);
  const { whole, rampMs } = await untilWhole(receivers, expected);
  delays.clear();
  for (const { reception } of receivers) reception.begin();
  const usage = await beginUsage(target.pid);
  await later(MEASURED_MS);
  const { share, ownShare } = await usage.end();
  const came = delays.count;
  const lost = receivers.reduce((sum, { reception }) => sum + reception.lost, 0);
  return {
    size,
    rampMs,
    packetsOut: (came * 1_000) / MEASURED_MS,
    share,
    ownShare,
    loss: lost / (lost + came),
    p50: delays.quantile(0.5),
    p99: delays.quantile(0.99),
    whole,
  };
}

async function untilWhole(receivers: readonly Member[], expected: number) {
  const startedAt = performance.now();
  for (;;) {
    for (const { reception } of receivers) reception.begin();
    const lookedAt = performance.now();
    await later(LOOK_MS);
    const seconds = (performance.now() - lookedAt) / 1_000;
    const behind = receivers.filter(({ reception }) => reception.packets < expected * seconds * WHOLE - 5);
    const rampMs = performance.now() - startedAt;
    if (behind.length === 0) return { whole: true, rampMs };
    if (rampMs > MOST_RAMP_MS) {
      console.error(`  ${behind.length} of ${receivers.length} do not get all that they want.`);
      return { whole: false, rampMs };
    }
  }
}

const cpuPerPacket = ({ share, packetsOut }: Step): number => (share * 1e6) / packetsOut;

function described(step: Step): string {
  const { size, rampMs, packetsOut, share, ownShare, loss, p50, p99 } = step;
  const facts = [
    `${size} people`,
    `${Math.round(packetsOut)} packets/s out`,
    `${Math.round(share * 100)} % of a core`,
    `${cpuPerPacket(step).toFixed(1)} us a packet`,
    `delay p50 ${p50.toFixed(1)} and p99 ${p99.toFixed(1)} ms`,
    `loss ${(loss * 100).toFixed(2)} %`,
    `whole after ${(rampMs / 1_000).toFixed(1)} s`,
    `clients ${Math.round(ownShare * 100)} % of a core`,
  ];
  return facts.join(', ');
}

function packetsPerSecond(kilobits: number): number {
  return (kilobits * 1_000) / 8 / PACKET_BYTES;
}
