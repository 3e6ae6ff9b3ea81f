// The lines that calls meet in life, in numbers. docs/NETWORKS.md shows this table with what was measured on each.

import type { Direction, Line } from '../../../bench/network/link-emulator.js';

export interface Profile extends Line {
  readonly name: string;
  /** What it stands for, in a few words. */
  readonly meaning: string;
  /** The line is dead for this long, once in each period, in milliseconds. */
  readonly tunnel?: { readonly everyMs: number; readonly forMs: number };
}

/** A line without faults, for what is not about the line. */
export const PERFECT: Profile = { name: 'perfect', meaning: 'no emulation', up: {}, down: {} };

export const GOOD_HOME: Profile = {
  name: 'good home',
  meaning: 'cable or fibre at home, a city away',
  up: { delayMs: 8, jitterMs: 2, rate: { kbps: 20_000, queueMs: 100 } },
  down: { delayMs: 8, jitterMs: 2, rate: { kbps: 50_000, queueMs: 100 } },
};

export const BUSY_WIFI: Profile = {
  name: 'busy Wi-Fi',
  meaning: 'a full café: bursts of loss, late packets, some out of order',
  up: {
    delayMs: 10,
    jitterMs: 30,
    reorder: 0.01,
    bursts: { begin: 0.005, meanPackets: 4 },
    rate: { kbps: 4_000, queueMs: 250 },
  },
  down: {
    delayMs: 10,
    jitterMs: 30,
    reorder: 0.01,
    bursts: { begin: 0.005, meanPackets: 4 },
    rate: { kbps: 8_000, queueMs: 250 },
  },
};

export const MOBILE_3G: Profile = {
  name: '3G',
  meaning: 'a phone in the country',
  up: { delayMs: 75, jitterMs: 20, loss: 0.005, rate: { kbps: 750, queueMs: 500 } },
  down: { delayMs: 75, jitterMs: 20, loss: 0.005, rate: { kbps: 1_600, queueMs: 500 } },
};

export const TRAIN_TUNNEL: Profile = {
  name: 'train tunnel',
  meaning: 'LTE on a train that is in a tunnel for four seconds out of twenty',
  up: { delayMs: 35, jitterMs: 25, loss: 0.01, rate: { kbps: 3_000, queueMs: 400 } },
  down: { delayMs: 35, jitterMs: 25, loss: 0.01, rate: { kbps: 8_000, queueMs: 400 } },
  tunnel: { everyMs: 20_000, forMs: 4_000 },
};

export const INTERCONTINENTAL: Profile = {
  name: 'intercontinental',
  meaning: 'Seoul to Frankfurt',
  up: { delayMs: 125, jitterMs: 4, loss: 0.001, rate: { kbps: 20_000, queueMs: 100 } },
  down: { delayMs: 125, jitterMs: 4, loss: 0.001, rate: { kbps: 20_000, queueMs: 100 } },
};

/** The two lines that what Maru promises is said about. */
export const LOSSY: Profile = {
  name: '5 % loss, 100 ms',
  meaning: 'one packet in twenty lost, 100 ms each way',
  up: { delayMs: 100, loss: 0.05 },
  down: { delayMs: 100, loss: 0.05 },
};

export const NARROW: Profile = {
  name: '300 kbit/s',
  meaning: 'hardly any room: 300 kbit/s each way',
  up: { delayMs: 20, rate: { kbps: 300, queueMs: 300 } },
  down: { delayMs: 20, rate: { kbps: 300, queueMs: 300 } },
};

/** A profile's numbers, in words. */
export function profileWords({ up, down, tunnel }: Profile): string {
  const [upWords, downWords] = [directionWords(up), directionWords(down)];
  const both = upWords === downWords ? [`each way ${upWords}`] : [`up ${upWords}`, `down ${downWords}`];
  const cut = tunnel ? [`nothing for ${tunnel.forMs / 1_000} s of ${tunnel.everyMs / 1_000}`] : [];
  return [...both, ...cut].join('; ');
}

function directionWords({ delayMs = 0, jitterMs, reorder, loss, bursts, rate }: Direction): string {
  const words = [`${delayMs} ms`];
  if (jitterMs) words.push(`+ up to ${jitterMs} ms`);
  if (loss) words.push(`${percent(loss)} lost`);
  if (bursts) words.push(`${percent(bursts.begin)} begin a burst of loss of ${bursts.meanPackets}`);
  if (reorder) words.push(`${percent(reorder)} out of order`);
  if (rate) words.push(`${rate.kbps} kbit/s, queue ${rate.queueMs} ms`);
  return words.join(', ');
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

export const PROFILES: readonly Profile[] = [
  GOOD_HOME,
  BUSY_WIFI,
  MOBILE_3G,
  TRAIN_TUNNEL,
  INTERCONTINENTAL,
  LOSSY,
  NARROW,
];
