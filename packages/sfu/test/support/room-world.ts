// A room of the SFU with fake clients around it: one clock, paths between, and what must hold at every packet.
import { vi } from 'vitest';
import type { VideoCodec } from '../../src/codec/codec.js';
import type { RoomEvents, TrafficCounts } from '../../src/router/room-events.js';
import { SfuRoom } from '../../src/router/sfu-room.js';
import type { LinkPlan, SlotPlan } from '../../src/sdp/link-plan.js';
import { OFFERS, planned, type Recorded } from '../recorded-offers.js';
import { FakeClient, isAudio } from './fake-client.js';
import { RandomBytes } from './random-bytes.js';

// The time of these tests is their own: a busy machine only takes longer.
vi.setConfig({ testTimeout: 300_000 });

const plans = new Map<string, LinkPlan>();

/** A plan of its own: what offers say is read once, as it takes long. */
function planOf(offer: Recorded, videoCodecs: readonly VideoCodec[], firstSsrc: number): LinkPlan {
  const key = `${offer} ${videoCodecs.join()}`;
  const known = plans.get(key) ?? planned(OFFERS[offer], { videoCodecs, firstSsrc: () => 0 });
  plans.set(key, known);
  const plan = structuredClone(known);
  const moved = (slot: SlotPlan): SlotPlan => ({
    ...slot,
    ssrc: slot.ssrc + firstSsrc,
    rtxSsrc: slot.rtxSsrc === 0 ? 0 : slot.rtxSsrc + firstSsrc,
  });
  return {
    ...plan,
    feedbackSsrc: plan.feedbackSsrc + firstSsrc,
    audioSlots: plan.audioSlots.map(moved),
    videoSlots: plan.videoSlots.map(moved),
  };
}

const STEP_MS = 5;
const TICK_MS = 10;
/** Unix time of the world's time 0, in milliseconds. */
const EPOCH_MS = 1_700_000_000_000;

export interface WorldOptions {
  readonly seed?: number;
  readonly linkBitrate?: number;
  readonly videoCodecs?: readonly VideoCodec[];
}

interface Delivery {
  readonly at: number;
  readonly deliver: () => void;
}

export class RoomWorld {
  now = 1_000;
  readonly room: SfuRoom;
  readonly clients = new Map<string, FakeClient>();
  readonly traffic: TrafficCounts = {
    packetsIn: 0,
    bytesIn: 0,
    packetsOut: 0,
    bytesOut: 0,
    packetsDropped: 0,
  };
  readonly random: RandomBytes;
  /** What was wrong at some packet. */
  readonly complaints: string[] = [];
  /** Something was lost on a way to the SFU: slots may have holes. */
  lossy = false;
  readonly #options: WorldOptions;
  /** By number; null for those that were forgotten. */
  readonly #everyone: (FakeClient | null)[] = [];
  /** By step. */
  readonly #deliveries = new Map<number, Delivery[]>();
  #step = 0;
  #tickAt = 0;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    this.random = new RandomBytes(options.seed ?? 1);
    const events: RoomEvents = {
      onSeats: (link, seats) => this.#client(link)?.told.push({ at: this.now, seats }),
      onEncode: (link, encodings) => {
        const client = this.#client(link);
        client?.encode.push({ at: this.now, encodings });
        if (!client?.obeys) return;
        for (const line of ['camera', 'screen'] as const) {
          for (const encoding of client.of(line))
            encoding.active = encodings[line].includes(encoding.options.rid);
        }
      },
      onSpeaker: (link, peer) => this.#client(link)?.speakers.push({ at: this.now, peer }),
      onReachable: (link, peers) => this.#client(link)?.reachable.push(peers),
      onOutdated: (link, reason) => {
        const client = this.#client(link);
        if (!client) return;
        client.outdated = reason;
        this.leave(client);
      },
    };
    this.room = new SfuRoom('room', {
      videoCodecs: options.videoCodecs ?? ['VP8'],
      linkBitrate: options.linkBitrate ?? 50_000_000,
      traffic: this.traffic,
      events,
      wallClock: () => EPOCH_MS + this.now,
    });
  }

  get wallClockMs(): number {
    return EPOCH_MS + this.now;
  }

  /** Opens a link that is connected and not seated. */
  open(peer: string, offer: Recorded = 'chromium', link = `${peer}-${this.#everyone.length}`): FakeClient {
    const number = this.#everyone.length + 1;
    const plan = planOf(offer, this.#options.videoCodecs ? this.room.commonCodecs : ['VP8'], 0x1000 * number);
    const client = new FakeClient(link, peer, number, plan, this.random);
    this.#everyone.push(client);
    this.clients.set(link, client);
    this.room.add(link, plan, (packet) => this.#leaves(client, packet), this.now);
    return client;
  }

  connect(client: FakeClient): void {
    this.room.connected(client.link, this.now);
    this.room.controlOpen(client.link, this.now);
  }

  seat(client: FakeClient): void {
    this.room.seat(client.link, client.peer, this.now);
  }

  /** Opens a link, connects and seats it, and sends mic and camera. */
  join(peer: string, offer: Recorded = 'chromium'): FakeClient {
    const client = this.open(peer, offer);
    client.send('mic');
    client.send('camera');
    this.connect(client);
    this.seat(client);
    return client;
  }

  leave(client: FakeClient): void {
    this.clients.delete(client.link);
    this.room.remove(client.link, this.now);
  }

  /** Lets go of a client that has left; its output is checked no more. */
  forget(client: FakeClient): void {
    this.#everyone[client.number - 1] = null;
  }

  want(
    client: FakeClient,
    ...wishes: [slot: number, peer: string, width?: number, line?: 'camera' | 'screen', priority?: number][]
  ): void {
    const all = wishes.map(([slot, peer, width = 1_280, line = 'camera', priority = 1]) => ({
      slot,
      peer,
      line,
      width,
      priority,
    }));
    this.room.want(client.link, all, this.now);
  }

  /** Lets time pass. */
  run(milliseconds: number, each: () => void = () => undefined): void {
    for (const end = this.now + milliseconds; this.now < end; ) {
      const now = Math.min(end, this.now + STEP_MS);
      this.#deliver(now);
      this.now = now;
      for (const client of this.clients.values()) {
        for (const packet of client.due(now, this.wallClockMs)) this.send(client, packet);
      }
      if (now >= this.#tickAt) {
        this.#tickAt = now + TICK_MS;
        this.room.tick(now);
      }
      each();
    }
  }

  /** Puts a packet on the client's way to the SFU. */
  send(client: FakeClient, packet: Buffer): void {
    const at = client.up.arrival(packet.length, this.now);
    if (at < 0) this.lossy = true;
    else this.#later(at, () => this.#arrives(client, packet));
  }

  /** Everything that was wrong up to now: nothing. */
  check(): string[] {
    const found = [...this.complaints];
    for (const client of this.#everyone) {
      if (!client) continue;
      for (const output of [...client.audio, ...client.video]) {
        for (const complaint of output.complaints(!this.lossy)) {
          found.push(`${client.link} ${output.plan.kind} ${output.plan.index}: ${complaint}`);
        }
      }
    }
    return found;
  }

  #client(link: string): FakeClient | undefined {
    return this.clients.get(link);
  }

  #later(at: number, deliver: () => void): void {
    const step = Math.max(this.#step, Math.ceil(at / STEP_MS));
    const others = this.#deliveries.get(step);
    if (others) others.push({ at, deliver });
    else this.#deliveries.set(step, [{ at, deliver }]);
  }

  #deliver(now: number): void {
    for (; this.#step * STEP_MS <= now; this.#step += 1) {
      const due = this.#deliveries.get(this.#step) ?? [];
      this.#deliveries.delete(this.#step);
      for (const { at, deliver } of due.sort((a, b) => a.at - b.at)) {
        if (at > this.now) this.now = at;
        deliver();
      }
    }
  }

  #arrives(client: FakeClient, packet: Buffer): void {
    if (this.clients.get(client.link) === client) this.room.receive(client.link, packet, this.now);
  }

  #leaves(client: FakeClient, bytes: Buffer): boolean {
    if (this.clients.get(client.link) !== client) {
      this.complaints.push(`at ${this.now}: ${client.link} is gone, and is sent to`);
      return false;
    }
    const packet = Buffer.from(bytes);
    const noted = client.note(packet, this.now);
    if (noted?.media?.label) this.#compare(client, noted.output, noted.media.label);
    const at = client.down.arrival(packet.length, this.now);
    if (at >= 0) this.#later(at, () => this.#reaches(client, packet));
    return true;
  }

  #reaches(client: FakeClient, packet: Buffer): void {
    if (this.clients.get(client.link) !== client) return;
    for (const answer of client.take(packet, this.now)) this.send(client, answer);
  }

  /** What flows is whose it was told to be; what is not told yet must follow at once (see `check` of tests). */
  #compare(
    client: FakeClient,
    output: FakeClient['video'][number],
    label: { client: number; line: string },
  ): void {
    const { index, kind } = output.plan;
    const seat = client.seat(kind, index);
    const sender = this.#everyone[label.client - 1];
    if (!sender || sender === client) {
      this.complaints.push(`at ${this.now}: ${client.link} is sent its own, or nobody's, packet`);
    } else if (client.told.length > 0 && seat && (seat.peer !== sender.peer || seat.line !== label.line)) {
      this.complaints.push(
        `at ${this.now}: ${client.link} ${kind} ${index} is told ${seat.peer} ${seat.line}, and sent ${sender.peer} ${label.line}`,
      );
    }
    if (isAudio(label.line as never) !== (kind === 'audio'))
      this.complaints.push(`at ${this.now}: kinds are mixed`);
  }
}
