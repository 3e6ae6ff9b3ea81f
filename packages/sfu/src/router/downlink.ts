// What a link is sent: its slots, paced and within what its path can take, and sent again where that is asked for.

import { allocate, type Choice, type Demand, wantedBitrate } from '../estimate/allocation.js';
import { CongestionControl } from '../estimate/congestion-control.js';
import type { RtcpPacket } from '../rtcp/rtcp-packet.js';
import type { TransportFeedback } from '../rtcp/transport-feedback.js';
import { writeRtcp } from '../rtcp/write-rtcp.js';
import type { ExtensionIds, LinkPlan } from '../sdp/link-plan.js';
import type { PacketScratch } from '../send/packet-scratch.js';
import { replay } from '../send/replay.js';
import type { IncomingStream } from './incoming-stream.js';
import { Outlet } from './outlet.js';
import type { SendPacket, TrafficCounts } from './room-events.js';

/** How often the budget is divided anew, in milliseconds, besides when what is wanted has changed. */
const ALLOCATE_MS = 250;
/** How often congestion control takes its turn, in milliseconds, unless it has something to do sooner. */
const CONTROL_MS = 30;
/** Sizes of the packets that probes are made of, in bytes: a cluster needs five of them, and a large one not hundreds. */
const SMALL_PADDING = 250;
const LARGE_PADDING = 1_200;
const LARGE_PROBE_BYTES = 5 * LARGE_PADDING;
/** Sender reports of a slot, in milliseconds (RFC 3550, section 6.2, in a fixed form). */
const REPORT_MS = 1_000;
/** What an audio slot takes of the budget, in bit/s: Opus for speech with its headers. */
const AUDIO_BITRATE = 40_000;
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
  /** A slot shows something else than before. */
  onSwitched(): void;
}

export class Downlink {
  readonly audio: readonly Outlet[];
  readonly video: readonly Outlet[];
  readonly extensions: ExtensionIds;
  readonly mixedExtensions: boolean;
  readonly scratch: PacketScratch;
  readonly control: CongestionControl;
  readonly onSwitched: () => void;
  /** The next transport-wide sequence number, 16 bits. */
  transportSequence = 0;
  readonly #traffic: TrafficCounts;
  readonly #write: SendPacket;
  readonly #outletOf = new Map<number, Outlet>();
  /** Whether the client says what arrives: else there is nothing to estimate from. */
  readonly #estimates: boolean;
  readonly #maxBitrate: number;
  readonly #feedbackSsrc: number;
  #repeatBytes = 0;
  #repeatAt = 0;
  #allocateAt = 0;
  #controlAt = 0;
  #reportAt = Number.POSITIVE_INFINITY;

  constructor({ plan, scratch, traffic, maxBitrate, send, onSwitched }: DownlinkOptions) {
    this.extensions = plan.slotExtensions;
    this.mixedExtensions = plan.mixedExtensions;
    this.scratch = scratch;
    this.onSwitched = onSwitched;
    this.#traffic = traffic;
    this.#write = send;
    this.#estimates = plan.slotExtensions.transportSequence !== 0;
    this.#feedbackSsrc = plan.feedbackSsrc;
    this.#maxBitrate = maxBitrate;
    this.control = new CongestionControl({ max: maxBitrate });
    this.audio = plan.audioSlots.map((slot) => this.#outlet(slot));
    this.video = plan.videoSlots.map((slot) => this.#outlet(slot));
  }

  /** Packets can be sent from now on. */
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

  /** Sends an RTP packet that was put together with `transportSequence`, or keeps it until the path has room for it. */
  send(packet: Buffer, paced: boolean, now: number): void {
    const bytes = packet.length;
    if (!this.#estimates) {
      this.#put(packet);
      return;
    }
    const { pacer } = this.control;
    if (!paced) pacer.charge(bytes, now);
    else if (!pacer.admit(bytes, now)) {
      pacer.hold(packet, bytes, 0, now);
      return;
    }
    this.#leave(packet, now);
  }

  /** Starts a slot with the picture of a stream so far; false where there is none. */
  replay(outlet: Outlet, stream: IncomingStream, now: number): boolean {
    const { picture } = stream;
    if (!picture) return false;
    const link = {
      downlink: this as Downlink,
      get transportSequence(): number {
        return this.downlink.transportSequence;
      },
      send(scratch: PacketScratch): void {
        this.downlink.send(scratch.out, true, now);
      },
    };
    const done = replay(outlet.slot, stream, picture, now, this.scratch, link);
    if (done) this.onSwitched();
    return done;
  }

  /** The client asks for packets again (RFC 4585, section 6.2.1). */
  onNack(ssrc: number, sequenceNumbers: readonly number[], now: number): void {
    const outlet = this.#outletOf.get(ssrc);
    if (!outlet) return;
    const { slot } = outlet;
    for (const sequenceNumber of sequenceNumbers) {
      const budget = this.#repeatBudget(now);
      const { transportSequence, scratch } = this;
      const { rttMs } = this.control.estimator;
      const bytes = slot.retransmit(sequenceNumber, transportSequence, now, scratch, rttMs, budget);
      if (bytes === 0) continue;
      this.#repeatBytes -= bytes;
      // What is missing is needed now: it goes before what waits.
      this.send(scratch.out, false, now);
    }
  }

  /** The client cannot decode what it gets (PLI, FIR). */
  onKeyFrameWanted(ssrc: number, now: number): void {
    this.#outletOf.get(ssrc)?.source?.askKeyFrame(now);
  }

  onFeedback(feedback: TransportFeedback, now: number): void {
    this.control.onFeedback(feedback, now);
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
    if (now >= this.#allocateAt) this.#allocate(now);
    const { pacer } = this.control;
    for (let held = pacer.take(now); held; held = pacer.take(now)) {
      this.#stamp(held.bytes);
      this.#leave(held.bytes, now);
    }
    if (this.#estimates) this.#probe(now);
    this.#report(now, wallClockMs);
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

  #allocate(now: number): void {
    this.#allocateAt = now + ALLOCATE_MS;
    const reserved = this.audio.filter(({ slot }) => slot.source !== null).length * AUDIO_BITRATE;
    const shown = this.video.filter(({ showing }) => showing !== null);
    const demands = shown.map((outlet) => demandOf(outlet, now));
    this.control.wanted = wantedBitrate(demands, reserved);
    const choices = allocate(demands, this.budget, reserved);
    for (const [index, outlet] of shown.entries()) applyChoice(outlet, choices[index], now);
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
    const reports: RtcpPacket[] = [];
    for (const { slot } of this.#outletOf.values()) {
      const report = all || slot.reportDue ? slot.senderReport(now, wallClockMs) : null;
      if (report) reports.push(report);
    }
    if (reports.length === 0) return;
    const ssrc = this.#feedbackSsrc;
    reports.push({ kind: 'sdes', chunks: [{ ssrc, cname: 'maru' }] });
    this.#write(writeRtcp(reports));
  }
}

function demandOf(outlet: Outlet, now: number): Demand {
  const { showing, slot, temporalLimit } = outlet;
  if (!showing) throw new Error('a slot that shows nothing has no demand');
  const { publication, width, priority } = showing;
  const options = publication.activity
    .layers(now)
    .filter(({ rid, alive }) => alive && publication.streams.has(rid))
    .map(({ rid, bitrate }) => ({
      source: rid,
      bitrate: Math.max(bitrate, 1),
      width: publication.width(rid),
    }));
  const held = (slot.pending ?? slot.source) as IncomingStream | null;
  return {
    slot: outlet.plan.index,
    priority,
    maxWidth: publication.wanted(width),
    options,
    held: held && temporalLimit !== null ? { source: held.rid, temporalLimit } : null,
  };
}

function applyChoice(outlet: Outlet, choice: Choice | undefined, now: number): void {
  const step = choice?.step ?? null;
  outlet.temporalLimit = step?.temporalLimit ?? null;
  const stream = step && outlet.showing?.publication.streams.get(String(step.source));
  outlet.choose(stream ?? null, now);
  if (step) outlet.slot.setTemporalLimit(Number.isFinite(step.temporalLimit) ? step.temporalLimit : 255);
}
