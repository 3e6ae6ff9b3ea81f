// What a fake client does with what it is sent: notes it, asks for what is missing, and reports, as browsers do.
import { ArrivalFeedback } from '../../src/receive/arrival-feedback.js';
import { ReceiveStream } from '../../src/receive/receive-stream.js';
import type { RtcpPacket } from '../../src/rtcp/rtcp-packet.js';
import type { SenderReport } from '../../src/rtcp/sender-report.js';
import { readTransportSequence } from '../../src/rtp/header-extension.js';
import { readRtp } from '../../src/rtp/rtp-packet.js';
import { unwrapRtx } from '../../src/rtp/rtx.js';
import type { LinkPlan, SlotPlan } from '../../src/sdp/link-plan.js';

const REPORT_MS = 1_000;

interface Incoming {
  readonly plan: SlotPlan;
  readonly stream: ReceiveStream;
  /** Bytes that have come, by when (in whole seconds). */
  packets: number;
  /** PLIs sent. */
  asked: number;
}

export class FakeReceiver {
  /** Whether it says what has come; browsers without the extension do not. */
  feedback = true;
  /** Whether it asks for what is missing. */
  nack = true;
  roundTripMs = 50;
  bytes = 0;
  nacked = 0;
  readonly reports = new Map<number, SenderReport>();
  readonly #slots = new Map<number, Incoming>();
  readonly #all: Incoming[] = [];
  readonly #arrivals: ArrivalFeedback;
  #reportAt = 0;

  constructor(
    readonly plan: LinkPlan,
    readonly ssrc: number,
  ) {
    this.#arrivals = new ArrivalFeedback(ssrc);
    for (const slot of [...plan.audioSlots, ...plan.videoSlots]) {
      const { kind, codecs } = slot;
      const stream = new ReceiveStream({
        ssrc: slot.ssrc,
        kind,
        clockRate: codecs[0]?.clockRate ?? 90_000,
        nack: kind === 'video',
      });
      const incoming = { plan: slot, stream, packets: 0, asked: 0 };
      this.#all.push(incoming);
      this.#slots.set(slot.ssrc, incoming);
      if (slot.rtxSsrc !== 0) this.#slots.set(slot.rtxSsrc, incoming);
    }
  }

  take(bytes: Buffer, now: number): void {
    const packet = readRtp(bytes);
    if (!packet) throw new Error('the SFU sent what is not RTP');
    this.bytes += bytes.length;
    const id = this.plan.slotExtensions.transportSequence;
    const transportSequence = readTransportSequence(packet, id);
    if (transportSequence >= 0) this.#arrivals.onPacket(transportSequence, now, bytes.length, packet.ssrc);
    const slot = this.#slots.get(packet.ssrc);
    if (!slot) throw new Error(`the SFU sent an SSRC that is no slot's: ${packet.ssrc}`);
    const repair = packet.ssrc !== slot.plan.ssrc;
    const codec = slot.plan.codecs[0];
    const original = repair && codec ? unwrapRtx(packet, slot.plan.ssrc, codec.payloadType) : packet;
    if (!original) return;
    slot.packets += 1;
    slot.stream.receive(original, now, repair);
  }

  onSenderReport(report: SenderReport, now: number): void {
    this.reports.set(report.ssrc, report);
    this.#slots.get(report.ssrc)?.stream.onSenderReport(report, now);
  }

  /** What it says now. */
  due(now: number): RtcpPacket[] {
    const messages: RtcpPacket[] = [];
    if (now >= this.#reportAt) {
      this.#reportAt = now + REPORT_MS;
      const blocks = this.#all
        .filter(({ packets }) => packets > 0)
        .map(({ stream }) => stream.reportBlock(now));
      if (blocks.length > 0) messages.push({ kind: 'rr', ssrc: this.ssrc, blocks: blocks.slice(0, 31) });
    }
    if (this.feedback) {
      for (let told = this.#arrivals.take(now); told; told = this.#arrivals.take(now)) messages.push(told);
    }
    if (this.nack) for (const slot of this.#all) this.#ask(slot, messages, now);
    return messages;
  }

  #ask(slot: Incoming, messages: RtcpPacket[], now: number): void {
    const { stream } = slot;
    const { ssrc: senderSsrc } = this;
    if (slot.packets === 0) return;
    const sequenceNumbers = stream.nacks(now, this.roundTripMs);
    if (sequenceNumbers.length > 0) {
      this.nacked += sequenceNumbers.length;
      messages.push({ kind: 'nack', senderSsrc, mediaSsrc: stream.ssrc, sequenceNumbers });
    }
    if (!stream.takeKeyFrameNeed()) return;
    slot.asked += 1;
    messages.push({ kind: 'pli', senderSsrc, mediaSsrc: stream.ssrc });
  }
}
