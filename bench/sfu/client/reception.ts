// What a raw client receives: counted, timed, and answered as a browser does, with transport-wide feedback and reports.

import { ArrivalFeedback, isRtcp, middleOfNtp, type RtcpPacket, readRtcp, writeRtcp } from '../sfu-parts.js';
import type { Delays } from './delays.js';
import { EXTENSIONS, PAYLOAD_TYPES } from './maru-offer.js';
import { STAMP_BYTES } from './video-source.js';

/** Receiver reports (RFC 3550, section 6.2, in a fixed form), in milliseconds. */
const REPORT_MS = 1_000;
const ONE_BYTE_PROFILE = 0xbede;
const NTP_UNITS_PER_MS = 65.536;

/** One stream of media that comes in. */
interface Stream {
  readonly ssrc: number;
  /** Extended beyond 16 bits. */
  base: number;
  highest: number;
  received: number;
  /** As of the last report. */
  reportedExpected: number;
  reportedReceived: number;
  /** Of the last sender report: the middle of its NTP time, and when it came. */
  senderReport: number;
  senderReportAt: number;
}

export class Reception {
  /** Packets of media, without repetitions and padding, since `begin`. */
  packets = 0;
  readonly #delays: Delays;
  readonly #send: (packet: Buffer) => void;
  readonly #onRtcp: (message: RtcpPacket) => void;
  readonly #feedback: ArrivalFeedback;
  readonly #streams: Stream[] = [];
  /** The one that came last: mostly the next one too. */
  #last: Stream | null = null;
  #onFirst: (() => void) | null = null;
  #lostBefore = 0;
  #reportAt: number;

  constructor(
    readonly ownSsrc: number,
    delays: Delays,
    send: (packet: Buffer) => void,
    onRtcp: (message: RtcpPacket) => void,
  ) {
    this.#delays = delays;
    this.#send = send;
    this.#onRtcp = onRtcp;
    this.#feedback = new ArrivalFeedback(ownSsrc);
    this.#reportAt = performance.now() + REPORT_MS;
  }

  /** Resolves with the first packet of media. */
  firstPacket(patienceMs: number): Promise<void> {
    if (this.#last) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('No packet came.')), patienceMs);
      this.#onFirst = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }

  /** Counts from now on. */
  begin(): void {
    this.packets = 0;
    this.#lostBefore = this.#missing();
  }

  /** Packets that are missing since `begin`. */
  get lost(): number {
    return this.#missing() - this.#lostBefore;
  }

  take(bytes: Buffer): void {
    const now = performance.now();
    if (isRtcp(bytes)) {
      this.#takeRtcp(bytes, now);
      return;
    }
    const ssrc = bytes.readUInt32BE(8);
    if ((bytes[0] as number) & 0x10 && bytes.readUInt16BE(12) === ONE_BYTE_PROFILE) {
      const at = findSequence(bytes);
      if (at > 0) this.#feedback.onPacket(bytes.readUInt16BE(at), now, bytes.length, ssrc);
    }
    if (((bytes[1] as number) & 0x7f) !== PAYLOAD_TYPES.vp8) return;
    if (!this.#last) this.#onFirst?.();
    this.packets += 1;
    this.#delays.add(now - bytes.readDoubleBE(bytes.length - STAMP_BYTES));
    const stream = this.#last?.ssrc === ssrc ? this.#last : this.#streamOf(ssrc, bytes.readUInt16BE(2));
    this.#last = stream;
    stream.received += 1;
    const ahead = ((bytes.readUInt16BE(2) - stream.highest) << 16) >> 16;
    if (ahead > 0) stream.highest += ahead;
  }

  /** Sends what is due. */
  tick(now: number): void {
    const messages: RtcpPacket[] = [];
    for (let told = this.#feedback.take(now); told; told = this.#feedback.take(now)) messages.push(told);
    if (now >= this.#reportAt) {
      this.#reportAt = now + REPORT_MS;
      const blocks = this.#streams.map((stream) => report(stream, now));
      messages.unshift({ kind: 'rr', ssrc: this.ownSsrc, blocks });
    }
    if (messages.length > 0) this.#send(writeRtcp(messages));
  }

  #takeRtcp(bytes: Buffer, now: number): void {
    for (const message of readRtcp(bytes) ?? []) {
      if (message.kind === 'sr') {
        const stream = this.#streams.find(({ ssrc }) => ssrc === message.ssrc);
        if (!stream) continue;
        stream.senderReport = middleOfNtp(message.ntpSeconds, message.ntpFraction);
        stream.senderReportAt = now;
      } else this.#onRtcp(message);
    }
  }

  #streamOf(ssrc: number, sequence: number): Stream {
    const known = this.#streams.find((stream) => stream.ssrc === ssrc);
    if (known) return known;
    const stream: Stream = {
      ssrc,
      base: sequence,
      highest: sequence,
      received: 0,
      reportedExpected: 0,
      reportedReceived: 0,
      senderReport: 0,
      senderReportAt: 0,
    };
    this.#streams.push(stream);
    return stream;
  }

  #missing(): number {
    let missing = 0;
    for (const { base, highest, received } of this.#streams) missing += highest - base + 1 - received;
    return missing;
  }
}

/** Where the transport-wide sequence number lies in one-byte elements; 0 when there is none. */
function findSequence(bytes: Buffer): number {
  const end = 16 + bytes.readUInt16BE(14) * 4;
  for (let at = 16; at < end; ) {
    const element = bytes[at] as number;
    if (element >> 4 === EXTENSIONS.transportSequence) return at + 1;
    at += element === 0 ? 1 : 2 + (element & 0x0f);
  }
  return 0;
}

function report(stream: Stream, now: number) {
  const expected = stream.highest - stream.base + 1;
  const lost = Math.max(0, expected - stream.received);
  const expectedSince = expected - stream.reportedExpected;
  const lostSince = Math.max(0, expectedSince - (stream.received - stream.reportedReceived));
  stream.reportedExpected = expected;
  stream.reportedReceived = stream.received;
  const since = stream.senderReportAt === 0 ? 0 : now - stream.senderReportAt;
  return {
    ssrc: stream.ssrc,
    fractionLost: expectedSince === 0 ? 0 : Math.min(255, Math.floor((lostSince * 256) / expectedSince)),
    cumulativeLost: lost,
    highestSequence: stream.highest >>> 0,
    jitter: 0,
    lastSenderReport: stream.senderReport,
    delaySinceLastSenderReport: Math.round(since * NTP_UNITS_PER_MS),
  };
}
