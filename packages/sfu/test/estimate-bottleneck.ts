// A path for the tests of congestion control: one bottleneck, a receiver that sends feedback as Chromium does, and senders.
// Time is turned by hand, a millisecond at a time; the same seed gives the same run.

import { CongestionControl } from '../src/estimate/congestion-control.js';

export interface PathConditions {
  /** Rate of the bottleneck, in bit/s. */
  rate: number;
  /** Bytes that its queue holds, told in ms at its rate. */
  queueMs: number;
  /** One way, in ms. */
  delayMs: number;
  /** Share lost by chance, before the queue. */
  loss: number;
  /** Packets are late by up to so much, evenly spread, in ms; out of order when `reorder`. */
  jitterMs: number;
  reorder: boolean;
  /** Nothing gets through, either way. */
  away: boolean;
}

/** One way through the bottleneck. Several flows may share it. */
export class Bottleneck {
  readonly conditions: PathConditions;
  #random: number;
  #free = 0;
  #lastOut = 0;

  constructor(conditions: Partial<PathConditions>, seed = 1) {
    this.conditions = {
      rate: 3e6,
      queueMs: 500,
      delayMs: 25,
      loss: 0,
      jitterMs: 0,
      reorder: false,
      away: false,
    };
    Object.assign(this.conditions, conditions);
    this.#random = seed;
  }

  /** Time that a packet would wait now, in ms. */
  queueMs(now: number): number {
    return Math.max(this.#free - now, 0);
  }

  /** When the packet comes out at the other end; null when it is lost. */
  pass(bytes: number, now: number): number | null {
    const { rate, queueMs, delayMs, loss, jitterMs, reorder, away } = this.conditions;
    if (away || this.#next() < loss) return null;
    const takes = (bytes * 8_000) / rate;
    if (this.queueMs(now) > 0 && this.queueMs(now) + takes > queueMs) return null;
    this.#free = Math.max(this.#free, now) + takes;
    const out = this.#free + delayMs + this.#next() * jitterMs;
    if (reorder) return out;
    this.#lastOut = Math.max(out, this.#lastOut);
    return this.#lastOut;
  }

  /** What waits in the queue takes longer or shorter when the rate changes. */
  setRate(rate: number, now: number): void {
    this.#free = now + (this.queueMs(now) * this.conditions.rate) / rate;
    this.conditions.rate = rate;
  }

  /** 0 to 1; Lehmer's generator with the modulus 2^31 - 1. */
  #next(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}

/** How a flow fills what it may send. */
export type Source =
  /** As an encoder that follows the estimate: packets of 1,100 bytes evenly, or frames of 33 ms in bursts. */
  | { kind: 'smooth' | 'frames'; most: number }
  | { kind: 'choose'; choose(budget: number, now: number): number };

const PACKET = 1_100;
const FRAME_MS = 33;
const FEEDBACK_MS = 50;
const TICK_MS = 25;

/** A sender with its receiver. `at(ms)` of the run are those of the world that turns it. */
export class Flow {
  readonly control: CongestionControl;
  readonly #path: Bottleneck;
  readonly #source: Source;
  readonly #arrived = new Map<number, number>();
  readonly #events: { at: number; run: () => void }[] = [];
  #sequence = 65_000; // wraps early in every run
  #credit = 0;
  #reportedFrom = 65_000;
  #newest = -1;
  #lateFrom = Number.POSITIVE_INFINITY;
  sentBytes = 0;
  paddingBytes = 0;
  receivedBytes = 0;

  constructor(path: Bottleneck, source: Source, options: { start?: number; max?: number } = {}) {
    this.#path = path;
    this.#source = source;
    this.control = new CongestionControl(options);
    this.control.wanted = source.kind === 'choose' ? 0 : source.most;
    this.control.probes.begin();
  }

  turn(now: number): void {
    for (let event = this.#events[0]; event !== undefined && event.at <= now; event = this.#events[0]) {
      this.#events.shift();
      event.run();
    }
    if (now % FEEDBACK_MS === 0) this.#report(now);
    if (now % TICK_MS === 0 || this.control.nextAt <= now) this.#pad(this.control.tick(now), now);
    this.#offer(now);
    for (let held = this.control.pacer.take(now); held !== null; held = this.control.pacer.take(now)) {
      this.#send(held.bytes.length, now);
    }
  }

  #offer(now: number): void {
    const source = this.#source;
    const budget = this.control.bitrate;
    const rate = source.kind === 'choose' ? source.choose(budget, now) : Math.min(budget, source.most);
    this.#credit += rate / 8_000;
    if (source.kind !== 'smooth' && now % FRAME_MS !== 0) return;
    while (this.#credit >= PACKET) {
      this.#credit -= PACKET;
      if (this.control.pacer.admit(PACKET, now)) this.#send(PACKET, now);
      else this.control.pacer.hold(new Uint8Array(PACKET), PACKET, 0, now);
    }
  }

  #pad(bytes: number, now: number): void {
    for (let left = bytes; left > 0; left -= 250) {
      this.paddingBytes += 250;
      this.control.pacer.charge(250, now);
      this.#send(250, now);
    }
  }

  #send(bytes: number, now: number): void {
    const sequence = this.#sequence++;
    this.sentBytes += bytes;
    this.control.onSent(sequence & 0xffff, bytes, now);
    const at = this.#path.pass(bytes, now);
    if (at === null) return;
    this.#later(at, () => {
      this.receivedBytes += bytes;
      this.#arrived.set(sequence, at);
      this.#newest = Math.max(this.#newest, sequence);
      if (sequence < this.#reportedFrom) this.#lateFrom = Math.min(this.#lateFrom, sequence);
    });
  }

  /** From the first packet not yet reported, or one that has come late, to the newest one. */
  #report(now: number): void {
    const from = Math.min(this.#reportedFrom, this.#lateFrom);
    if (this.#newest < from && this.#lateFrom === Number.POSITIVE_INFINITY) return;
    const to = Math.max(this.#newest, from);
    const arrivals = new Float64Array(to - from + 1);
    // The receiver's clock is another one than ours, and counts quarters of a millisecond.
    for (let i = 0; i < arrivals.length; i++) {
      arrivals[i] = Math.round(((this.#arrived.get(from + i) ?? Number.NaN) + 77_777) * 4) / 4;
    }
    this.#reportedFrom = to + 1;
    this.#lateFrom = Number.POSITIVE_INFINITY;
    if (this.#path.conditions.away) return;
    this.#later(now + this.#path.conditions.delayMs, () => {
      this.control.onFeedback({ baseSequence: from & 0xffff, arrivals }, now + this.#path.conditions.delayMs);
    });
  }

  #later(at: number, run: () => void): void {
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1] as { at: number }).at > at) index--;
    this.#events.splice(index, 0, { at, run });
  }
}

/** Turns the flows from `from` to `to` (ms); `each` is called after every millisecond. */
export function run(flows: readonly Flow[], from: number, to: number, each?: (now: number) => void): void {
  for (let now = from; now < to; now++) {
    for (const flow of flows) flow.turn(now);
    each?.(now);
  }
}

/** Mean estimate of a flow over a stretch of the run, in bit/s. */
export function meanEstimate(flow: Flow, from: number, to: number): number {
  let sum = 0;
  run([flow], from, to, () => {
    sum += flow.control.bitrate;
  });
  return sum / (to - from);
}
