// One room of the SFU: its links, who is shown and heard where, and what its clients are told of it.

import type { VideoCodec } from '../codec/codec.js';
import { readAudioLevel } from '../rtp/header-extension.js';
import { isRtcp } from '../rtp/rtp-packet.js';
import type { LinkPlan } from '../sdp/link-plan.js';
import { PacketScratch } from '../send/packet-scratch.js';
import { AudioSeating, type Voice } from './audio-seating.js';
import { encodingsOf, noteWidths } from './encodings.js';
import type { IncomingStream } from './incoming-stream.js';
import { Notices } from './notices.js';
import type { Outlet, Showing } from './outlet.js';
import type { Publication } from './publication.js';
import type { LineName, RoomEvents, SendPacket, SlotWish, TrafficCounts } from './room-events.js';
import { SfuLink } from './sfu-link.js';
import { commonCodecs, sendsUndecodable } from './undecodable.js';

/** How often speakers, seats and encodings are looked at, in milliseconds. */
const LOOK_MS = 200;
/**
 * While somebody waits at the door, each camera's smallest encoding begins anew so often, in milliseconds, so that its
 * picture so far is short enough to be sent to a newcomer at once.
 */
const FRESHEN_MS = 2_000;
/**
 * But for so long at most, in milliseconds: browsers begin all encodings of a camera anew with one, so that every picture of
 * it gets worse for a moment. Whoever waits for longer, or was forgotten there, is sent a key frame when it comes in.
 */
const FRESH_FOR_MS = 30_000;
/** How long a link that connects is expected to come to something, in milliseconds: ICE and DTLS are a few round trips. */
const ARRIVING_MS = 5_000;
/** A camera of which nothing came for so long is off, in milliseconds. */
const OFF_MS = 1_000;

export interface RoomOptions {
  /** Codecs that may be used, preferred first. */
  readonly videoCodecs: readonly VideoCodec[];
  /** Most that a link is sent, and may send, in bit/s. */
  readonly linkBitrate: number;
  readonly traffic: TrafficCounts;
  readonly events: RoomEvents;
  /** Unix time in milliseconds, for sender reports. */
  wallClock(): number;
}

export class SfuRoom {
  readonly #links = new Map<string, SfuLink>();
  /** Which link speaks for a peer. */
  readonly #byPeer = new Map<string, SfuLink>();
  readonly #scratch = new PacketScratch();
  readonly #seating = new AudioSeating();
  readonly #notices: Notices;
  readonly #options: RoomOptions;
  #lookAt = 0;
  #freshenAt = 0;
  /** What is asked for may have changed since the clients were told. */
  #wantsChanged = false;

  constructor(
    readonly name: string,
    options: RoomOptions,
  ) {
    this.#options = options;
    this.#notices = new Notices(options.events);
  }

  get empty(): boolean {
    return this.#links.size === 0;
  }

  /** The codecs that everyone inside can decode, preferred first; VP8 is always one of them. */
  get commonCodecs(): readonly VideoCodec[] {
    return commonCodecs(this.#options.videoCodecs, this.#links.values());
  }

  peerOf(link: string): string | null {
    return this.#links.get(link)?.peer ?? null;
  }

  linkOf(peer: string): string | null {
    return this.#byPeer.get(peer)?.id ?? null;
  }

  /** How many other peers are inside. */
  peersBeside(link: string): number {
    const peer = this.peerOf(link);
    return this.#byPeer.size - (peer !== null && this.#byPeer.has(peer) ? 1 : 0);
  }

  add(id: string, plan: LinkPlan, send: SendPacket, now: number): void {
    const { linkBitrate, traffic } = this.#options;
    const link: SfuLink = new SfuLink(id, plan, now, {
      plan,
      scratch: this.#scratch,
      traffic,
      maxBitrate: linkBitrate,
      send,
      onSeatsChanged: () => this.#notices.seats(link),
    });
    this.#links.set(id, link);
    // What it will be shown is asked for while it connects.
    this.#wantsChanged = true;
  }

  /** Whether a link is all that it can be: connected, and its control channel open where it has one. */
  complete(id: string): boolean {
    return this.#links.get(id)?.complete === true;
  }

  /** Whether what is said on a link's control channel reaches its client. */
  hears(id: string): boolean {
    return this.#links.get(id)?.controlOpen === true;
  }

  /** From now on the link is this peer's. Where the peer has another one, that goes on until this one is connected. */
  seat(id: string, peer: string, now: number): void {
    const link = this.#links.get(id);
    if (!link || link.peer !== null) return;
    link.peer = peer;
    this.#enter(link, now);
  }

  connected(id: string, now: number): void {
    const link = this.#links.get(id);
    if (!link || link.connected) return;
    link.connected = true;
    link.downlink.begin(now);
    this.#enter(link, now);
  }

  controlOpen(id: string, now: number): void {
    const link = this.#links.get(id);
    if (!link) return;
    link.controlOpen = true;
    if (!this.#isInside(link)) {
      this.#enter(link, now);
      return;
    }
    this.#notices.open(link);
    this.#tellReachable();
  }

  remove(id: string, now: number): void {
    const link = this.#links.get(id);
    if (!link) return;
    this.#links.delete(id);
    this.#notices.forget(link);
    for (const outlet of [...link.downlink.audio, ...link.downlink.video]) outlet.show(null);
    link.uplink.close();
    if (link.peer === null || this.#byPeer.get(link.peer) !== link) return;
    this.#byPeer.delete(link.peer);
    for (const other of this.#links.values()) {
      if (other.peer !== link.peer || !other.live) continue;
      // It had waited for its channel beside this one.
      this.#enter(other, now);
      return;
    }
    this.#arrange(now);
    this.#tellReachable();
  }

  /** Takes a packet of a link's client: RTP or RTCP. */
  receive(id: string, bytes: Buffer, now: number): void {
    const link = this.#links.get(id);
    if (!link) return;
    const { traffic } = this.#options;
    traffic.packetsIn += 1;
    traffic.bytesIn += bytes.length;
    if (!link.admits(bytes.length, now)) {
      traffic.packetsDropped += 1;
      return;
    }
    if (isRtcp(bytes)) {
      if (!link.receiveRtcp(bytes, now, this.#options.wallClock())) traffic.packetsDropped += 1;
      return;
    }
    const stream = link.uplink.receive(bytes, now);
    if (stream) this.#passOn(link, stream, now);
  }

  /** What a client wants to see; it holds until it says something else. */
  want(id: string, wishes: readonly SlotWish[], now: number): void {
    const link = this.#links.get(id);
    if (!link) return;
    link.wishes = wishes;
    if (!this.#isInside(link)) return;
    this.#arrangeVideo(link, now);
    this.#wantsChanged = true;
  }

  tick(now: number): void {
    const wallClockMs = this.#options.wallClock();
    for (const link of this.#links.values()) link.tick(now, wallClockMs);
    if (now >= this.#lookAt) this.#look(now);
    else if (this.#wantsChanged) this.#tellEncodings(now);
  }

  #passOn(link: SfuLink, stream: IncomingStream, now: number): void {
    const { packet } = link.uplink;
    if (!packet) return;
    if (stream.publication.changed) this.#changed(stream.publication, now);
    if (!stream.picture) {
      const level = readAudioLevel(packet, stream.extensions.audioLevel);
      if (level >= 0) this.#seating.heard(stream.publication, level, now);
    }
    const { outlets } = stream;
    if (outlets.length === 0) return;
    this.#scratch.load(packet, stream.extensions);
    for (let index = 0; index < outlets.length; index += 1) (outlets[index] as Outlet).forward(stream, now);
  }

  /** A link takes its peer's place, once its peer is inside and packets flow. */
  #enter(link: SfuLink, now: number): void {
    const { peer } = link;
    if (!link.live || peer === null) return;
    const former = this.#byPeer.get(peer);
    // What can be said on the former one is worth more than a moment: nobody sees that there was a change (SFU-11).
    if (former?.complete && !link.complete) return;
    this.#byPeer.set(peer, link);
    this.#arrange(now);
    this.#notices.open(link);
    this.#tellReachable();
    const { onOutdated } = this.#options.events;
    if (former) onOutdated(former.id, 'another link took its place');
    // Who came before may be sending what this one cannot decode: they negotiate anew, without it.
    const outdated = [...this.#links.values()].filter(
      (other) => other !== link && sendsUndecodable(other, link.plan),
    );
    for (const other of outdated) onOutdated(other.id, 'a newcomer cannot decode its codec');
  }

  /** Whether a link is the one that speaks for its peer. */
  #isInside({ peer, id }: SfuLink): boolean {
    return peer !== null && this.#byPeer.get(peer)?.id === id;
  }

  #look(now: number): void {
    this.#lookAt = now + LOOK_MS;
    if (this.#seating.look(this.#voices(), now)) this.#arrangeAudio(now);
    const speaker = this.#seating.dominant(now);
    for (const link of this.#byPeer.values()) this.#notices.speaker(link, speaker);
    for (const link of this.#byPeer.values()) {
      for (const publication of link.uplink.publications) {
        if (publication.changed) this.#changed(publication, now);
      }
    }
    this.#tellEncodings(now);
    if (now >= this.#freshenAt && this.#somebodyWaits(now - FRESH_FOR_MS)) this.#freshen(now);
  }

  /** What a publication consists of has changed: who shows it may show something else, or begin to. */
  #changed(publication: Publication, now: number): void {
    publication.changed = false;
    for (const link of this.#byPeer.values()) {
      for (const { showing } of publication.video ? link.downlink.video : link.downlink.audio) {
        if (showing?.publication !== publication) continue;
        if (publication.video) link.downlink.reallocate();
        else this.#hear(link, now);
        break;
      }
    }
  }

  #arrange(now: number): void {
    this.#seating.look(this.#voices(), now);
    this.#arrangeAudio(now);
    for (const link of this.#byPeer.values()) this.#arrangeVideo(link, now);
    this.#tellEncodings(now);
  }

  #arrangeAudio(now: number): void {
    for (const link of this.#byPeer.values()) {
      for (const outlet of link.downlink.audio) {
        const voice = this.#seating.seats[outlet.plan.index] ?? null;
        const heard = voice && voice.peer !== link.peer;
        outlet.show(heard ? { ...voice, width: 0, priority: 0 } : null);
      }
      this.#hear(link, now);
      this.#notices.seats(link);
    }
  }

  /** Lets the audio slots of a link play what is seated in them. */
  #hear(link: SfuLink, now: number): void {
    for (const outlet of link.downlink.audio) {
      const stream = outlet.showing?.publication.streams.get('');
      if (stream) outlet.choose(stream, now);
    }
  }

  #arrangeVideo(link: SfuLink, now: number): void {
    const wishes = link.wishes ?? link.firstWishes.of(link, this.#byPeer, this.#seating);
    const bySlot: SlotWish[] = [];
    for (const wish of wishes) bySlot[wish.slot] ??= wish;
    for (const outlet of link.downlink.video) {
      const wish = bySlot[outlet.plan.index];
      outlet.show(wish ? this.#showing(link, wish) : null);
    }
    // Who is seen no more is told before others are seen in their place.
    this.#notices.seats(link);
    link.downlink.allocate(now);
  }

  #showing(link: SfuLink, { peer, line, width, priority }: SlotWish): Showing | null {
    const other = this.#byPeer.get(peer);
    if (!other || other === link) return null;
    const publication = publicationOf(other, line);
    return publication ? { publication, peer, width, priority } : null;
  }

  #voices(): readonly Voice[] {
    const voices: Voice[] = [];
    for (const [peer, { uplink }] of this.#byPeer) {
      for (const publication of uplink.publications)
        if (!publication.video) voices.push({ peer, publication });
    }
    return voices;
  }

  /** Whether somebody stands at the door with a link made ready, offered no earlier than `since`. */
  #somebodyWaits(since = Number.NEGATIVE_INFINITY): boolean {
    for (const { peer, connected, openedAt } of this.#links.values()) {
      if (peer === null && connected && openedAt >= since) return true;
    }
    return false;
  }

  /** Whether somebody is on the way in with a link that connects. */
  #somebodyComes(now: number): boolean {
    for (const { connected, openedAt } of this.#links.values()) {
      if (!connected && now - openedAt < ARRIVING_MS) return true;
    }
    return false;
  }

  #freshen(now: number): void {
    this.#freshenAt = now + FRESHEN_MS;
    for (const { uplink } of this.#byPeer.values()) {
      const camera = uplink.publications.find(({ line }) => line.line === 'camera');
      const stream = camera?.streams.get(camera.rids[0] ?? '');
      // Where it holds larger layers as well its picture so far is never short, and its key frames are everybody's.
      if (camera?.layered || !stream?.heardWithin(OFF_MS, now)) continue;
      stream.askKeyFrame(now);
    }
  }

  #tellEncodings(now: number): void {
    this.#wantsChanged = false;
    const waiting = this.#somebodyWaits() || this.#somebodyComes(now);
    const widths = new Map<Publication, number>();
    for (const { downlink } of this.#byPeer.values()) noteWidths(widths, downlink.video);
    for (const link of this.#byPeer.values()) {
      this.#notices.encodings(link, encodingsOf(link.uplink.publications, widths, waiting), now);
    }
  }

  #tellReachable(): void {
    const open = [...this.#byPeer.values()].filter(({ controlOpen }) => controlOpen);
    for (const link of open) {
      const peers = open.flatMap((other) => (other === link || other.peer === null ? [] : [other.peer]));
      this.#notices.reachable(link, peers);
    }
  }
}

function publicationOf({ uplink }: SfuLink, name: LineName): Publication | undefined {
  return uplink.publications.find(({ line }) => line.line === name);
}
