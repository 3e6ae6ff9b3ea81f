// When to send a probe cluster, and how many bytes of padding it takes now.

import type { ProbeResult } from './probe-results.js';

/** The first two probes, as multiples of the rate at the start: Chromium's. */
const FIRST = [3, 6] as const;
/** Length of a cluster, in ms, and its least number of packets: Chromium's 15 ms and 5 packets, a little longer. */
const CLUSTER_MS = 20;
/** On a path with jitter it is longer by this multiple of it, up to so many ms: else it would measure the jitter. */
const JITTER_FACTOR = 4;
const LONGEST_CLUSTER_MS = 80;
export const CLUSTER_PACKETS = 5;
/** Least size of a packet that a cluster is made of, in bytes, so that it has enough of them. */
const PACKET_BYTES = 250;
/** A cluster is sent in parts, one each so many ms. */
const STEP_MS = 5;
/** One that could not be sent within this time is given up, in ms. */
const GIVE_UP_MS = 250;
/** How long the outcome is waited for, in ms: one feedback and a long round trip. */
const OUTCOME_MS = 1_000;
/** Next rate to try, as a multiple of what is known to be possible. */
const NEXT = 2;
/** A probe that reached this share of its rate may be followed by the next at once. */
const REACHED = 0.7;
/** Room above what is wanted, so that a step's margin (`allocate`) fits. */
const ROOM = 1.2;
/** Time between probes while more is wanted: grows while they bring nothing, in ms. */
const FIRST_INTERVAL_MS = 5_000;
const LONGEST_INTERVAL_MS = 8_000;
const INTERVAL_GROWTH = 1.25;
/** After a fall to less than this share probes come sooner, in ms: most falls are short. */
const FALLEN = 0.66;
const FALLEN_INTERVAL_MS = 2_500;
const FALLEN_MEMORY_MS = 15_000;
/** No probe for so long after the path was found overused, in ms. */
const QUIET_MS = 2_000;
/** Time between two probes in any case, in ms. */
const SHORTEST_INTERVAL_MS = 2_000;

export interface ProbeReasons {
  /** What is known to be possible, what could be used, and what is allowed at all, in bit/s. */
  estimate: number;
  wanted: number;
  max: number;
  /** When the path was last found overused, in ms. */
  decreasedAt: number;
  /** Of the path (`BandwidthEstimator.jitterMs`): the more, the longer a probe has to be. */
  jitterMs?: number;
}

interface ActiveCluster {
  id: number;
  bytesPerMs: number;
  total: number;
  sent: number;
  packets: number;
  startedAt: number;
}

export class ProbeController {
  readonly #start: number;
  readonly #waiting: number[] = [];
  #active: ActiveCluster | null = null;
  #lastId = 0;
  #outcomeBy = Number.NEGATIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;
  #interval = FIRST_INTERVAL_MS;
  #high = 0;
  #fallenAt = Number.NEGATIVE_INFINITY;
  #wanted = 0;
  #max = Number.POSITIVE_INFINITY;

  /** `start`: the estimate that the link begins with, in bit/s. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Number of the cluster that everything sent now belongs to, media too; 0 for none. */
  get cluster(): number {
    return this.#active?.id ?? 0;
  }

  /** When `due` wants to be asked next, in ms; Infinity while there is nothing to send. */
  get nextAt(): number {
    const active = this.#active;
    if (active === null) return Number.POSITIVE_INFINITY;
    return active.startedAt + Math.max(active.sent / active.bytesPerMs, 0);
  }

  /** The link can carry padding now: the first probes. */
  begin(): void {
    for (const factor of FIRST) this.#waiting.push(this.#start * factor);
  }

  /** A probe of this rate as soon as possible, for instance when the path has come back. */
  request(bitrate: number): void {
    this.#waiting.length = 0;
    this.#waiting.push(bitrate);
  }

  /** Looks for a reason to probe, every 25 to 50 ms. A cluster that begins is returned: its number and rate in bit/s. */
  update(reasons: ProbeReasons, now: number): { id: number; target: number } | null {
    this.#wanted = reasons.wanted;
    this.#max = reasons.max;
    this.#remember(reasons.estimate, now);
    if (this.#active !== null) return null;
    const next = this.#waiting.shift() ?? this.#reason(reasons, now);
    if (next === null) return null;
    const target = Math.min(next, reasons.max);
    return target > reasons.estimate ? this.#open(target, reasons.jitterMs ?? 0, now) : null;
  }

  /** Bytes of padding to be sent now for the active cluster; 0 for none. */
  due(now: number): number {
    const active = this.#active;
    if (active === null) return 0;
    const upToNow = active.bytesPerMs * (now - active.startedAt + STEP_MS);
    return Math.max(Math.ceil(Math.min(active.total, upToNow) - active.sent), 0);
  }

  /** Something was sent while `cluster` was not 0. True when this completed it. */
  sent(bytes: number, now: number): boolean {
    const active = this.#active;
    if (active === null) return false;
    active.sent += bytes;
    active.packets++;
    if (active.sent < active.total || active.packets < CLUSTER_PACKETS) return false;
    this.#close(now);
    return true;
  }

  /** Gives up a cluster that nobody could fill; its number, or 0. */
  expire(now: number): number {
    const active = this.#active;
    if (active === null || now - active.startedAt < GIVE_UP_MS) return 0;
    this.#close(now);
    return active.id;
  }

  /** What a cluster has shown. */
  result(result: ProbeResult, now: number): void {
    this.#outcomeBy = now;
    const reached = result.bitrate >= result.target * REACHED;
    if (!reached) return;
    this.#interval = FIRST_INTERVAL_MS;
    const next = Math.min(result.bitrate * NEXT, this.#wanted * ROOM, this.#max);
    if (this.#waiting.length === 0 && next > result.bitrate * 1.1) this.#waiting.push(next);
  }

  /** More comes through than the path used to carry: the next probe need not wait for its turn. */
  surpassed(now: number): void {
    if (now - this.#lastAt >= SHORTEST_INTERVAL_MS) this.#lastAt = Number.NEGATIVE_INFINITY;
  }

  #reason(reasons: ProbeReasons, now: number): number | null {
    if (now < this.#outcomeBy || now - reasons.decreasedAt < QUIET_MS) return null;
    if (reasons.estimate >= Math.min(reasons.wanted * ROOM, reasons.max)) return null;
    const fallen = now - this.#fallenAt < FALLEN_MEMORY_MS;
    if (now - this.#lastAt < (fallen ? FALLEN_INTERVAL_MS : this.#interval)) return null;
    this.#interval = Math.min(this.#interval * INTERVAL_GROWTH, LONGEST_INTERVAL_MS);
    return Math.min(reasons.estimate * NEXT, reasons.wanted * ROOM);
  }

  #remember(estimate: number, now: number): void {
    if (estimate < this.#high * FALLEN) {
      this.#fallenAt = now;
      this.#high = estimate;
    } else if (estimate > this.#high) {
      this.#high = estimate;
    }
  }

  #open(target: number, jitterMs: number, now: number): { id: number; target: number } {
    this.#lastId = (this.#lastId % 255) + 1;
    const bytesPerMs = target / 8_000;
    const length = Math.min(CLUSTER_MS + JITTER_FACTOR * jitterMs, LONGEST_CLUSTER_MS);
    const total = Math.max(bytesPerMs * length, CLUSTER_PACKETS * PACKET_BYTES);
    this.#active = { id: this.#lastId, bytesPerMs, total, sent: 0, packets: 0, startedAt: now };
    this.#lastAt = now;
    return { id: this.#lastId, target };
  }

  #close(now: number): void {
    this.#active = null;
    this.#outcomeBy = now + OUTCOME_MS;
  }
}
