// What a link is sent: its slots, paced and within what its path can take, and sent again where that is asked for.

import { allocate, allocatedBitrate, wantedBitrate } from '../estimate/allocation.js';
import { CongestionControl } from '../estimate/congestion-control.js';
import type { RtcpPacket } from '../rtcp/rtcp-packet.js';
import type { TransportFeedback } from '../rtcp/transport-feedback.js';
import type { ExtensionIds, LinkPlan } from '../sdp/link-plan.js';
import type { PacketScratch } from '../send/packet-scratch.js';
import { replay } from '../send/replay.js';
import { carryOut, demandOf, keepShown } from './allotment.js';
import type { IncomingStream } from './incoming-stream.js';
import { Outlet } from './outlet.js';
import type { SendPacket, TrafficCounts } from './room-events.js';
import { sendRtcp } from './rtcp-datagrams.js';

/** How often the budget is divided anew, in milliseconds, besides when what is wanted has changed. */
const ALLOCATE_MS = 250;
/** It is divided sooner when it has become less than what is sent, or much more, but never sooner than this. */
const LEAST_ALLOCATE_MS = 50;
/** How often congestion control takes its turn, in milliseconds, unless it has something to do sooner. */
const CONTROL_MS = 30;
/** So much more than at the last division is a reason for the next, where more is wanted. */
const RISE = 1.25;
/** Sizes of the packets that probes are made of, in bytes: a cluster needs five of them, and a large one not hundreds. */
const SMALL_PADDING = 250;
const LARGE_PADDING = 1_200;
const LARGE_PROBE_BYTES = 5 * LARGE_PADDING;
/** Sender reports of a slot, in milliseconds (RFC 3550, section 6.2, in a fixed form). */
const REPORT_MS = 1_000;
/**
 * A picture so far is sent in one go, and is many times as large as a key frame. So many bytes may be sent at first, while
 * nothing says that the path is narrow; then what it carries in so many seconds, and this share of it in the long run. What
 * is more waits for its key frame: a burst would fill the queue of a narrow path, and take the picture away again.
 */
const FIRST_REPLAY_BYTES = 40_000;
const REPLAY_S = 0.2;
const REPLAY_SHARE = 0.25;
/** Share of the estimate that repetitions may take; more would crowd out what is new. */
const REPEAT_SHARE = 0.5;
/** Where the transport-wide sequence number stands in what slots put together: behind header, extension head and id. */
const SEQUENCE_OFFSET = 17;

export interface DownlinkOptions {
  readonly plan: LinkPlan;
  readonly scratch: PacketScratch;
  readonly traffic: TrafficCounts;
  /** Most that the link is sent, in bit/s. */
  readonly maxBitrate: number;
  send: SendPacket;
  /** Something flows, or flows no more, in a slot: seats are to be told. */
  onSeatsChanged(): void;
}

export class Downlink {
  readonly audio: readonly Outlet[];
  readonly video: readonly Outlet[];
  readonly extensions: ExtensionIds;
  readonly mixedExtensions: boolean;
  readonly scratch: PacketScratch;
  readonly control: CongestionControl;
  /** The next transport-wide sequence number, 16 bits. */
  transportSequence = 0;
  /** What flows in some slot has changed, and was not told yet. */
  seatsChanged = false;
  /** What is going to be wanted, in bit/s: somebody who waits at the door will want to see everyone. */
  expected = 0;
  /** A slot has another source, and a sender report should say so soon. */
  reportDue = false;
  readonly #onSeatsChanged: () => void;
  readonly #traffic: TrafficCounts;
  readonly #write: SendPacket;
  readonly #outletOf = new Map<number, Outlet>();
  /** Whether the client says what arrives: else there is nothing to estimate from. */
  readonly #estimates: boolean;
  readonly #maxBitrate: number;
  readonly #feedbackSsrc: number;
  #repeatBytes = 0;
  #repeatAt = 0;
  #replayBytes = FIRST_REPLAY_BYTES;
  #replayAt = 0;
  #allocateAt = 0;
  #allocatedAt = Number.NEGATIVE_INFINITY;
  /** What was there to be allotted last, and what was, with audio, in bit/s. */
  #divided = 0;
  #allocated = 0;
  #controlAt = 0;
  #reportAt = Number.POSITIVE_INFINITY;

  constructor({ plan, scratch, traffic, maxBitrate, send, onSeatsChanged }: DownlinkOptions) {
    this.extensions = plan.slotExtensions;
    this.mixedExtensions = plan.mixedExtensions;
    this.scratch = scratch;
    this.#onSeatsChanged = onSeatsChanged;
    this.#traffic = traffic;
    this.#write = send;
    this.#estimates = plan.slotExtensions.transportSequence !== 0;
    this.#feedbackSsrc = plan.feedbackSsrc;
    this.#maxBitrate = maxBitrate;
    this.control = new CongestionControl({ max: maxBitrate });
    this.audio = plan.audioSlots.map((slot) => this.#outlet(slot));
    this.video = plan.videoSlots.map((slot) => this.#outlet(slot));
  }

  /**
   * Packets can be sent from now on. What the path carries is found out at once, by padding: whoever waits in the lobby is
   * then shown everybody as soon as there is a seat.
   */
  begin(now: number): void {
    this.#reportAt = now;
    if (this.#estimates) this.control.probes.begin();
  }

  /** The packet with which the scratch is loaded: the stream's newest. */
  packet(stream: IncomingStream) {
    const { packet } = this.scratch;
    if (!packet) throw new Error(`nothing of ${stream.rid} was loaded`);
    return packet;
  }

  /** What the link may be sent, in bit/s: the estimate, or all where there is none. */
  get budget(): number {
    return this.#estimates ? this.control.bitrate : this.#maxBitrate;
  }

  /** Sends an RTP packet that was put together with `transportSequence`, at once. */
  send(packet: Buffer, now: number): void {
    if (!this.#estimates) {
      this.#put(packet);
      return;
    }
    this.control.pacer.charge(packet.length, now);
    this.#leave(packet, now);
  }

  /** The same for the packet of a picture, which waits until the path has room for it. */
  sendPaced(packet: Buffer, outlet: Outlet, now: number): void {
    const { pacer } = this.control;
    if (!this.#estimates) this.#put(packet);
    else if (pacer.admit(packet.length, now)) this.#leave(packet, now);
    else if (pacer.hold(packet, packet.length, outlet.flows ? 0 : tagOf(outlet), now)) return;
    if (!outlet.flows) this.#begins(outlet);
  }

  /** Starts a slot with the picture of a stream so far; false where there is none. */
  replay(outlet: Outlet, stream: IncomingStream, now: number): boolean {
    const { picture } = stream;
    const bytes = picture?.bytes(now) ?? 0;
    if (!picture || bytes === 0 || bytes > this.#replayBudget(now)) return false;
    const link = {
      downlink: this as Downlink,
      get transportSequence(): number {
        return this.downlink.transportSequence;
      },
      send(scratch: PacketScratch): void {
        this.downlink.sendPaced(scratch.out, outlet, now);
      },
    };
    if (!replay(outlet.slot, stream, picture, now, this.scratch, link)) return false;
    this.#replayBytes -= bytes;
    outlet.listen();
    this.reportDue = true;
    return true;
  }

  /** The client asks for packets again (RFC 4585, section 6.2.1). */
  onNack(ssrc: number, sequenceNumbers: readonly number[], now: number): void {
    const outlet = this.#outletOf.get(ssrc);
    if (!outlet) return;
    const { slot } = outlet;
    for (const sequenceNumber of sequenceNumbers) {
      if (!outlet.asked.take(1, now)) return;
      const budget = this.#repeatBudget(now);
      const { transportSequence, scratch } = this;
      const { rttMs } = this.control.estimator;
      const bytes = slot.retransmit(sequenceNumber, transportSequence, now, scratch, rttMs, budget);
      if (bytes === 0) continue;
      this.#repeatBytes -= bytes;
      // What is missing is needed now: it goes before what waits.
      this.send(scratch.out, now);
    }
  }

  /** The client cannot decode what it gets (PLI, FIR). */
  onKeyFrameWanted(ssrc: number, now: number): void {
    this.#outletOf.get(ssrc)?.source?.askKeyFrame(now);
  }

  onFeedback(feedback: TransportFeedback, now: number): void {
    this.control.onFeedback(feedback, now);
    const { bitrate, wanted } = this.control;
    const risen = bitrate > this.#divided * RISE && wanted > this.#allocated;
    if (bitrate >= this.#allocated && !risen) return;
    this.#allocateAt = Math.min(this.#allocateAt, this.#allocatedAt + LEAST_ALLOCATE_MS);
  }

  /** A receiver report: the share of packets lost, 0 to 1, and the way there and back. */
  onReport(fractionLost: number, roundTripMs: number, now: number): void {
    this.control.onReceiverReport(fractionLost, roundTripMs, now);
  }

  /** What is wanted has changed: the budget is divided at the next turn. */
  reallocate(): void {
    this.#allocateAt = 0;
  }

  /** Does what is due. `wallClockMs`: now as Unix time. */
  tick(now: number, wallClockMs: number): void {
    if (now >= this.#allocateAt) this.allocate(now);
    const { pacer } = this.control;
    for (let held = pacer.take(now); held; held = pacer.take(now)) {
      this.#stamp(held.bytes);
      this.#leave(held.bytes, now);
      if (held.tag !== 0) this.#begun(held.tag);
    }
    if (this.#estimates) this.#probe(now);
    if (this.reportDue || now >= this.#reportAt) this.#report(now, wallClockMs);
    if (this.seatsChanged) this.#tellSeats();
  }

  /** Divides what the path carries among the pictures that are to be shown, and begins those that can be shown at once. */
  allocate(now: number): void {
    this.#allocateAt = now + ALLOCATE_MS;
    this.#allocatedAt = now;
    let voices = 0;
    for (const { source } of this.audio) voices += source?.reception.bitrate(now) ?? 0;
    const shown = this.video.filter(({ showing }) => showing !== null);
    const demands = shown.map((outlet) => demandOf(outlet, now));
    this.control.wanted = Math.max(this.expected, wantedBitrate(demands, voices));
    this.#divided = this.budget;
    const choices = keepShown(demands, allocate(demands, this.#divided, voices), this.#divided, voices);
    this.#allocated = voices + allocatedBitrate(choices);
    for (const [index, outlet] of shown.entries()) carryOut(outlet, choices[index], now);
    if (this.seatsChanged) this.#tellSeats();
  }

  #outlet(plan: LinkPlan['videoSlots'][number]): Outlet {
    const outlet = new Outlet(plan, this);
    this.#outletOf.set(plan.ssrc, outlet);
    return outlet;
  }

  #leave(packet: Buffer, now: number): void {
    this.control.onSent(this.transportSequence, packet.length, now);
    this.transportSequence = (this.transportSequence + 1) & 0xffff;
    this.#put(packet);
  }

  #put(packet: Buffer): void {
    if (!this.#write(packet)) return;
    this.#traffic.packetsOut += 1;
    this.#traffic.bytesOut += packet.length;
  }

  /** A packet that waited gets the number that is due now: numbers follow the order in which packets leave. */
  #stamp(packet: Buffer): void {
    // Elements of two-byte headers have their length behind the id (RFC 8285, section 4.3).
    const at = SEQUENCE_OFFSET + (packet[12] === 0x10 ? 1 : 0);
    packet.writeUInt16BE(this.transportSequence, at);
  }

  #repeatBudget(now: number): number {
    const most = (this.budget * REPEAT_SHARE) / 8;
    this.#repeatBytes = Math.min(most / 2, this.#repeatBytes + (most * (now - this.#repeatAt)) / 1_000);
    this.#repeatAt = now;
    return this.#repeatBytes;
  }

  #replayBudget(now: number): number {
    const bytesPerMs = this.budget / 8_000;
    const filled = this.#replayBytes + bytesPerMs * REPLAY_SHARE * (now - this.#replayAt);
    const most = Math.min(bytesPerMs * REPLAY_S * 1_000, filled);
    const narrow = this.control.estimator.decreasedAt > Number.NEGATIVE_INFINITY;
    this.#replayBytes = narrow ? most : Math.max(this.#replayBytes, most);
    this.#replayAt = now;
    return this.#replayBytes;
  }

  /** Sends the padding by which congestion control looks whether the path carries more. */
  #probe(now: number): void {
    const { control } = this;
    if (now < this.#controlAt && now < control.nextAt) return;
    this.#controlAt = now + CONTROL_MS;
    for (let bytes = control.tick(now); bytes > 0; bytes = control.probes.due(now)) {
      if (!this.#pad(bytes > LARGE_PROBE_BYTES ? LARGE_PADDING : Math.min(bytes, SMALL_PADDING), now)) return;
    }
  }

  #pad(bytes: number, now: number): boolean {
    const { transportSequence, scratch } = this;
    for (const { slot } of this.video) {
      if (slot.padding(bytes, transportSequence, scratch) === 0) continue;
      this.control.pacer.charge(scratch.out.length, now);
      this.#leave(scratch.out, now);
      return true;
    }
    return false;
  }

  #report(now: number, wallClockMs: number): void {
    const all = now >= this.#reportAt;
    if (all) this.#reportAt = now + REPORT_MS;
    this.reportDue = false;
    const reports: RtcpPacket[] = [];
    for (const { slot } of this.#outletOf.values()) {
      if (all) slot.forgetPast();
      const report = all || slot.reportDue ? slot.senderReport(now, wallClockMs) : null;
      if (report) reports.push(report);
    }
    if (reports.length === 0) return;
    const ssrc = this.#feedbackSsrc;
    reports.push({ kind: 'sdes', chunks: [{ ssrc, cname: 'maru' }] });
    sendRtcp(reports, this.#write);
  }

  /** A packet that waited, the first of what its outlet shows, has left. */
  #begun(tag: number): void {
    const outlet = this.video[Math.floor(tag / TURNS) - 1];
    if (outlet && !outlet.flows && tagOf(outlet) === tag) this.#begins(outlet);
  }

  #begins(outlet: Outlet): void {
    outlet.flows = true;
    this.seatsChanged = true;
  }

  #tellSeats(): void {
    this.seatsChanged = false;
    this.#onSeatsChanged();
  }
}

/** Turns that are told apart: no packet waits for so many. */
const TURNS = 65_536;

/** Names an outlet and what it shows now; never 0. */
function tagOf({ plan, turn }: Outlet): number {
  return (plan.index + 1) * TURNS + (turn % TURNS);
}
