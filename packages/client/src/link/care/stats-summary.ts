// What a report of getStats comes to (W3C webrtc-stats): a pure function of two reports' counters.

import type { LinkStats } from '../link.js';

/** One entry of a report, as far as it is read here. Every field may be missing: browsers differ. */
export interface StatsEntry {
  readonly id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

/** The selected candidate pair, in words. */
export interface SelectedPair {
  readonly id: string;
  /** `host udp 192.0.2.1:5000`, with the address left out where the browser hides it. */
  readonly local: string;
  readonly remote: string;
  readonly relayed: boolean;
}

/** Counters that only grow, kept to be compared with the next report. */
interface Totals {
  readonly at: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly lostIn: number;
}

/** What has come on one m-line. `frames`: pictures that were decoded; null for sound. */
export interface Received {
  readonly packets: number;
  readonly frames: number | null;
}

export interface Summary {
  readonly stats: LinkStats;
  readonly pair: SelectedPair | null;
  /** What was received so far on each m-line, by mid. */
  readonly received: ReadonlyMap<string, Received>;
  readonly totals: Totals;
}

/** Sums a report up. Rates are since `before`; null without it. `cameraMid` names the camera's m-line. */
export function summarize(
  entries: readonly StatsEntry[],
  cameraMid: string | null,
  before: Totals | null,
): Summary {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const inbound = entries.filter(({ type }) => type === 'inbound-rtp');
  const outbound = entries.filter(({ type }) => type === 'outbound-rtp');
  const totals: Totals = {
    at: Math.max(0, ...entries.map(({ timestamp }) => timestamp)),
    bytesIn: total(inbound, 'bytesReceived'),
    bytesOut: total(outbound, 'bytesSent'),
    packetsIn: total(inbound, 'packetsReceived'),
    lostIn: total(inbound, 'packetsLost'),
  };
  const selected = selectedPair(entries, byId);
  const pair = selected && describePair(selected, byId);
  const camera = inbound.find((entry) => cameraMid !== null && entry['mid'] === cameraMid);
  const rtt = number(selected?.['currentRoundTripTime']);
  return {
    pair,
    totals,
    received: new Map(inbound.map((entry) => [String(entry['mid']), receivedOn(entry)])),
    stats: {
      rttMs: rtt === null ? null : rtt * 1_000,
      lossIn: before && lossBetween(before, totals),
      bitrateIn: before && bitrate(before.bytesIn, totals.bytesIn, totals.at - before.at),
      bitrateOut: before && bitrate(before.bytesOut, totals.bytesOut, totals.at - before.at),
      width: number(camera?.['frameWidth']),
      height: number(camera?.['frameHeight']),
      framesPerSecond: number(camera?.['framesPerSecond']),
      relayed: pair?.relayed ?? null,
    },
  };
}

function receivedOn(entry: StatsEntry): Received {
  return {
    packets: number(entry['packetsReceived']) ?? 0,
    frames: entry['kind'] === 'video' ? number(entry['framesDecoded']) : null,
  };
}

function selectedPair(
  entries: readonly StatsEntry[],
  byId: ReadonlyMap<string, StatsEntry>,
): StatsEntry | null {
  const transport = entries.find(({ type }) => type === 'transport');
  const id = transport?.['selectedCandidatePairId'];
  const named = typeof id === 'string' ? byId.get(id) : undefined;
  // Firefox marks the pair itself.
  return (
    named ?? entries.find((entry) => entry.type === 'candidate-pair' && entry['selected'] === true) ?? null
  );
}

function describePair(pair: StatsEntry, byId: ReadonlyMap<string, StatsEntry>): SelectedPair {
  const local = byId.get(String(pair['localCandidateId']));
  const remote = byId.get(String(pair['remoteCandidateId']));
  return {
    id: pair.id,
    local: describeCandidate(local),
    remote: describeCandidate(remote),
    relayed: local?.['candidateType'] === 'relay' || remote?.['candidateType'] === 'relay',
  };
}

function describeCandidate(candidate: StatsEntry | undefined): string {
  if (!candidate) return '';
  const { candidateType, protocol, address, port } = candidate as Readonly<Record<string, unknown>>;
  const where = address ? `${String(address)}:${String(port)}` : null;
  return [candidateType, protocol, where].filter((part) => typeof part === 'string').join(' ');
}

function lossBetween(before: Totals, now: Totals): number | null {
  // Lost packets may come after all (RFC 3550, section 6.4.1): the count can fall.
  const lost = Math.max(0, now.lostIn - before.lostIn);
  const expected = Math.max(0, now.packetsIn - before.packetsIn) + lost;
  return expected === 0 ? null : lost / expected;
}

function bitrate(before: number, now: number, ms: number): number | null {
  // A counter can fall when a stream ends and its entry goes: no rate is better than a negative one.
  return ms > 0 && now >= before ? ((now - before) * 8_000) / ms : null;
}

function total(entries: readonly StatsEntry[], field: string): number {
  return entries.reduce((sum, entry) => sum + (number(entry[field]) ?? 0), 0);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
