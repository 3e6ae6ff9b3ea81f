// One link of a room: its two directions, and what its RTCP says to each of them.

import { middleOfNtp, ntpFractionAt, ntpSecondsAt, roundTripMs } from '../rtcp/ntp-time.js';
import { readRtcp } from '../rtcp/read-rtcp.js';
import type { ReportBlock } from '../rtcp/receiver-report.js';
import type { RtcpPacket } from '../rtcp/rtcp-packet.js';
import type { LinkPlan } from '../sdp/link-plan.js';
import { Allowance } from './allowance.js';
import { Downlink, type DownlinkOptions } from './downlink.js';
import { FirstWishes } from './first-wishes.js';
import type { SlotWish } from './room-events.js';
import { Uplink } from './uplink.js';

/** Longer than any path is: such a report is of another time. */
const LONGEST_ROUND_TRIP_MS = 10_000;
/** What a newcomer is expected to want, in bit/s: nine small pictures and a large one. Its path is tried for that much. */
const EXPECTED_BITRATE = 3_000_000;
/**
 * A packet costs the SFU about the same whatever its length: so many come as the bitrate holds of this length in bytes, and
 * so many a second in any case, of which sound and reports take a hundred.
 */
const SHORT_PACKET_BYTES = 250;
const LEAST_PACKETS_PER_SECOND = 500;
/** A client may send as much at once as in this time, in seconds: key frames of all its encodings. */
const BURST_S = 0.5;

export class SfuLink {
  readonly uplink: Uplink;
  readonly downlink: Downlink;
  /** The peer whose link it is; null while it only waits. */
  peer: string | null = null;
  connected = false;
  controlOpen = false;
  /** What the client has said that it wants to see; null until it has. */
  wishes: readonly SlotWish[] | null = null;
  /** What it is shown until then. */
  readonly firstWishes = new FirstWishes();
  readonly #sendable: Allowance;
  readonly #packets: Allowance;

  constructor(
    readonly id: string,
    readonly plan: LinkPlan,
    /** On the clock of the room, in milliseconds. */
    readonly openedAt: number,
    options: DownlinkOptions,
  ) {
    this.uplink = new Uplink(plan, options.send, options.traffic);
    this.downlink = new Downlink(options);
    const bytesPerSecond = options.maxBitrate / 8;
    this.#sendable = new Allowance(bytesPerSecond, bytesPerSecond * BURST_S);
    const packetsPerSecond = Math.max(bytesPerSecond / SHORT_PACKET_BYTES, LEAST_PACKETS_PER_SECOND);
    this.#packets = new Allowance(packetsPerSecond, packetsPerSecond * BURST_S);
  }

  /** Whether it takes part: its peer is inside, and packets flow. */
  get live(): boolean {
    return this.connected && this.peer !== null;
  }

  /** Whether all that there is to it is up: its control channel too, which takes two round trips more, if it has one. */
  get complete(): boolean {
    return this.connected && (this.controlOpen || this.plan.data === null);
  }

  /** Whether the client may send a packet of so many bytes more; the rest is lost, as on a narrow path. */
  admits(bytes: number, now: number): boolean {
    return this.#packets.take(1, now) && this.#sendable.take(bytes, now);
  }

  /** Takes an RTCP packet; false when it is not well formed. */
  receiveRtcp(bytes: Buffer, now: number, wallClockMs: number): boolean {
    const messages = readRtcp(bytes);
    if (!messages) return false;
    for (const message of messages) this.#take(message, now, wallClockMs);
    return true;
  }

  tick(now: number, wallClockMs: number): void {
    this.uplink.roundTripMs = this.downlink.control.estimator.rttMs;
    this.uplink.tick(now);
    if (!this.connected) return;
    this.downlink.expected = this.peer === null ? EXPECTED_BITRATE : 0;
    this.downlink.tick(now, wallClockMs);
  }

  #take(message: RtcpPacket, now: number, wallClockMs: number): void {
    const { uplink, downlink } = this;
    switch (message.kind) {
      case 'sr':
        uplink.onSenderReport(message, now);
        this.#report(message.blocks, now, wallClockMs);
        return;
      case 'rr':
        this.#report(message.blocks, now, wallClockMs);
        return;
      case 'nack':
        downlink.onNack(message.mediaSsrc, message.sequenceNumbers, now);
        return;
      case 'pli':
        downlink.onKeyFrameWanted(message.mediaSsrc, now);
        return;
      case 'fir':
        for (const { ssrc } of message.entries) downlink.onKeyFrameWanted(ssrc, now);
        return;
      case 'transport-feedback':
        downlink.onFeedback(message, now);
        return;
      case 'bye':
        for (const ssrc of message.ssrcs) uplink.onGoodbye(ssrc);
        return;
      case 'sdes':
      case 'remb':
      case 'other':
        return;
    }
  }

  #report(blocks: readonly ReportBlock[], now: number, wallClockMs: number): void {
    const arrival = middleOfNtp(ntpSecondsAt(wallClockMs), ntpFractionAt(wallClockMs));
    let worst = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (const block of blocks) {
      worst = Math.max(worst, block.fractionLost);
      shortest = Math.min(shortest, roundTripMs(block, arrival) ?? shortest);
    }
    if (shortest < LONGEST_ROUND_TRIP_MS) this.downlink.onReport(worst / 256, shortest, now);
  }
}
