// The timestamps of a slot: one clock that never goes back, whichever sources are shown one after the other.

import type { SlotClock } from './slot-source.js';

/** How far apart frames are put at least where one source follows another. */
const STEP_MS = 1;
/** Audio packets are at most this long (RFC 6716, section 2.1.4: 60 ms, up to two in one packet). */
const MAX_STEP_MS = 120;
/** By so much the timestamps of a source may differ from the time that has gone by before its clock counts as reset. */
const MAX_JUMP_MS = 10_000;

/** Differences and sums of timestamps are 32 bits, signed: `| 0` is what makes them wrap. */
export class SlotTimeline {
  readonly #clockRate: number;
  /** The timestamp of a moment on the SFU's clock: what all sources are laid against. */
  #anchorMs = Number.NaN;
  #anchor: number;
  /** From the current source's timestamps to ours. */
  #offset = 0;
  #started = false;
  /** The newest frame: its timestamp at the source and here, and when its first packet came. */
  #frame = 0;
  #newest: number;
  #newestAt = 0;
  /** From one packet to the next, as last seen: where audio goes on after a switch. */
  #step: number;
  readonly #audio: boolean;
  /** Frames that came before are sent at once, this far apart, instead of at the pace of their source. */
  #hurried = false;

  constructor(clockRate: number, audio: boolean, initial: number) {
    this.#clockRate = clockRate;
    this.#audio = audio;
    this.#anchor = initial | 0;
    this.#newest = initial | 0;
    this.#step = this.#ticks(STEP_MS);
  }

  /** The newest timestamp given out (32 bits, signed). */
  get newest(): number {
    return this.#newest;
  }

  /** A source begins with a frame of this timestamp (32 bits), which arrived at `now`. */
  begin(timestamp: number, clock: SlotClock, now: number): void {
    const frame = timestamp | 0;
    this.#start(frame, this.#wanted(timestamp, clock, now), now);
  }

  /**
   * A source begins with frames of the past, of which the newest has this timestamp and arrived at `now`:
   * they are put close before it, so that a receiver shows them as fast as it can decode them.
   */
  beginHurried(
    timestamp: number,
    newestTimestamp: number,
    frames: number,
    clock: SlotClock,
    now: number,
  ): void {
    const wanted = this.#wanted(newestTimestamp, clock, now) - (frames - 1) * this.#ticks(STEP_MS);
    this.#start(timestamp | 0, wanted | 0, now);
    this.#hurried = true;
  }

  /** From the next frame on, the source's own pace again. */
  endHurry(): void {
    this.#hurried = false;
  }

  /** Whether a frame that is the source's newest contradicts the time that has gone by: its clock was reset. */
  jumped(timestamp: number, now: number): boolean {
    const step = ((timestamp | 0) - this.#frame) | 0;
    if (step === 0 || this.#hurried) return false;
    const expected = now - this.#newestAt;
    return Math.abs((step * 1_000) / this.#clockRate - expected) > MAX_JUMP_MS;
  }

  /** Our timestamp (32 bits, signed) of a packet of the current source, which is sent. */
  map(timestamp: number, now: number): number {
    const frame = timestamp | 0;
    if (((frame - this.#frame) | 0) > 0) this.#advance(frame, now);
    return (frame + this.#offset) | 0;
  }

  /** The same for one that is left out. */
  peek(timestamp: number): number {
    return (timestamp + this.#offset) | 0;
  }

  /** Our timestamp (32 bits, signed) of a moment, as the frames of the current source say. */
  at(localMs: number, clock: SlotClock): number {
    const rtp = clock.rtpAt(localMs);
    if (rtp !== null) return ((rtp | 0) + this.#offset) | 0;
    return (this.#newest + this.#ticks(localMs - this.#newestAt)) | 0;
  }

  #advance(frame: number, now: number): void {
    const step = (frame - this.#frame) | 0;
    this.#frame = frame;
    if (this.#hurried) this.#offset = (this.#newest + this.#ticks(STEP_MS) - frame) | 0;
    const mapped = (frame + this.#offset) | 0;
    if (((mapped - this.#newest) | 0) <= 0) return;
    this.#newest = mapped;
    this.#newestAt = now;
    if (this.#audio && step <= this.#ticks(MAX_STEP_MS)) this.#step = step;
  }

  #start(frame: number, wanted: number, now: number): void {
    let first = wanted;
    if (this.#started && ((first - this.#newest) | 0) < this.#step) first = (this.#newest + this.#step) | 0;
    this.#started = true;
    this.#hurried = false;
    this.#frame = frame;
    this.#offset = (first - frame) | 0;
    this.#newest = first;
    this.#newestAt = now;
  }

  /** Where a frame belongs by the clock of its source; by its arrival where that clock is not known yet. */
  #wanted(timestamp: number, clock: SlotClock, now: number): number {
    const sampled = clock.toLocalMs(timestamp);
    // A clock that is so far off is not to be believed.
    const localMs = sampled === null || Math.abs(sampled - now) > MAX_JUMP_MS ? now : sampled;
    if (Number.isNaN(this.#anchorMs)) this.#anchorMs = localMs;
    return (this.#anchor + this.#ticks(localMs - this.#anchorMs)) | 0;
  }

  #ticks(milliseconds: number): number {
    return Math.round((milliseconds * this.#clockRate) / 1_000);
  }
}
