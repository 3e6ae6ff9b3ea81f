// A room in a world of fakes: the test is the server, the network and the links.

import type { IceServer, Occupancy, Peer, RoomInfo, SeatedPeer, ServerMessageOf } from '@maru/protocol';
import { loadCare } from '../../src/link/load-care.js';
import type { LinkWorld } from '../../src/link/peer-link.js';
import { openRoom, type RoomOptions } from '../../src/room/open-room.js';
import type { Room } from '../../src/room/room.js';
import type { RoomWorld } from '../../src/room/world.js';
import { fakeEnv, settle } from '../../src/testing/fake-env.js';
import { FakeLinks } from '../../src/testing/fake-links.js';
import { FakeRoomMedia } from '../../src/testing/fake-room-media.js';
import { type FakeSocket, FakeSockets } from '../../src/testing/fake-sockets.js';
import { NEVER_LOADED } from '../../src/testing/fake-upload.js';
import { FakeWakeups } from '../../src/testing/fake-wakeups.js';
import { createTrace } from '../../src/trace/trace.js';

// As in a page whose chunk has come: a fake clock does not wait for a loader.
await loadCare();

export const ROOM = '마루';

/** A peer id of the right form, from a short name. */
export function peerId(name: string): string {
  return name.padEnd(16, '_');
}

/** A peer as the server would describe it. */
export function peer(name: string, order: number, changes: Partial<Peer> = {}): Peer {
  const state = { rev: 0, mic: false, camera: false, screen: false, hand: false };
  return { id: peerId(name), name, order, state, presence: 'present', ...changes };
}

export function seated(name: string, order: number, offer: number | null = null): SeatedPeer {
  return { ...peer(name, order), offer };
}

export const INFO: RoomInfo = { name: ROOM, limit: 6, locked: false, topology: 'mesh', epoch: 0 };

export function occupancy(...names: string[]): Occupancy {
  return { room: ROOM, count: names.length, limit: 6, locked: false, names, topology: 'mesh' };
}

export class TestRoom {
  readonly env = fakeEnv();
  readonly sockets = new FakeSockets();
  readonly links = new FakeLinks();
  readonly media = new FakeRoomMedia();
  readonly wakeups = new FakeWakeups();
  iceServers: IceServer[] = [];
  readonly room: Room;

  constructor(name = ROOM, changes: Partial<RoomOptions> & { load?: RoomWorld['upload'] } = {}) {
    const { env } = this;
    this.room = openRoom({
      url: 'https://maru.example',
      room: name,
      media: this.media,
      ...(changes.upload && { upload: changes.upload }),
      world: {
        env,
        trace: createTrace(env),
        sockets: this.sockets.factory,
        wakeups: this.wakeups,
        upload: changes.load ?? NEVER_LOADED,
        links: (linkWorld) => {
          this.iceServersInUse = linkWorld.iceServers;
          this.linkWorld = linkWorld;
          return this.links;
        },
      },
    });
  }

  linkWorld: LinkWorld | null = null;
  iceServersInUse: () => readonly IceServer[] = () => [];

  get socket(): FakeSocket {
    return this.sockets.last;
  }

  get clock() {
    return this.env.clock;
  }

  get snapshot() {
    return this.room.snapshot;
  }

  /** Opens the newest socket and welcomes the client on it. */
  welcome(): void {
    this.socket.open();
    this.socket.say({ type: 'welcome', re: this.socket.last('hello').id, protocol: 1, server: 'test' });
  }

  /** Answers the newest `peek`: these are inside. */
  async peeked(...names: string[]): Promise<void> {
    const re = this.socket.last('peek').id;
    this.socket.say({ type: 'peeked', re, occupancy: occupancy(...names), iceServers: this.iceServers });
    await settle();
  }

  /** Answers the newest `join`. */
  async joined(self: Peer, ...peers: SeatedPeer[]): Promise<void> {
    this.socket.say({ type: 'joined', re: this.socket.last('join').id, ...this.#admission(self), peers });
    await settle();
  }

  /** Answers the newest `resume`. */
  async resumed(self: Peer, peers: Peer[], changes: Partial<ServerMessageOf<'resumed'>> = {}): Promise<void> {
    const re = this.socket.last('resume').id;
    this.socket.say({
      type: 'resumed',
      re,
      ...this.#admission(self),
      peers,
      rebuilt: false,
      ...changes,
    });
    await settle();
  }

  /** Refuses the newest request of a type. */
  async refuse(
    type: Parameters<FakeSocket['last']>[0],
    code: ServerMessageOf<'refused'>['code'],
    detail: { limit?: number; retryAfterMs?: number } = {},
  ): Promise<void> {
    this.socket.say({ type: 'refused', re: this.socket.last(type).id, code, ...detail });
    await settle();
  }

  /** Goes in as `me` with order 10, among these. */
  async enter(...peers: SeatedPeer[]): Promise<void> {
    this.welcome();
    await this.peeked(...peers.map(({ name }) => name));
    const joining = this.room.join({ name: 'me' });
    await this.joined(peer('me', 10), ...peers);
    await joining;
  }

  /** Loses the socket, and lets time pass until there is another, welcomed. */
  async reconnect(code = 1006): Promise<void> {
    const before = this.sockets.all.length;
    this.socket.end(code);
    while (this.sockets.all.length === before) await this.clock.advance(50);
    this.welcome();
    await settle();
  }

  /** Lets time pass while the server answers every ping on the newest socket. */
  async stay(ms: number): Promise<void> {
    for (let waited = 0; waited < ms; waited += 1_000) {
      await this.clock.advance(Math.min(1_000, ms - waited));
      if (this.socket.sent.at(-1)?.type === 'ping') await this.ok('ping');
    }
  }

  /** Says that the newest request of a type is done. */
  async ok(type: Parameters<FakeSocket['last']>[0]): Promise<void> {
    this.socket.say({ type: 'ok', re: this.socket.last(type).id });
    await settle();
  }

  #admission(self: Peer) {
    return { self, room: INFO, token: 'token', graceMs: 30_000, iceServers: this.iceServers };
  }
}
