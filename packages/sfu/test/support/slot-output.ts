// What leaves the SFU by one slot, noted in order, and whether it is one valid stream.
import type { RtpPacket } from '../../src/rtp/rtp-packet.js';
import { difference32, SequenceUnwrapper } from '../../src/rtp/sequence-number.js';
import type { SlotPlan } from '../../src/sdp/link-plan.js';
import { type Label, readLabel } from './media-label.js';

export interface OutPacket {
  /** Extended. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  /** Null for one that only fills its number. */
  readonly label: Label | null;
  readonly bytes: number;
  readonly at: number;
}

export class SlotOutput {
  readonly media: OutPacket[] = [];
  /** Repetitions by RTX of what was asked for or probed with, and padding. */
  readonly repetitions: OutPacket[] = [];
  padding = 0;
  readonly #numbers = new SequenceUnwrapper();
  readonly #complaints: string[] = [];
  /** The beginning is not known any more. */
  #forgotten = false;

  constructor(readonly plan: SlotPlan) {}

  get video(): boolean {
    return this.plan.kind === 'video';
  }

  /** The newest packet that shows something; null when there was none. */
  get newest(): OutPacket | null {
    return this.media.findLast(({ label }) => label !== null) ?? null;
  }

  since(at: number): OutPacket[] {
    return this.media.slice(this.media.findLastIndex((packet) => packet.at < at) + 1);
  }

  /** Lets go of what was noted, but of the last second's packets: `complaints` is about the others. */
  forget(): void {
    const last = this.media.at(-1)?.at ?? 0;
    this.media.splice(0, this.media.findLastIndex((packet) => packet.at < last - 1_000) + 1);
    this.repetitions.length = 0;
    this.#forgotten = true;
  }

  onMedia(packet: RtpPacket, now: number): OutPacket {
    const payload = payloadOf(packet);
    const codec = this.plan.codecs.find(({ payloadType }) => payloadType === packet.payloadType);
    if (!codec) this.#complaints.push(`at ${now}: payload type ${packet.payloadType}`);
    const label = payload.length === 0 ? null : readLabel(payload, codec?.name ?? '');
    if (payload.length > 0 && label === null) this.#complaints.push(`at ${now}: a payload without a label`);
    const sequence = this.#numbers.unwrap(packet.sequenceNumber);
    const out = {
      sequence,
      timestamp: packet.timestamp,
      marker: packet.marker,
      label,
      bytes: packet.bytes.length,
      at: now,
    };
    this.media.push(out);
    return out;
  }

  onRtx(packet: RtpPacket, now: number): void {
    const payload = payloadOf(packet);
    if (payload.length < 2) {
      this.padding += 1;
      return;
    }
    const sequence = this.#numbers.peek(payload.readUInt16BE(0));
    const codec = this.plan.codecs.find(({ rtxPayloadType }) => rtxPayloadType === packet.payloadType);
    const label = readLabel(payload.subarray(2), codec?.name ?? '');
    if (label === null) this.#complaints.push(`at ${now}: a repetition without a label`);
    const { timestamp, marker } = packet;
    this.repetitions.push({ sequence, timestamp, marker, label, bytes: packet.bytes.length, at: now });
  }

  /** What is wrong with the stream; nothing when it is valid. `whole`: nothing was lost on the way to the SFU. */
  complaints(whole: boolean): string[] {
    const found = [...this.#complaints];
    const all = [...this.media].sort((a, b) => a.sequence - b.sequence);
    const bySequence = new Map<number, OutPacket>();
    for (const packet of all) {
      const twice = bySequence.get(packet.sequence);
      if (twice) found.push(`at ${packet.at}: number ${packet.sequence} was there at ${twice.at}`);
      bySequence.set(packet.sequence, packet);
    }
    for (const repetition of this.repetitions) {
      const original = bySequence.get(repetition.sequence);
      if (original && !sameContent(original, repetition)) {
        found.push(`at ${repetition.at}: the repetition of ${repetition.sequence} is another packet`);
      }
      // What was kept a number, and is sent for the first time by RTX, has its place as well.
      if (!original) bySequence.set(repetition.sequence, repetition);
    }
    const placed = [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
    for (const [place, packet] of placed.entries()) {
      const before = placed[place - 1];
      if (whole && before && packet.sequence !== before.sequence + 1) {
        found.push(`at ${packet.at}: ${packet.sequence} follows ${before.sequence}`);
      }
    }
    const shown = placed.filter(({ label }) => label !== null);
    for (const [place, packet] of shown.entries()) {
      if (place === 0 && this.#forgotten) continue;
      const wrong = wrongAfter(shown[place - 1], packet, this.video, whole);
      if (wrong) found.push(`at ${packet.at}, number ${packet.sequence}: ${wrong}`);
    }
    return found;
  }
}

function sameContent(a: OutPacket, b: OutPacket): boolean {
  return (
    a.timestamp === b.timestamp &&
    a.marker === b.marker &&
    JSON.stringify(a.label) === JSON.stringify(b.label)
  );
}

export function sameStream(a: Label, b: Label): boolean {
  return a.client === b.client && a.line === b.line && a.rid === b.rid;
}

function wrongAfter(
  before: OutPacket | undefined,
  now: OutPacket,
  video: boolean,
  whole: boolean,
): string | null {
  const { label } = now;
  if (!label) return null;
  if (!before?.label) return video && !label.keyFrame ? 'it begins without a key frame' : null;
  const step = difference32(now.timestamp, before.timestamp);
  if (!sameStream(before.label, label) || label.frame < before.label.frame) {
    if (video && !label.keyFrame && whole) return 'another source begins without a key frame';
    return step > 0 ? null : `another source begins with a timestamp ${step} later`;
  }
  if (label.frame === before.label.frame) {
    if (step !== 0) return 'one frame has two timestamps';
    if (whole && label.index !== before.label.index + 1) return 'a packet of the frame is missing';
    return label.pictureId === before.label.pictureId ? null : 'one frame has two picture ids';
  }
  if (step <= 0) return `the next frame has a timestamp ${step} later`;
  if (!video) return null;
  const ids = (label.pictureId - before.label.pictureId) & 0x7fff;
  return ids > 0 && ids < 0x4000 ? null : `the next frame has a picture id ${ids} later`;
}

function payloadOf({ bytes, payloadOffset, payloadLength }: RtpPacket): Buffer {
  return bytes.subarray(payloadOffset, payloadOffset + payloadLength);
}
