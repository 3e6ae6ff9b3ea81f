// What a link's client sends: its packets told apart, its losses asked for again, its streams reported to it.

import { ArrivalFeedback } from '../receive/arrival-feedback.js';
import { Demultiplexer, type Route } from '../receive/demultiplexer.js';
import type { ReceiveStream } from '../receive/receive-stream.js';
import { ReceiverReports } from '../receive/receiver-reports.js';
import { SenderWallClock } from '../receive/sender-clock.js';
import type { RtcpPacket } from '../rtcp/rtcp-packet.js';
import type { SenderReport } from '../rtcp/sender-report.js';
import { readTransportSequence } from '../rtp/header-extension.js';
import { type RtpPacket, readRtp } from '../rtp/rtp-packet.js';
import { unwrapRtx } from '../rtp/rtx.js';
import type { LinkPlan } from '../sdp/link-plan.js';
import { Allowance } from './allowance.js';
import { IncomingStream } from './incoming-stream.js';
import { Publication } from './publication.js';
import type { SendPacket, TrafficCounts } from './room-events.js';
import { sendRtcp } from './rtcp-datagrams.js';

/** How often encodings are looked at that may have fallen silent, in milliseconds. */
const LOOK_MS = 200;
/** A stream of which nothing came for so long is off, or a screen that stands still; in milliseconds. */
const SILENT_MS = 1_000;
/** Such a one is asked for a key frame only so often, in milliseconds: a still screen answers, a camera that is off does not. */
const SILENT_REQUEST_MS = 3_000;
/** Sequence numbers in one NACK, so that it fits into a datagram even where each takes four bytes. */
const MOST_NACKED = 250;
/** Before the first report has told the round trip to the client, in milliseconds. */
const USUAL_ROUND_TRIP_MS = 100;
/** Streams of a link that may begin anew, per second and at once: a client that changes its codec has all seven do so. */
const BEGUN_PER_SECOND = 4;
const BEGUN_AT_ONCE = 32;

export class Uplink {
  /** What the client sends, in the order of its lines. */
  readonly publications: readonly Publication[];
  /** The packet that `receive` has given out last. */
  packet: RtpPacket | null = null;
  /** The way to the client and back, as the estimator of the other direction measures it. */
  roundTripMs = USUAL_ROUND_TRIP_MS;
  readonly #plan: LinkPlan;
  readonly #demultiplexer: Demultiplexer;
  readonly #streams: (IncomingStream | undefined)[] = [];
  readonly #bySsrc = new Map<number, IncomingStream>();
  readonly #wallClock = new SenderWallClock();
  readonly #feedback: ArrivalFeedback;
  readonly #reports: ReceiverReports;
  readonly #send: SendPacket;
  readonly #traffic: TrafficCounts;
  readonly #begun = new Allowance(BEGUN_PER_SECOND, BEGUN_AT_ONCE);
  #lookAt = 0;

  constructor(plan: LinkPlan, send: SendPacket, traffic: TrafficCounts) {
    this.#traffic = traffic;
    this.#plan = plan;
    this.#send = send;
    this.#demultiplexer = new Demultiplexer(plan);
    this.#feedback = new ArrivalFeedback(plan.feedbackSsrc);
    this.#reports = new ReceiverReports(plan.feedbackSsrc);
    this.publications = plan.lines.map((line) => new Publication(line));
  }

  /** All streams of which packets have come. */
  get streams(): Iterable<IncomingStream> {
    return this.#bySsrc.values();
  }

  /** Takes an RTP packet; the stream that it is the newest packet of, or null when there is nothing to pass on. */
  receive(bytes: Buffer, now: number): IncomingStream | null {
    const arrived = readRtp(bytes);
    if (!arrived) return this.#drop();
    const { extensions } = this.#plan;
    const transportSequence = readTransportSequence(arrived, extensions.transportSequence);
    if (transportSequence >= 0) this.#feedback.onPacket(transportSequence, now, bytes.length, arrived.ssrc);
    const route = this.#demultiplexer.route(arrived);
    if (!route) return this.#drop();
    const stream = this.#streamOf(route, now);
    if (!stream?.publication.admits(bytes.length, now)) return this.#drop();
    const packet = route.repair ? unwrapRtx(arrived, route.ssrc, route.codec.payloadType) : arrived;
    // Padding alone, by which the client's congestion control looks for room.
    if (!packet) return null;
    this.#reports.onPacket(now);
    if (!stream.take(packet, now, route.repair)) return null;
    this.packet = packet;
    return stream;
  }

  onSenderReport(report: SenderReport, now: number): void {
    const stream = this.#bySsrc.get(report.ssrc);
    stream?.reception.onSenderReport(report, now);
    stream?.clock.onSenderReport(report, now);
  }

  onGoodbye(ssrc: number): void {
    const gone = this.#demultiplexer.goodbye(ssrc);
    if (!gone) return;
    const publication = this.#publicationOf(gone.line);
    if (publication?.activity.ended(gone.rid ?? '')) publication.changed = true;
  }

  /** Does what is due: feedback, requests for what is missing, for key frames, and reports. */
  tick(now: number): void {
    const messages: RtcpPacket[] = [];
    if (now >= this.#reports.nextAt) {
      const source: RtcpPacket = { kind: 'sdes', chunks: [{ ssrc: this.#plan.feedbackSsrc, cname: 'maru' }] };
      // A compound packet begins with a report (RFC 3550, section 6.1).
      const reports = this.#reports.take(now, this.#receptions());
      if (reports.length > 0) messages.push(...reports, source);
    }
    for (let told = this.#feedback.take(now); told; told = this.#feedback.take(now)) messages.push(told);
    for (const stream of this.#bySsrc.values()) this.#askOf(stream, messages, now);
    sendRtcp(messages, this.#send);
    if (now < this.#lookAt) return;
    this.#lookAt = now + LOOK_MS;
    for (const publication of this.publications) if (publication.video) publication.tick(now);
    for (const stream of this.#bySsrc.values()) stream.expire(now);
  }

  /** Forgets everything: slots that still remember a stream find nothing in it. */
  close(): void {
    for (const stream of this.#bySsrc.values()) {
      stream.cache.clear();
      for (const outlet of stream.outlets) outlet.show(null);
    }
  }

  #askOf(stream: IncomingStream, messages: RtcpPacket[], now: number): void {
    const { reception, keyFrames, route } = stream;
    const senderSsrc = this.#plan.feedbackSsrc;
    const sequenceNumbers = now < reception.nackAt ? [] : reception.nacks(now, this.roundTripMs);
    for (let from = 0; from < sequenceNumbers.length; from += MOST_NACKED) {
      const asked = sequenceNumbers.slice(from, from + MOST_NACKED);
      messages.push({ kind: 'nack', senderSsrc, mediaSsrc: reception.ssrc, sequenceNumbers: asked });
    }
    if (reception.takeKeyFrameNeed()) stream.askKeyFrame(now);
    if (!keyFrames.pending) return;
    const silent = now - reception.lastPacketAt > SILENT_MS;
    if (silent && now - stream.askedAt < SILENT_REQUEST_MS) return;
    keyFrames.onRoundTrip(this.roundTripMs);
    if (!keyFrames.due(now)) return;
    stream.askedAt = now;
    const request = keyFrames.message(route.codec.feedback, senderSsrc, reception.ssrc);
    if (request) messages.push(request);
  }

  #drop(): null {
    this.#traffic.packetsDropped += 1;
    return null;
  }

  *#receptions(): Iterable<ReceiveStream> {
    for (const { reception } of this.#bySsrc.values()) yield reception;
  }

  /**
   * The stream of a route. An encoding that began anew, with another SSRC or codec, is another stream; null when it does
   * so all the time.
   */
  #streamOf(route: Route, now: number): IncomingStream | null {
    const known = this.#streams[route.index];
    if (known && known.route.ssrc === route.ssrc && known.route.codec === route.codec) return known;
    if (known && !this.#begun.take(1, now)) return null;
    const publication = this.#publicationOf(route.line);
    if (!publication) throw new Error(`no publication for ${route.line.line}`);
    const stream = new IncomingStream(publication, route, this.#plan.extensions, this.#wallClock);
    if (known) {
      this.#bySsrc.delete(known.route.ssrc);
      for (const outlet of known.outlets) outlet.leave();
      known.cache.clear();
    }
    this.#streams[route.index] = stream;
    this.#bySsrc.set(route.ssrc, stream);
    publication.streams.set(stream.rid, stream);
    publication.changed = true;
    return stream;
  }

  #publicationOf(line: Route['line']): Publication | undefined {
    return this.publications.find((publication) => publication.line === line);
  }
}
