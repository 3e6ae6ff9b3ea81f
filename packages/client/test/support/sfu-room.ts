// A room that goes through an SFU, in a world of fakes: the test is the server, the SFU is at the other end of the fake network.

import { setMaxListeners } from 'node:events';
import type { Peer, RoomInfo, SeatedPeer, Topology, VideoCodec } from '@maru/protocol';
import { vi } from 'vitest';
import { openRoom, type RoomOptions } from '../../src/room/open-room.js';
import type { PeerSnapshot, Room } from '../../src/room/room.js';
import { runSfu } from '../../src/sfu/run-sfu.js';
import { fakeEnv, settle } from '../../src/testing/fake-env.js';
import { FakeLinks } from '../../src/testing/fake-links.js';
import { FakeNetwork } from '../../src/testing/fake-peer-connection.js';
import { FakeRoomMedia } from '../../src/testing/fake-room-media.js';
import { FakeSfu, type FakeSfuLink } from '../../src/testing/fake-sfu.js';
import { type FakeSocket, FakeSockets } from '../../src/testing/fake-sockets.js';
import { FakeStream } from '../../src/testing/fake-transceiver.js';
import { NEVER_LOADED } from '../../src/testing/fake-upload.js';
import { FakeWakeups } from '../../src/testing/fake-wakeups.js';
import { createTrace } from '../../src/trace/trace.js';
import { INFO, occupancy, peer, peerId, ROOM } from './test-room.js';

// A browser has no such limit: every listener of a connection ends with the one signal of its scope.
setMaxListeners(100);
vi.stubGlobal('MediaStream', FakeStream);

/** Someone who sends a microphone and a camera. */
export function sender(name: string, order: number, changes: Partial<Peer> = {}): Peer {
  return peer(name, order, {
    state: { rev: 1, mic: true, camera: true, screen: false, hand: false },
    ...changes,
  });
}

export class SfuRoom {
  readonly env = fakeEnv();
  readonly clock = this.env.clock;
  readonly network = new FakeNetwork(this.clock);
  readonly sfu = new FakeSfu(this.network);
  readonly sockets = new FakeSockets();
  readonly links = new FakeLinks();
  readonly media = new FakeRoomMedia();
  readonly wakeups = new FakeWakeups();
  readonly trace = createTrace(this.env);
  readonly room: Room;
  info: RoomInfo = { ...INFO, topology: 'sfu' };

  constructor(changes: Partial<RoomOptions> = {}) {
    this.network.relays = false;
    this.room = openRoom({
      url: 'https://maru.example',
      room: ROOM,
      media: this.media,
      ...changes,
      world: {
        env: this.env,
        trace: this.trace,
        sockets: this.sockets.factory,
        wakeups: this.wakeups,
        upload: NEVER_LOADED,
        sfu: async () => ({ runSfu }),
        connect: this.network.connect,
        links: () => this.links,
        ...changes.world,
      },
    });
  }

  get socket(): FakeSocket {
    return this.sockets.last;
  }

  get snapshot() {
    return this.room.snapshot;
  }

  get link(): FakeSfuLink {
    return this.sfu.last;
  }

  welcome(preferred: { readonly videoCodecs?: VideoCodec[] } = {}): void {
    this.socket.open();
    const re = this.socket.last('hello').id;
    this.socket.say({ type: 'welcome', re, protocol: 1, server: 'test', ...preferred });
  }

  /** Answers the newest `peek`: these are inside, and newcomers will find the room so. */
  async peeked(topology: Topology, ...names: string[]): Promise<void> {
    const re = this.socket.last('peek').id;
    this.socket.say({
      type: 'peeked',
      re,
      occupancy: { ...occupancy(...names), topology },
      iceServers: [],
    });
    await settle();
  }

  /** Answers the newest `sfu`, as the SFU would; the link stands then. */
  async answer(): Promise<void> {
    const { id, offer } = this.socket.last('sfu');
    const answer = btoa(await this.sfu.answer(atob(offer)));
    this.socket.say({ type: 'sfu-answer', re: id, answer });
    await settle();
    await settle();
  }

  async refuse(
    type: 'sfu' | 'join',
    code: 'sfu-unavailable' | 'sfu-full' | 'not-sfu' | 'room-full',
    retryAfterMs?: number,
  ): Promise<void> {
    const re = this.socket.last(type).id;
    this.socket.say({ type: 'refused', re, code, ...(retryAfterMs !== undefined && { retryAfterMs }) });
    await settle();
  }

  /** Answers the newest `ping`, if there was one: the server lives. */
  pong(): void {
    if (this.socket.count('ping') > 0) this.socket.say({ type: 'ok', re: this.socket.last('ping').id });
  }

  /** Answers the newest `join`. */
  async joined(...peers: Peer[]): Promise<void> {
    const seated: SeatedPeer[] = peers.map((each) => ({ ...each, offer: null }));
    this.socket.say({ type: 'joined', re: this.socket.last('join').id, ...this.#admission(), peers: seated });
    await settle();
  }

  async resumed(...peers: Peer[]): Promise<void> {
    this.socket.say({
      type: 'resumed',
      re: this.socket.last('resume').id,
      ...this.#admission(),
      peers,
      rebuilt: false,
    });
    await settle();
  }

  /** Goes in by way of the lobby, with the link made ready there. */
  async enter(...peers: Peer[]): Promise<void> {
    this.welcome();
    await this.peeked('sfu', ...peers.map(({ name }) => name));
    await this.answer();
    const joining = this.room.join({ name: 'me' });
    await this.joined(...peers);
    await joining;
    this.link.say({ type: 'reachable', peers: peers.map(({ id }) => id) });
    await settle();
  }

  /** Loses the socket, and lets time pass until there is another, welcomed. */
  async reconnect(): Promise<void> {
    const before = this.sockets.all.length;
    this.socket.end(1006);
    while (this.sockets.all.length === before) await this.clock.advance(50);
    this.welcome();
    await settle();
  }

  peer(name: string): PeerSnapshot {
    const found = this.snapshot.peers.find(({ id }) => id === peerId(name));
    if (!found) throw new Error(`${name} is not there`);
    return found;
  }

  /** Connections that are open at the client's end. */
  get open(): number {
    const theirs = new Set(this.sfu.links.map(({ pc }) => pc));
    return this.network.open.filter((pc) => !theirs.has(pc)).length;
  }

  #admission() {
    return { self: peer('me', 10), room: this.info, token: 'token', graceMs: 30_000, iceServers: [] };
  }
}
