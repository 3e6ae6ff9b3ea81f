// Several people with a room each, on one server and one network, all in memory and all by one clock and one seed.

import { loadCare } from '../../src/link/load-care.js';
import { MaruError } from '../../src/maru-error.js';
import { openRoom } from '../../src/room/open-room.js';
import type { Room } from '../../src/room/room.js';
import { type FakeClock, fakeEnv } from '../../src/testing/fake-env.js';
import { FakeRoomMedia } from '../../src/testing/fake-room-media.js';
import { NEVER_LOADED } from '../../src/testing/fake-upload.js';
import { FakeWakeups } from '../../src/testing/fake-wakeups.js';
import { createTrace } from '../../src/trace/trace.js';
import { MemoryServer, type Way } from './memory-server.js';
import { ModelNetwork } from './model-links.js';

// As in a page whose chunk has come: a fake clock does not wait for a loader.
await loadCare();

/** How soon somebody who was refused tries again. */
const RETRY_MS = 3_000;

const TRACK = {} as MediaStreamTrack;

/** Someone who may open the room, or not, again and again. */
export class Person {
  readonly media = new FakeRoomMedia();
  readonly wakeups = new FakeWakeups();
  readonly way: Way;
  /** What this person has said, in order, while inside. */
  readonly said: string[] = [];
  /** Why joins failed. */
  readonly refusals: string[] = [];
  room: Room | null = null;

  constructor(
    readonly crowd: Crowd,
    readonly name: string,
  ) {
    this.way = crowd.server.way();
  }

  get inside(): boolean {
    return this.room?.snapshot.phase === 'joined';
  }

  get id(): string {
    return this.room?.snapshot.self?.id ?? '';
  }

  /** Opens the room and joins as soon as that is possible, as often as it takes. */
  enter(): void {
    const { env, network } = this.crowd;
    this.room = openRoom({
      url: 'ws://memory',
      room: 'crowd',
      media: this.media,
      world: {
        env,
        trace: createTrace(env, 200),
        sockets: this.way.sockets,
        wakeups: this.wakeups,
        upload: NEVER_LOADED,
        links: () => network.factory(),
      },
    });
    this.#join(this.room);
  }

  #join(room: Room): void {
    room.join({ name: this.name }).catch((error: unknown) => {
      if (!(error instanceof MaruError)) return; // The room was left.
      this.refusals.push(error.code);
      if (error.retry) this.crowd.clock.after(RETRY_MS, () => this.room === room && this.#join(room));
    });
  }

  async leave(): Promise<void> {
    const { room } = this;
    this.room = null;
    await room?.leave();
  }

  /** The page is gone: it says what it can in one turn. */
  close(): void {
    this.room?.close();
    this.room = null;
  }

  say(text: string): void {
    if (this.room?.chat(text)) this.said.push(text);
  }

  toggle(line: 'mic' | 'camera'): void {
    this.media.publish(line, this.media.published(line) ? null : TRACK);
  }

  goOffline(): void {
    this.way.offline = true;
    this.way.silence();
  }

  goOnline(): void {
    this.way.offline = false;
    this.wakeups.tell('online');
  }
}

export class Crowd {
  readonly env;
  readonly server: MemoryServer;
  readonly network: ModelNetwork;
  readonly people: Person[];

  constructor(seed: number, names: readonly string[], roomLimit = 16) {
    this.env = fakeEnv(seed);
    this.server = new MemoryServer(this.env, roomLimit);
    this.network = new ModelNetwork(this.env);
    this.people = names.map((name) => new Person(this, name));
  }

  get clock(): FakeClock {
    return this.env.clock;
  }

  get inside(): Person[] {
    return this.people.filter(({ inside }) => inside);
  }

  /** A whole number from 0 to below `n`. */
  roll(n: number): number {
    return Math.floor(this.env.random.unit() * n);
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.roll(list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}
