// A browser as the SFU sees it: sends its lines, answers RTCP, and receives slots, without network or clock.

import type { Encodings, LineName, Seated } from '../../src/router/room-events.js';
import { readRtcp } from '../../src/rtcp/read-rtcp.js';
import type { RtcpPacket } from '../../src/rtcp/rtcp-packet.js';
import { writeRtcp } from '../../src/rtcp/write-rtcp.js';
import { isRtcp, readRtp } from '../../src/rtp/rtp-packet.js';
import type { LinkPlan } from '../../src/sdp/link-plan.js';
import { FakeEncoding } from './fake-encoding.js';
import { FakePath } from './fake-path.js';
import { FakeReceiver } from './fake-receiver.js';
import type { RandomBytes } from './random-bytes.js';
import { SlotOutput } from './slot-output.js';

/** What the SFU has told. */
export interface Told {
  readonly at: number;
  readonly seats: readonly Seated[];
}

/** Sizes of encodings: a camera of 1280 by 720 and a screen of 1920 by 1080. */
const SIZES: Readonly<
  Record<string, { width: number; height: number; packets: number; bytes: number; frameMs: number }>
> = {
  cameral: { width: 320, height: 180, packets: 1, bytes: 500, frameMs: 50 },
  cameram: { width: 640, height: 360, packets: 2, bytes: 900, frameMs: 50 },
  camerah: { width: 1_280, height: 720, packets: 4, bytes: 1_100, frameMs: 50 },
  screenl: { width: 960, height: 540, packets: 2, bytes: 900, frameMs: 100 },
  screenh: { width: 1_920, height: 1_080, packets: 8, bytes: 1_100, frameMs: 100 },
};
const AUDIO = { width: 0, height: 0, packets: 1, bytes: 80, frameMs: 20 };
const SENDER_REPORT_MS = 1_000;

export class FakeClient {
  readonly encodings: FakeEncoding[] = [];
  readonly audio: readonly SlotOutput[];
  readonly video: readonly SlotOutput[];
  readonly receiver: FakeReceiver;
  readonly up: FakePath;
  readonly down: FakePath;
  /** What was told, oldest first. */
  readonly told: Told[] = [];
  readonly encode: { at: number; encodings: Encodings }[] = [];
  readonly speakers: { at: number; peer: string | null }[] = [];
  readonly reachable: (readonly string[])[] = [];
  outdated: string | null = null;
  /** Whether `encode` is obeyed. */
  obeys = false;
  /** RTCP that came from the SFU. */
  readonly heard: { at: number; message: RtcpPacket }[] = [];
  readonly #outputs = new Map<number, SlotOutput>();
  #transportSequence: number;
  #reportAt = 0;

  constructor(
    readonly link: string,
    readonly peer: string,
    readonly number: number,
    readonly plan: LinkPlan,
    random: RandomBytes,
  ) {
    this.up = new FakePath(random);
    this.down = new FakePath(random);
    this.#transportSequence = 65_000 + number;
    this.receiver = new FakeReceiver(plan, 0x7000_0000 + number);
    this.audio = plan.audioSlots.map((slot) => this.#output(slot));
    this.video = plan.videoSlots.map((slot) => this.#output(slot));
    for (const line of plan.lines) {
      for (const rid of line.rids.length > 0 ? line.rids : ['']) {
        const { width, height, packets, bytes, frameMs } = SIZES[line.line + rid] ?? AUDIO;
        const ssrc = line.ssrcs[0]?.ssrc ?? 0x2000_0000 + number * 64 + this.encodings.length * 2;
        const codec = line.codecs[0];
        if (!codec) throw new Error(`no codec for ${line.line}`);
        this.encodings.push(
          new FakeEncoding({
            client: number,
            line: line.line,
            mid: line.mid,
            rid,
            codec,
            extensions: plan.extensions,
            ssrc,
            rtxSsrc: ssrc + 1,
            width,
            height,
            frameMs,
            packets,
            packetBytes: bytes,
          }),
        );
      }
    }
    for (const encoding of this.encodings) encoding.active = false;
  }

  /** Begins, or ends, sending a line: all its encodings, or those with these RIDs. */
  send(line: LineName, active = true, rids?: readonly string[]): void {
    for (const encoding of this.of(line)) {
      if (!rids || rids.includes(encoding.options.rid)) encoding.active = active;
    }
  }

  of(line: LineName): FakeEncoding[] {
    return this.encodings.filter(({ options }) => options.line === line);
  }

  encoding(line: LineName, rid = ''): FakeEncoding {
    const found = this.of(line).find(({ options }) => options.rid === rid);
    if (!found) throw new Error(`no encoding ${line} ${rid}`);
    return found;
  }

  /** Who is told to be in a slot now. */
  seat(kind: 'audio' | 'video', slot: number): Seated | null {
    const seats = this.told.at(-1)?.seats ?? [];
    return seats.find((seat) => seat.slot === slot && isAudio(seat.line) === (kind === 'audio')) ?? null;
  }

  /** The video, or audio, slot in which a peer's line is told to be; -1 for none. */
  slotOf(peer: string, line: LineName): number {
    return this.told.at(-1)?.seats.find((seat) => seat.peer === peer && seat.line === line)?.slot ?? -1;
  }

  output(ssrc: number): SlotOutput | undefined {
    return this.#outputs.get(ssrc);
  }

  /** Packets to be sent now. */
  due(now: number, wallClockMs: number): Buffer[] {
    const packets = this.encodings.flatMap((encoding) => encoding.due(now, this.#stamp));
    const messages = this.receiver.due(now);
    const reports: RtcpPacket[] = [];
    if (now >= this.#reportAt) {
      this.#reportAt = now + SENDER_REPORT_MS;
      for (const encoding of this.encodings) {
        if (encoding.active) reports.push(encoding.senderReport(now, wallClockMs));
      }
    }
    const all = [...reports, ...messages];
    if (all.length > 0) packets.push(writeRtcp(all));
    return packets;
  }

  /** A packet of the SFU has come; packets that are sent at once because of it. */
  take(bytes: Buffer, now: number): Buffer[] {
    if (!isRtcp(bytes)) {
      this.receiver.take(bytes, now);
      return [];
    }
    const messages = readRtcp(bytes);
    if (!messages) throw new Error('the SFU sent RTCP that is malformed');
    const packets: Buffer[] = [];
    for (const message of messages) {
      this.heard.push({ at: now, message });
      this.#obey(message, packets, now);
    }
    return packets;
  }

  /** RTCP of its own making, for tests. */
  say(...messages: RtcpPacket[]): Buffer {
    return writeRtcp(messages);
  }

  /** Notes a packet that leaves the SFU for this client, before the path. */
  note(
    bytes: Buffer,
    now: number,
  ): { output: SlotOutput; media: ReturnType<SlotOutput['onMedia']> | null } | null {
    if (isRtcp(bytes)) return null;
    const packet = readRtp(bytes);
    const output = packet && this.#outputs.get(packet.ssrc);
    if (!packet || !output) throw new Error('the SFU sent something that belongs to no slot');
    if (packet.ssrc === output.plan.ssrc) return { output, media: output.onMedia(packet, now) };
    output.onRtx(packet, now);
    return { output, media: null };
  }

  readonly #stamp = (): number => {
    this.#transportSequence = (this.#transportSequence + 1) & 0xffff;
    return this.#transportSequence;
  };

  #obey(message: RtcpPacket, packets: Buffer[], now: number): void {
    if (message.kind === 'pli') this.#bySsrc(message.mediaSsrc)?.askKeyFrame();
    else if (message.kind === 'fir')
      for (const { ssrc } of message.entries) this.#bySsrc(ssrc)?.askKeyFrame();
    else if (message.kind === 'sr') this.receiver.onSenderReport(message, now);
    else if (message.kind === 'rr') {
      for (const { ssrc } of message.blocks) {
        const encoding = this.#bySsrc(ssrc);
        if (encoding) encoding.acknowledged = true;
      }
    } else if (message.kind === 'nack') {
      for (const sequenceNumber of message.sequenceNumbers) {
        const again = this.#bySsrc(message.mediaSsrc)?.again(sequenceNumber, this.#stamp);
        if (again) packets.push(again);
      }
    }
  }

  #bySsrc(ssrc: number): FakeEncoding | undefined {
    return this.encodings.find((encoding) => encoding.ssrc === ssrc);
  }

  #output(slot: LinkPlan['videoSlots'][number]): SlotOutput {
    const output = new SlotOutput(slot);
    this.#outputs.set(slot.ssrc, output);
    if (slot.rtxSsrc !== 0) this.#outputs.set(slot.rtxSsrc, output);
    return output;
  }
}

export function isAudio(line: LineName): boolean {
  return line === 'mic' || line === 'screenAudio';
}
