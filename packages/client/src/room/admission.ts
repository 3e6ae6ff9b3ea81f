// Coming in, coming back and going: join, resume, joining again, leave (ROOM, RES-8, RES-10).

import type { PeerState, ServerMessageOf, Topology } from '@maru/protocol';
import type { Env } from '../env/env.js';
import { MaruError } from '../maru-error.js';
import type { Channel } from '../signalling/channel.js';
import type { Trace } from '../trace/trace-event.js';
import type { IceServers } from './ice-servers.js';
import type { Lobby } from './lobby.js';
import type { Members } from './members.js';
import type { ReadyOffer } from './prepared-offers.js';
import type { Inside, Joining, Stance } from './stance.js';

/** How long a join may take in all, including the wait for a socket. */
export const JOIN_MS = 15_000;
/** How long `leave` waits for the server's answer, which also gives `bye` the time to go out. */
export const LEAVE_MS = 1_000;
/** The same while there is no server to answer: enough for a `bye` on a control channel. */
export const FLUSH_MS = 200;

const ATTEMPT_LENGTH = 16;

export interface AdmissionOptions {
  readonly room: string;
  readonly env: Env;
  readonly trace: Trace;
  readonly channel: Channel;
  readonly lobby: Lobby;
  readonly members: Members;
  readonly iceServers: IceServers;
  /** How a room that this client makes begins; undefined leaves it to the server. */
  readonly topology: Topology | undefined;
  /** Our state as of now. */
  state(): PeerState;
  /** The server knows us by this state; what has changed since must be said. */
  onSynced(told: PeerState): void;
  /** The stance or what it holds has changed. */
  onChange(): void;
  /** The room was left, and everything must be freed. */
  onLeft(): void;
}

export class Admission {
  readonly #options: AdmissionOptions;
  #stance: Stance = { at: 'lobby', error: null };
  /** The mark of our next place: the same until an answer has told that we have it (ROOM-13). */
  #attempt: string;
  #leaving: Promise<void> | null = null;
  #endWait: (() => void) | null = null;
  /** Why the channel was closed for good. */
  #shut: MaruError | null = null;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#attempt = options.env.random.id(ATTEMPT_LENGTH);
  }

  get stance(): Stance {
    return this.#stance;
  }

  /** The stance when inside. */
  get inside(): Inside | null {
    return this.#stance.at === 'inside' ? this.#stance : null;
  }

  /** A socket is open: say on it what this stance needs. */
  up(): void {
    const stance = this.#stance;
    if (stance.at === 'lobby') this.#options.lobby.peek();
    else if (stance.at === 'joining') this.#sendJoin(stance);
    else if (stance.at === 'inside') this.#resume(stance);
  }

  down(): void {
    const stance = this.#stance;
    // Whether a join that was on its way arrived is not known; it is sent anew on the next socket.
    if (stance.at === 'joining') stance.sent = false;
    if (stance.at === 'inside') stance.synced = false;
    this.#options.members.setSignalling(false);
    this.#options.lobby.down();
  }

  join(name: string, signal?: AbortSignal): Promise<void> {
    if (this.#stance.at === 'left') throw new Error('the room was left');
    if (this.#stance.at !== 'lobby') return Promise.reject(new MaruError('already-joined'));
    if (this.#shut) return Promise.reject(this.#shut);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { env, channel, lobby } = this.#options;
    return new Promise((resolve, reject) => {
      const deadline = env.clock.after(JOIN_MS, () =>
        this.#refuse(joining, new MaruError(joining.sent ? 'request-timeout' : 'server-unreachable')),
      );
      const joining: Joining = { at: 'joining', name, deadline, sent: false, resolve, reject };
      signal?.addEventListener('abort', () => this.#refuse(joining, signal.reason), { once: true });
      lobby.hold(true);
      this.#become(joining);
      if (channel.up) this.#sendJoin(joining);
      else channel.wake();
    });
  }

  /** The channel is closed for good: nothing that is wanted of the server will come. */
  channelClosed(error: MaruError): void {
    const stance = this.#stance;
    this.#shut = error;
    if (stance.at === 'joining') this.#refuse(stance, error);
    // Another connection holds our place and our links: without a `bye`, which would end those too.
    if (stance.at === 'inside' && error.code === 'replaced-elsewhere') this.close(error);
  }

  leave(): Promise<void> {
    this.#leaving ??= new Promise((resolve) => {
      const { channel, members, env } = this.#options;
      const wasInside = this.inside !== null;
      const done = (): void => {
        timer.cancel();
        this.#options.onLeft();
        resolve();
      };
      if (wasInside) members.sendAll({ type: 'bye' });
      const wait = wasInside ? (channel.up ? LEAVE_MS : FLUSH_MS) : 0;
      const timer = env.clock.after(wait, done);
      this.#endWait = done;
      this.#end(null);
      if (wasInside && channel.up) channel.ask('leave', {}, { answered: done, failed: done });
    });
    return this.#leaving;
  }

  /** Ends at once; what can still be said is said. */
  close(error: MaruError | null = null): void {
    const { channel, members, onLeft } = this.#options;
    if (this.inside && !error) {
      members.sendAll({ type: 'bye' });
      channel.ask('leave', {}, {});
    }
    if (this.#stance.at !== 'left') this.#end(error);
    this.#endWait?.();
    onLeft();
  }

  #end(error: MaruError | null): void {
    const stance = this.#stance;
    this.#options.trace.record({ kind: 'room', step: 'left' });
    if (stance.at === 'joining') this.#takeBack(stance);
    this.#become({ at: 'left', error });
    if (stance.at !== 'joining') return;
    stance.reject(error ?? new DOMException('the room was left', 'AbortError'));
  }

  #become(stance: Stance): void {
    this.#stance = stance;
    this.#options.onChange();
  }

  #sendJoin(joining: Joining): void {
    const { offers } = this.#options.lobby;
    const taken = offers.take();
    joining.sent = true;
    this.#ask(joining, taken, (error) => {
      // With the socket lost the server may have dealt them; otherwise they were not touched.
      if (error.code === 'server-unreachable' || this.#stance !== joining) return free(taken);
      offers.giveBack(taken);
      joining.sent = false;
      this.#refuse(joining, error);
    });
    // What goes right behind it goes now.
    this.#options.onChange();
  }

  /** Asks for a place. The answer counts as long as the stance is the one that it was asked for. */
  #ask(stance: Joining | Inside, offers: readonly ReadyOffer[], failed: (error: MaruError) => void): void {
    const { channel, room, topology } = this.#options;
    const { name } = stance;
    const state = this.#options.state();
    channel.ask(
      'join',
      {
        room,
        name,
        state,
        offers: offers.map(({ data }) => data),
        attempt: this.#attempt,
        ...(topology && { topology }),
      },
      {
        answered: (answer) => {
          if (this.#stance === stance) this.#enter(stance, answer, state, offers);
          // Disposing of an offer that was adopted does nothing.
          free(offers);
        },
        failed,
      },
    );
  }

  /** Back to the lobby, with the reason. */
  #refuse(joining: Joining, error: unknown): void {
    if (this.#stance !== joining) return;
    const { channel, lobby } = this.#options;
    this.#takeBack(joining);
    lobby.hold(false);
    this.#become({ at: 'lobby', error: error instanceof MaruError ? error : null });
    if (channel.up && (joining.sent || !lobby.peeked)) lobby.peek();
    joining.reject(error);
  }

  /** A join on its way is taken back right behind it: the server handles the two in this order (HS-3). */
  #takeBack({ deadline, sent }: Joining): void {
    deadline.cancel();
    if (sent) this.#options.channel.ask('leave', {}, {});
  }

  #enter(
    former: Joining | Inside,
    answer: ServerMessageOf<'joined'>,
    told: PeerState,
    offers: readonly ReadyOffer[],
  ): void {
    const { env, lobby, members, trace } = this.#options;
    const { self, room: info, token, peers } = answer;
    this.#attempt = env.random.id(ATTEMPT_LENGTH);
    // Told only with its members in it: whoever listens may leave again at once.
    this.#stance = { at: 'inside', name: former.name, self, info, token, synced: true };
    trace.record({ kind: 'room', step: 'joined', peer: self.id });
    this.#synced(answer, told, () => {
      members.clear(peers.map(({ id }) => id));
      members.setSignalling(true);
      for (const { offer, ...peer } of peers) {
        members.add(peer, { prepared: offer === null ? undefined : offers[offer]?.prepared });
      }
    });
    lobby.close();
    if (former.at === 'inside') return;
    former.deadline.cancel();
    former.resolve();
  }

  /** The server knows us on this socket: takes over what it says of the room, all of it before anyone is told. */
  #synced(
    { self, room, iceServers }: ServerMessageOf<'joined' | 'resumed'>,
    told: PeerState,
    meet: () => void,
  ): void {
    const { members, onChange, onSynced } = this.#options;
    this.#options.iceServers.set(iceServers, this.#options.env.clock);
    members.setOrder(self.order);
    members.setTopology(room.topology);
    members.together(meet);
    onChange();
    onSynced(told);
  }

  #resume(inside: Inside): void {
    const { channel } = this.#options;
    const state = this.#options.state();
    const { token, name, info } = inside;
    const failed = (error: MaruError): void => this.#failedInside(inside, error);
    channel.ask(
      'resume',
      { token, name, state, locked: info.locked, topology: info.topology, epoch: info.epoch },
      {
        answered: (answer) => this.#stance === inside && this.#resumed(inside, answer, state),
        failed: (error) => {
          // RES-10: take another place under the same name. Until the answer the links stay as they are.
          if (error.code === 'resume-refused') this.#ask(inside, [], failed);
          else failed(error);
        },
      },
    );
  }

  #resumed(inside: Inside, answer: ServerMessageOf<'resumed'>, told: PeerState): void {
    const { members, trace } = this.#options;
    trace.record({ kind: 'socket', state: 'resumed' });
    inside.self = answer.self;
    inside.info = answer.room;
    inside.token = answer.token;
    inside.synced = true;
    const named = new Set(answer.peers.map(({ id }) => id));
    this.#synced(answer, told, () => {
      for (const id of members.ids) {
        if (!named.has(id)) members.missing(id, answer.rebuilt, answer.graceMs);
      }
      for (const peer of answer.peers) members.add(peer);
      members.setSignalling(true);
    });
  }

  #failedInside(inside: Inside, error: MaruError): void {
    // A lost socket resumes when it is back.
    if (this.#stance !== inside || error.code === 'server-unreachable') return;
    const shut = error.code === 'room-full' || error.code === 'room-locked';
    if (error.retry && !shut) this.#options.channel.backOff(error.detail.retryAfterMs);
    else this.close(error);
  }
}

function free(offers: readonly ReadyOffer[]): void {
  for (const { prepared } of offers) prepared.dispose();
}
