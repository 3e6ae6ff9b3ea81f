// How a call looks and sounds over a stretch of time, at the end that receives.

import { setTimeout as pass } from 'node:timers/promises';
import type { Person } from '../../e2e/support/person.js';
import { frameTimes } from './call.js';
import type { ReceivedMedia } from './page-probe.js';

export interface Quality {
  readonly framesPerSecond: number;
  /** The last picture's height in pixels. */
  readonly height: number;
  /** The longest time between two frames that were shown, in milliseconds. */
  readonly longestPauseMs: number;
  /** Share of the audio that was made up because it had not come in time, 0 to 1 (W3C webrtc-stats, concealedSamples). */
  readonly concealed: number;
  readonly videoKbps: number;
}

const received = ({ page }: Person): Promise<ReceivedMedia> => page.evaluate(() => window.probe.received());

/** Looks at and listens to `name` for so long. */
export async function observe(person: Person, name: string, forMs: number): Promise<Quality> {
  const from = Date.now();
  const before = await received(person);
  await pass(forMs);
  const after = await received(person);
  const tookMs = Date.now() - from;
  const times = (await frameTimes(person, name)).filter((at) => at >= from);
  const samples = after.audioSamples - before.audioSamples;
  return {
    framesPerSecond: ((after.framesDecoded - before.framesDecoded) * 1_000) / tookMs,
    height: after.frameHeight,
    longestPauseMs: longestPause([from, ...times, from + tookMs]),
    concealed: samples === 0 ? 1 : (after.concealedSamples - before.concealedSamples) / samples,
    videoKbps: ((after.videoBytes - before.videoBytes) * 8) / tookMs,
  };
}

function longestPause(times: readonly number[]): number {
  return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
}

/** The worse of two ends, in each respect. */
export function worse(one: Quality, other: Quality): Quality {
  return {
    framesPerSecond: Math.min(one.framesPerSecond, other.framesPerSecond),
    height: Math.min(one.height, other.height),
    longestPauseMs: Math.max(one.longestPauseMs, other.longestPauseMs),
    concealed: Math.max(one.concealed, other.concealed),
    videoKbps: Math.min(one.videoKbps, other.videoKbps),
  };
}

/** As docs/NETWORKS.md has it. */
export function qualityWords(quality: Quality): Record<string, string> {
  return {
    'frames/s': quality.framesPerSecond.toFixed(1),
    height: String(quality.height),
    'longest pause': `${Math.round(quality.longestPauseMs)} ms`,
    'made-up audio': `${(quality.concealed * 100).toFixed(1)} %`,
    video: `${Math.round(quality.videoKbps)} kbit/s`,
  };
}
