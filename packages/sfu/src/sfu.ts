// The SFU of one process: rooms and links over native pipes, driven by one clock. What is decided is decided in router/.

import type { VideoCodec } from './codec/codec.js';
import { Pipe } from './pipe/pipe.js';
import type { Encodings, RoomEvents, Seated, SlotWish, TrafficCounts } from './router/room-events.js';
import { SfuRoom } from './router/sfu-room.js';
import { composeAnswer } from './sdp/compose-answer.js';
import { composePipeOffer, readPipeAnswer } from './sdp/pipe-description.js';
import { planLink } from './sdp/plan-link.js';

/** How often rooms do what is due: a third of the shortest time that any part of them waits for, in milliseconds. */
const TICK_MS = 10;
/** How long a link may take to connect, its control channel too, in milliseconds: ICE and SCTP give up after half a minute. */
const CONNECT_TIMEOUT_MS = 20_000;
/** How often it is looked for links that took longer, in milliseconds. */
const LATE_LOOK_MS = 500;
const MAX_AUDIO_SLOTS = 16;
const MAX_VIDEO_SLOTS = 32;

export interface SfuLimits {
  readonly rooms: number;
  readonly links: number;
  /** Most that one link is sent, and may send, in bit/s. */
  readonly linkBitrate: number;
}

export interface SfuOptions {
  /** The one UDP port of this process; 0: one of the system's choosing. */
  readonly port: number;
  readonly bindAddress?: string | undefined;
  /** Addresses put into answers, and the port with them: `port`, unless something else passes packets on to it. */
  readonly announce: readonly string[];
  readonly announcePort?: number | undefined;
  /** Codecs that rooms may use, preferred first. */
  readonly videoCodecs: readonly VideoCodec[];
  readonly limits: SfuLimits;
  /** Random numbers for SSRCs: 32 bits, unsigned. */
  randomSsrc(): number;
  /** A link has ended without having been closed. */
  onClosed(link: string, reason: string): void;
  /** A message on a link's control channel. */
  onControl(link: string, text: string): void;
  onSeats(link: string, seats: readonly Seated[]): void;
  onEncode(link: string, encodings: Encodings): void;
  onSpeaker(link: string, peer: string | null): void;
  onReachable(link: string, peers: readonly string[]): void;
}

export type Opened =
  /** `usernameFragment`: of this end (RFC 8445, section 5.3). */
  | { readonly ok: true; readonly answer: string; readonly usernameFragment: string }
  | {
      readonly ok: false;
      readonly code: 'bad-offer' | 'sfu-full' | 'sfu-unavailable';
      readonly reason: string;
    };

const CLOSED: Opened = { ok: false, code: 'sfu-unavailable', reason: 'closed while it was opened' };

export interface SfuStats extends TrafficCounts {
  readonly rooms: number;
  readonly links: number;
}

interface OpenLink {
  readonly room: SfuRoom;
  readonly pipe: Pipe;
  readonly openedAt: number;
}

export class Sfu {
  readonly #options: SfuOptions;
  readonly #rooms = new Map<string, SfuRoom>();
  readonly #links = new Map<string, OpenLink>();
  readonly #traffic: TrafficCounts = {
    packetsIn: 0,
    bytesIn: 0,
    packetsOut: 0,
    bytesOut: 0,
    packetsDropped: 0,
  };
  #timer: NodeJS.Timeout | null = null;
  #lateLookAt = 0;

  constructor(options: SfuOptions) {
    this.#options = options;
  }

  /**
   * Opens a link into a room from a client's offer (RFC 8829). It connects, and neither gives nor gets anything until it
   * is seated.
   */
  async open(link: string, room: string, offer: string): Promise<Opened> {
    const { limits, videoCodecs } = this.#options;
    const known = this.#rooms.get(room);
    if (this.#links.has(link))
      return { ok: false, code: 'bad-offer', reason: 'there is such a link already' };
    if (this.#links.size >= limits.links) return { ok: false, code: 'sfu-full', reason: 'no more links' };
    if (!known && this.#rooms.size >= limits.rooms)
      return { ok: false, code: 'sfu-full', reason: 'no more rooms' };
    const planned = planLink(offer, {
      videoCodecs: known?.commonCodecs ?? videoCodecs,
      firstSsrc: () => this.#options.randomSsrc(),
      maxAudioSlots: MAX_AUDIO_SLOTS,
      maxVideoSlots: MAX_VIDEO_SLOTS,
    });
    if (!planned.ok) return { ok: false, code: 'bad-offer', reason: planned.reason };
    const { plan } = planned;
    const joined = known ?? this.#newRoom(room);
    let pipe: Pipe;
    try {
      pipe = new Pipe(link, this.#options, {
        onConnected: () => joined.connected(link, performance.now()),
        onPacket: (packet) => joined.receive(link, packet, performance.now()),
        onControlOpen: () => joined.controlOpen(link, performance.now()),
        onControl: (text) => this.#options.onControl(link, text),
        onLost: (reason) => this.#lost(link, reason),
      });
    } catch (error) {
      return { ok: false, code: 'sfu-unavailable', reason: String(error) };
    }
    this.#rooms.set(room, joined);
    this.#links.set(link, { room: joined, pipe, openedAt: performance.now() });
    joined.add(link, plan, (packet) => pipe.send(packet), performance.now());
    this.#run();
    let answer: string;
    try {
      answer = await pipe.accept(composePipeOffer(plan));
    } catch (error) {
      // Where it was closed in the meantime, the link of that name may be another one.
      if (this.#links.get(link)?.pipe !== pipe) return CLOSED;
      this.close(link);
      return { ok: false, code: 'bad-offer', reason: String(error) };
    }
    if (this.#links.get(link)?.pipe !== pipe) return CLOSED;
    const transport = readPipeAnswer(answer);
    if (!transport) {
      this.close(link);
      return { ok: false, code: 'sfu-unavailable', reason: 'the native answer could not be read' };
    }
    const { port, announce, announcePort = port } = this.#options;
    const candidates = announce.map((address) => ({ address, port: announcePort }));
    const { usernameFragment } = transport;
    return { ok: true, answer: composeAnswer(plan, { ...transport, candidates }), usernameFragment };
  }

  /** From now on the link is this peer's, who is inside. Its former link ends once this one is connected. */
  seat(link: string, peer: string): void {
    this.#links.get(link)?.room.seat(link, peer, performance.now());
  }

  /** What the client wants to see, all of it. Wishes for slots that the link does not have are left out. */
  want(link: string, wishes: readonly SlotWish[]): void {
    this.#links.get(link)?.room.want(link, wishes, performance.now());
  }

  /** Says something on the link's control channel; false when it did not go out. */
  sendControl(link: string, text: string): boolean {
    return this.#links.get(link)?.pipe.sendControl(text) ?? false;
  }

  /** The link that reaches a peer of the room in which this link is; null where there is none. */
  linkTo(link: string, peer: string): string | null {
    return this.#links.get(link)?.room.linkOf(peer) ?? null;
  }

  /** Whether what is said on a link's control channel reaches its client. */
  hears(link: string): boolean {
    return this.#links.get(link)?.room.hears(link) ?? false;
  }

  /** How many other peers are in the room in which a link is. */
  peersBeside(link: string): number {
    return this.#links.get(link)?.room.peersBeside(link) ?? 0;
  }

  /** The peer that a link was given to; null while it only waits. */
  peerOf(link: string): string | null {
    return this.#links.get(link)?.room.peerOf(link) ?? null;
  }

  /** Ends a link and frees all that it held; nothing is told. */
  close(link: string): void {
    const open = this.#links.get(link);
    if (!open) return;
    this.#links.delete(link);
    open.pipe.close();
    open.room.remove(link, performance.now());
    if (open.room.empty) this.#rooms.delete(open.room.name);
    if (this.#links.size === 0 && this.#timer) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  stats(): SfuStats {
    return { rooms: this.#rooms.size, links: this.#links.size, ...this.#traffic };
  }

  /** Ends everything. */
  shutdown(): void {
    for (const link of [...this.#links.keys()]) this.close(link);
  }

  #newRoom(name: string): SfuRoom {
    const { videoCodecs, limits, onSeats, onEncode, onSpeaker, onReachable } = this.#options;
    const events: RoomEvents = {
      onSeats,
      onEncode,
      onSpeaker,
      onReachable,
      onOutdated: (link, reason) => this.#lost(link, reason),
    };
    return new SfuRoom(name, {
      videoCodecs,
      linkBitrate: limits.linkBitrate,
      traffic: this.#traffic,
      events,
      wallClock: () => Date.now(),
    });
  }

  #lost(link: string, reason: string): void {
    if (!this.#links.has(link)) return;
    this.close(link);
    this.#options.onClosed(link, reason);
  }

  #run(): void {
    this.#timer ??= setInterval(() => this.#tick(performance.now()), TICK_MS);
  }

  #tick(now: number): void {
    if (now >= this.#lateLookAt) this.#endLate(now);
    for (const room of this.#rooms.values()) room.tick(now);
  }

  #endLate(now: number): void {
    this.#lateLookAt = now + LATE_LOOK_MS;
    for (const [link, { room, openedAt }] of this.#links) {
      if (now - openedAt > CONNECT_TIMEOUT_MS && !room.complete(link))
        this.#lost(link, 'not connected in time');
    }
  }
}
