// One who takes part in a bench: a raw client with what it sends, and what it makes of what it receives.

import { ntpFractionAt, ntpSecondsAt, type RtcpPacket, writeRtcp } from '../sfu-parts.js';
import type { Delays } from './delays.js';
import { MIDS } from './maru-offer.js';
import { RawClient } from './raw-client.js';
import { Reception } from './reception.js';
import { PACKET_BYTES, VideoSource } from './video-source.js';

/** Sender reports, in milliseconds. */
const REPORT_MS = 1_000;

/** One encoding of a camera. */
export interface EncodingOptions {
  /** Null where it is the only one. */
  readonly rid: string | null;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

let members = 0;

export class Member {
  readonly client: RawClient;
  readonly reception: Reception;
  readonly sources: readonly VideoSource[];
  readonly number: number;
  /** It has said what it wants to see. */
  watches = false;
  #transportSequence = 0;
  #reportAt = 0;
  #wants = 0;

  constructor(encodings: readonly EncodingOptions[], delays: Delays, control: boolean) {
    this.number = ++members;
    const firstSsrc = this.number * 16;
    this.client = new RawClient(`member-${this.number}`, { control });
    const send = (packet: Buffer): void => this.client.send(packet);
    this.reception = new Reception(firstSsrc, delays, send, (message) => this.#onRtcp(message));
    this.client.onPacket = (packet) => this.reception.take(packet);
    const link = { nextTransportSequence: () => this.#nextTransportSequence(), send };
    this.sources = encodings.map(
      (encoding, index) =>
        new VideoSource(
          { ...encoding, ssrc: firstSsrc + 1 + index, mid: MIDS.camera },
          link,
          performance.now(),
        ),
    );
  }

  get rids(): readonly string[] {
    return this.sources.flatMap(({ rid }) => (rid === null ? [] : [rid]));
  }

  /** Sends the media that is due. */
  sendMedia(now: number): void {
    for (const source of this.sources) source.tick(now);
  }

  /** Sends the feedback and the reports that are due. */
  sendReports(now: number): void {
    this.reception.tick(now);
    if (this.sources.length === 0 || now < this.#reportAt) return;
    this.#reportAt = now + REPORT_MS;
    const unixMs = performance.timeOrigin + now;
    const reports: RtcpPacket[] = this.sources.map((source) => ({
      kind: 'sr',
      ssrc: source.ssrc,
      ntpSeconds: ntpSecondsAt(unixMs),
      ntpFraction: ntpFractionAt(unixMs),
      rtpTimestamp: source.timestampAt(now),
      packetCount: source.packets,
      octetCount: (source.packets * PACKET_BYTES) >>> 0,
      blocks: [],
    }));
    const chunks = this.sources.map(({ ssrc }) => ({ ssrc, cname: 'bench' }));
    this.client.send(writeRtcp([...reports, { kind: 'sdes', chunks }]));
  }

  /** Says on the control channel what it wants to see: cameras, one in each slot, in order. */
  want(cameras: readonly { readonly peer: string; readonly width: number }[]): void {
    this.watches = true;
    const slots = cameras.map((camera, slot) => ({ slot, line: 'camera', priority: 0, ...camera }));
    this.client.say(JSON.stringify({ type: 'want', rev: this.#wants, slots }));
    this.#wants += 1;
  }

  close(): void {
    this.client.close();
  }

  #nextTransportSequence(): number {
    this.#transportSequence = (this.#transportSequence + 1) & 0xffff;
    return this.#transportSequence;
  }

  #onRtcp(message: RtcpPacket): void {
    if (message.kind === 'pli') this.#wantKeyFrame(message.mediaSsrc);
    else if (message.kind === 'fir') for (const { ssrc } of message.entries) this.#wantKeyFrame(ssrc);
  }

  #wantKeyFrame(ssrc: number): void {
    for (const source of this.sources) if (source.ssrc === ssrc) source.keyFrameWanted = true;
  }
}
