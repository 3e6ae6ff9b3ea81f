// The far end of a slot: notes what comes out and says whether it is one valid stream.
import { extensionDataLength, findExtension, readTransportSequence } from '../../src/rtp/header-extension.js';
import { type RtpPacket, readRtp } from '../../src/rtp/rtp-packet.js';
import { difference32, SequenceUnwrapper } from '../../src/rtp/sequence-number.js';
import type { SlotPlan } from '../../src/sdp/link-plan.js';
import { Slot } from '../../src/send/slot.js';
import { RECEIVER_IDS, type SentPacket } from './simulated-source.js';

/** A packet that came out. */
export interface Received {
  /** Extended. */
  readonly sequence: number;
  readonly packet: RtpPacket;
  readonly of: SentPacket;
  /** Which stretch of one source it belongs to. */
  readonly span: number;
  /** When it reached the SFU. */
  readonly at: number;
}

const VP8_DESCRIPTOR_LENGTH = 6;

/** How each frame came that came. */
type Arrivals = Map<number, 'in order' | 'late'>;

export class SlotReceiver {
  readonly slot: Slot;
  readonly received: Received[] = [];
  /** Per span, the extended sequence numbers that were offered to the slot. */
  readonly offered: Set<number>[] = [];
  transportSequence = 65_500;
  readonly #unwrapper = new SequenceUnwrapper();

  constructor(readonly plan: SlotPlan) {
    this.slot = new Slot({ plan, extensions: RECEIVER_IDS, mixedExtensions: true });
  }

  get span(): number {
    return this.offered.length - 1;
  }

  /** Before an offer, what `offer` must be told after it. */
  get shown(): { source: unknown; pending: unknown } {
    return { source: this.slot.source, pending: this.slot.pending };
  }

  /** The slot was offered a packet; `out` is what it made of it, null when nothing. */
  offer(of: SentPacket, before: SlotReceiver['shown'], out: Buffer | null, now: number): void {
    if (this.slot.source === of.source) {
      if (before.pending === of.source) this.offered.push(new Set());
      this.offered.at(-1)?.add(of.extended);
    }
    if (out === null) return;
    const packet = this.#read(out);
    claim(packet.ssrc === this.plan.ssrc, 'media has the SSRC of the slot');
    claim(packet.payloadType === this.plan.codecs[0]?.payloadType, 'media has the payload type of its codec');
    this.note(of, packet, packet.sequenceNumber, now);
  }

  /** A packet has come, by itself or by RTX with its original sequence number. */
  note(of: SentPacket, packet: RtpPacket, sequenceNumber: number, now: number): void {
    const sequence = this.#unwrapper.unwrap(sequenceNumber);
    this.received.push({ sequence, packet, of, span: this.span, at: now });
  }

  #read(out: Buffer): RtpPacket {
    const packet = readRtp(Buffer.from(out));
    if (packet === null) throw new Error('what came out is not RTP');
    claim(
      readTransportSequence(packet, RECEIVER_IDS.transportSequence) === this.transportSequence,
      'it has its transport-wide number',
    );
    this.transportSequence = (this.transportSequence + 1) & 0xffff;
    return packet;
  }

  /** A repetition: RTX where the codec has it. Returns what was asked for, as it would be without RTX. */
  readRepetition(out: Buffer, sequenceNumber: number): { packet: RtpPacket; payload: Buffer } {
    const packet = this.#read(out);
    claim(packet.ssrc === this.plan.rtxSsrc, 'a repetition has the RTX SSRC of the slot');
    claim(
      packet.payloadType === this.plan.codecs[0]?.rtxPayloadType,
      'a repetition has the RTX payload type',
    );
    claim(
      packet.bytes.readUInt16BE(packet.payloadOffset) === sequenceNumber,
      'a repetition names what it repeats',
    );
    return { packet, payload: payloadOf(packet).subarray(2) };
  }

  check(): void {
    const all = [...this.received].sort((a, b) => a.sequence - b.sequence);
    all.forEach((now, place) => {
      this.#checkPacket(now);
      const before = all[place - 1];
      if (before === undefined || before.span !== now.span) this.#checkStart(now);
      if (before !== undefined) this.#checkGap(before, now);
    });
    const frames = all.filter(({ packet }) => packet.payloadLength > 0);
    const arrivals = this.offered.map((_, span) => this.#arrivals(span));
    frames.forEach((now, place) => {
      const before = frames[place - 1];
      if (before === undefined) return;
      this.#checkTime(before, now);
      if (this.plan.kind === 'video') this.#checkPictureId(before, now, arrivals[now.span] as Arrivals);
    });
    if (this.plan.kind !== 'video') return;
    this.#checkLayers(arrivals);
    for (const span of this.offered.keys()) this.#checkSpatialLayers(span);
  }

  /** It says what the source's packet said. */
  #checkPacket({ packet, of, sequence }: Received): void {
    if (packet.payloadLength === 0) return;
    const from = this.plan.kind === 'video' ? VP8_DESCRIPTOR_LENGTH : 0;
    const same = payloadOf(packet).subarray(from).equals(payloadOf(of.packet).subarray(from));
    claim(same && (packet.marker || !of.packet.marker), `${sequence} is as it was`);
    claim(
      !packet.marker || of.packet.marker || of.marks.endOfFrame,
      `${sequence} ends a frame where it says so`,
    );
    const id = this.plan.kind === 'video' ? RECEIVER_IDS.videoOrientation : RECEIVER_IDS.audioLevel;
    claim(packet.bytes[findExtension(packet, id)] === (of.frame & 0x7f), `${sequence} has its extension`);
    claim(extensionDataLength(packet, id) === 1, `${sequence} has an extension of one byte`);
  }

  /** A source begins with a key frame, from its first packet on. */
  #checkStart({ of, packet, sequence }: Received): void {
    const { keyFrame, startOfFrame } = of.marks;
    claim(packet.payloadLength > 0 && keyFrame && startOfFrame, `${sequence} can begin a source`);
  }

  /** Numbers are missing exactly where packets of the source never came. */
  #checkGap(before: Received, now: Received): void {
    const offered = this.offered[before.span] as Set<number>;
    const end = before.span === now.span ? now.of.extended : Math.max(...offered) + 1;
    let missing = 0;
    for (let extended = before.of.extended + 1; extended < end; extended += 1) {
      if (!offered.has(extended)) missing += 1;
    }
    const gap = now.sequence - before.sequence - 1;
    claim(gap === missing, `${gap} numbers are missing before ${now.sequence}, ${missing} packets are`);
  }

  /** One frame has one timestamp and no two frames have the same. */
  #checkTime(before: Received, now: Received): void {
    const step = difference32(now.packet.timestamp, before.packet.timestamp);
    const sameSpan = before.span === now.span;
    const same = sameSpan && before.of.frame === now.of.frame;
    claim(same ? step === 0 : step > 0, `${now.sequence} has a timestamp ${step} behind the last one's`);
    if (!sameSpan) return;
    const sourceStep = difference32(now.of.packet.timestamp, before.of.packet.timestamp);
    claim(step === sourceStep, `${now.sequence} keeps the pace of its source`);
    claim(!same || now.of.index > before.of.index, `${now.sequence} is in the order of its frame`);
  }

  /** Picture ids go up by one, but where frames were lost, or came behind later ones. */
  #checkPictureId(before: Received, now: Received, arrivals: Arrivals): void {
    const step = (pictureId(now.packet) - pictureId(before.packet)) & 0x7fff;
    if (before.span !== now.span) {
      claim(step > 0 && step < 0x4000, `${now.sequence} has a later picture id than the source before`);
      return;
    }
    let free = 0;
    for (let frame = before.of.frame + 1; frame < now.of.frame; frame += 1) {
      if (arrivals.get(frame) !== 'in order') free += 1;
    }
    const least = before.of.frame === now.of.frame ? 0 : 1;
    claim(
      step >= least && step <= least + free,
      `${now.sequence} has a picture id ${step} behind the last one`,
    );
  }

  /** How the frames of a span came to the slot, by their lowest spatial layer, which is always shown; padding aside. */
  #arrivals(span: number): Arrivals {
    const source = this.received.find((one) => one.span === span)?.of.source;
    const arrivals: Arrivals = new Map();
    let newest = -1;
    for (const extended of this.offered[span] as Set<number>) {
      const sent = source?.sent.get(extended);
      if (!sent || sent.index < 0) continue;
      if (sent.marks.spatialLayer === 0 && !arrivals.has(sent.frame)) {
        arrivals.set(sent.frame, sent.frame >= newest ? 'in order' : 'late');
      }
      newest = Math.max(newest, sent.frame);
    }
    return arrivals;
  }

  /** No frame is shown whose layer was joined at a frame that does not allow it. */
  #checkLayers(arrivals: readonly Arrivals[]): void {
    arrivals.forEach((met, span) => {
      const shown = this.received.filter((one) => one.span === span && one.packet.payloadLength > 0);
      const source = shown[0]?.of.source;
      const frames = new Set(shown.map(({ of }) => of.frame));
      for (const frame of frames) {
        const marks = source?.frameLayers[frame];
        if (!source || !marks || marks.temporalLayer === 0 || marks.switchingUp) continue;
        // What it may need: the newest frame before it of its layer or below, 0 aside, since the last key frame.
        for (let needed = frame - 1; needed >= 0; needed -= 1) {
          const other = source.frameLayers[needed];
          if (other === undefined || other.keyFrame || !met.has(needed)) break;
          if (other.temporalLayer === 0 || other.temporalLayer > marks.temporalLayer) continue;
          claim(frames.has(needed), `frame ${frame} of source ${source.number} has what it needs, ${needed}`);
          break;
        }
      }
    });
  }

  /** Of each picture the marker is on its last packet that is passed on; no spatial layer is there that lacks what it needs. */
  #checkSpatialLayers(span: number): void {
    const shown = this.received.filter((one) => one.span === span && one.packet.payloadLength > 0);
    const source = shown[0]?.of.source;
    if (!source || source.spatialLayers === 1) return;
    const pictures = new Map<number, Received[]>();
    for (const one of shown) pictures.set(one.of.frame, [...(pictures.get(one.of.frame) ?? []), one]);
    const topOf = (picture: readonly Received[]): number =>
      Math.max(...picture.map(({ of }) => of.marks.spatialLayer));
    /** By frame, the spatial layers of which something came to the slot. */
    const came = new Map<number, Set<number>>();
    for (const extended of this.offered[span] as Set<number>) {
      const { frame = -1, index = -1, marks } = source.sent.get(extended) ?? {};
      if (marks && index >= 0) came.set(frame, (came.get(frame) ?? new Set()).add(marks.spatialLayer));
    }
    let before: [frame: number, picture: readonly Received[]] | null = null;
    for (const [frame, picture] of [...pictures].sort(([a], [b]) => a - b)) {
      const top = topOf(picture);
      for (const { of, packet, sequence } of picture) {
        const last = of.marks.endOfFrame && of.marks.spatialLayer === top;
        claim(!packet.marker || last, `${sequence} is not the last of its picture`);
      }
      const key = source.frameLayers[frame]?.keyFrame ?? false;
      if (before && !key && top > topOf(before[1]) && before[0] === frame - 1) {
        claim(
          came.get(before[0])?.has(top) !== true,
          `frame ${frame} has what its spatial layer ${top} needs`,
        );
      }
      before = [frame, picture];
    }
  }
}

/** As `expect`, at a hundredth of its cost: there are millions. */
export function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

export function payloadOf({ bytes, payloadOffset, payloadLength }: RtpPacket): Buffer {
  return bytes.subarray(payloadOffset, payloadOffset + payloadLength);
}

function pictureId(packet: RtpPacket): number {
  return packet.bytes.readUInt16BE(packet.payloadOffset + 2) & 0x7fff;
}
