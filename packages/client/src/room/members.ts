// The other peers of the room: who is there, each with its link, and the rules of who offers and who can be reached.

import type { Line, Peer, PeerMessage, PeerState, Topology } from '@maru/protocol';
import type { Env } from '../env/env.js';
import type { LineTracks, LinkFactory, PeerLink, PeerLinkOptions, PreparedOffer } from '../link/peer-link.js';
import type { Trace } from '../trace/trace-event.js';
import { createEarlySignals } from './early-signals.js';
import { createMember, type Member, NOTHING_PAUSED, refreshView } from './member.js';
import { newerState } from './presence.js';
import type { PeerSnapshot, ShownWidths } from './room.js';
import { sameList } from './snapshot-store.js';
import { hear, REMOTE_LEVELS } from './speaking.js';

/** What the members need of the room around them. */
export interface MembersOptions {
  readonly env: Env;
  readonly trace: Trace;
  readonly links: LinkFactory;
  tracks(): LineTracks;
  /** Sends a signal; the members have made sure that it can be said. */
  signal(to: string, data: string): void;
  /** The control channel to a peer has opened. */
  onDataOpen(peer: string): void;
  onMessage(peer: string, message: PeerMessage): void;
  /** A path that worked is lost, or is back: what rests on the same network may be too. */
  onPathChange(): void;
  /** The list was replaced. */
  onChange(): void;
  onGone(peer: string): void;
}

/** How a newcomer is met: it was dealt our prepared offer, or it sent one, or neither. */
export interface Meeting {
  readonly prepared?: PreparedOffer | undefined;
  readonly offer?: string | null | undefined;
}

/** Makes a member's link; `former` is the one that it has so far, whose end is the maker's business. */
export type MakeLink = (options: PeerLinkOptions, former: PeerLink | null) => PeerLink;

export class Members {
  readonly #options: MembersOptions;
  readonly #members = new Map<string, Member>();
  /** Who said `bye`: a server that has not heard it yet may still name them (PEER-4). */
  readonly #departed = new Set<string>();
  readonly #early;
  /** What we show of each peer; one that is not in here is shown in full. */
  readonly shown = new Map<string, ShownWidths>();
  #list: readonly PeerSnapshot[] = [];
  /** While several things are done to the members, of which only the outcome is told. */
  #held = false;
  #closed = false;
  #order = 0;
  #signalling = false;
  /** Whether media goes from browser to browser: without that nothing is signalled between peers. */
  #mesh = true;
  #make: MakeLink;

  constructor(options: MembersOptions) {
    this.#options = options;
    this.#make = (link) => options.links.create(link);
    this.#early = createEarlySignals(options.env.clock);
  }

  /** The others in the order in which they joined. */
  get list(): readonly PeerSnapshot[] {
    return this.#list;
  }

  get ids(): string[] {
    return [...this.#members.keys()];
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** Our own order decides who offers (NEG-2). */
  setOrder(order: number): void {
    this.#order = order;
  }

  /** Whether media goes from browser to browser. */
  get mesh(): boolean {
    return this.#mesh;
  }

  /** How the room's media flows now. Links that are of another way do nothing more about their path. */
  setTopology(topology: Topology): void {
    const mesh = topology === 'mesh';
    if (mesh === this.#mesh) return;
    this.#mesh = mesh;
    for (const member of this.#members.values()) this.#reach(member);
  }

  /** Makes all links by other means from now on, those of the members at once. */
  relink(make: MakeLink): void {
    this.#make = make;
    for (const member of this.#members.values()) {
      // What is sent now, not what was sent when they met.
      member.link = make({ ...member.options, tracks: this.#options.tracks() }, member.link);
      member.sees = null;
      member.paused = NOTHING_PAUSED;
      this.#reach(member, false, true);
      this.#linkChanged(member);
    }
  }

  /** Does several things to the members, and tells once what came of them. */
  together(task: () => void): void {
    this.#held = true;
    try {
      task();
    } finally {
      this.#held = false;
      this.#changed();
    }
  }

  /** Meets a peer, or takes over what the server says of one that is known. */
  add(peer: Peer, { prepared, offer }: Meeting = {}): void {
    if (this.#members.has(peer.id)) this.#update(peer);
    else if (!this.#departed.has(peer.id)) this.#meet(peer, { prepared, offer });
    else prepared?.dispose();
  }

  setState(id: string, state: PeerState): void {
    const member = this.#members.get(id);
    if (!member) return;
    member.peer = { ...member.peer, state: newerState(member.peer.state, state) };
    this.#changed(member);
  }

  /** The peer has lost its socket; its place is kept. */
  away(id: string): void {
    const member = this.#members.get(id);
    if (!member) return;
    member.peer = { ...member.peer, presence: 'away' };
    this.#reach(member);
    this.#changed(member);
  }

  /**
   * A resumed room does not name this peer. A rebuilt server may hear of it yet: it is kept as away for the grace
   * period (RES-8), also when we resume once more meanwhile. Otherwise it is gone.
   */
  missing(id: string, rebuilt: boolean, graceMs: number): void {
    const member = this.#members.get(id);
    if (!member) return;
    const { clock } = this.#options.env;
    if (rebuilt) member.keptUntil = clock.now() + graceMs;
    if (member.keptUntil <= clock.now()) {
      this.remove(id);
      return;
    }
    this.away(id);
    member.expiry?.cancel();
    // While signalling is down nothing is known; the next resume decides.
    member.expiry = clock.after(member.keptUntil - clock.now(), () => this.#signalling && this.remove(id));
  }

  /** The peer is gone for good. `departed` when it said so itself, and the server has yet to say so. */
  remove(id: string, departed = false): void {
    if (departed) this.#departed.add(id);
    else this.#departed.delete(id);
    const member = this.#members.get(id);
    if (!member) return;
    this.#members.delete(id);
    member.expiry?.cancel();
    member.link.close();
    this.#options.trace.record({ kind: 'room', step: 'peer-left', peer: id });
    this.#options.onGone(id);
    this.#changed();
  }

  /** Hands a signal to the link of the peer that it came from. */
  receive(from: string, data: string): void {
    const member = this.#members.get(from);
    if (!this.#mesh) return;
    if (member) member.link.receive(data);
    else if (!this.#departed.has(from)) this.#early.keep(from, data);
  }

  /** A signal to this peer was refused: it cannot be reached until the server says that it is back. */
  refuse(id: string): void {
    const member = this.#members.get(id);
    if (!member) return;
    member.refused = true;
    this.#reach(member);
  }

  /** Whether signals can be sent at all now (LAD-5). */
  setSignalling(works: boolean): void {
    this.#signalling = works;
    for (const member of this.#members.values()) this.#reach(member, true);
  }

  setTrack(line: Line, track: MediaStreamTrack | null): void {
    for (const { link, paused } of this.#members.values())
      link.setTrack(line, paused.has(line) ? null : track);
  }

  /** Tries again every link that is not well. */
  retry(): void {
    for (const { link } of this.#members.values()) {
      if (link.snapshot.phase === 'failed' || link.snapshot.phase === 'reconnecting') link.retry();
    }
  }

  /** The network may have changed: every link looks whether it still works. */
  hint(): void {
    for (const { link } of this.#members.values()) link.hint();
  }

  /** Sends to one peer over its control channel; false when that is not open. */
  send(id: string, message: PeerMessage): boolean {
    return this.#members.get(id)?.link.send(message) ?? false;
  }

  sendAll(message: PeerMessage): void {
    for (const { link, dataOpen } of this.#members.values()) if (dataOpen) link.send(message);
  }

  /** Looks at everyone's level once. */
  listen(now: number): void {
    for (const member of this.#members.values()) {
      member.speaking = hear(member.speaking, member.link.level(), now, REMOTE_LEVELS);
      refreshView(member);
    }
    this.#changed();
  }

  /** Lets go of every link without a word. Those named stay people that we know; without names it is for good. */
  clear(stay?: readonly string[]): void {
    const members = [...this.#members.values()];
    this.#closed ||= !stay;
    this.#members.clear();
    for (const { peer, link, expiry } of members) {
      expiry?.cancel();
      link.close();
      if (!stay?.includes(peer.id)) this.#options.onGone(peer.id);
    }
    this.#changed();
  }

  #meet(peer: Peer, { prepared, offer }: Meeting): void {
    // Set once there is a member; a link whose member was replaced or removed is not heard any more.
    let member: Member | undefined;
    const current = (): Member | null => (member && this.#members.get(peer.id) === member ? member : null);
    const options: PeerLinkOptions = {
      peer: peer.id,
      polite: this.#order < peer.order,
      tracks: this.#options.tracks(),
      events: {
        onChange: () => this.#linkChanged(current()),
        // While it is made, an adopted offer already says the candidates that came late.
        onSignal: (data) => (!member || current()) && this.#options.signal(peer.id, data),
        onMessage: (message) => current() && this.#options.onMessage(peer.id, message),
      },
      expects: (line) => this.#expects(peer.id, line),
    };
    if (!this.#mesh) prepared?.dispose();
    const link = prepared && this.#mesh ? prepared.adopt(options) : this.#make(options, null);
    // Whoever listens may close the room at any step, and nothing may be left behind then.
    if (this.#closed) {
      link.close();
      return;
    }
    member = createMember(peer, link, options);
    this.#members.set(peer.id, member);
    this.#reach(member);
    if (offer) this.receive(peer.id, offer);
    for (const data of this.#early.take(peer.id)) link.receive(data);
    this.#changed(member);
  }

  /** A line that the peer says it sends, and that we have not said we do not show. */
  #expects(id: string, line: Line): boolean {
    const state = this.#members.get(id)?.peer.state;
    if (line === 'mic') return state?.mic === true;
    return line === 'camera' && state?.camera === true && this.shown.get(id)?.camera !== 0;
  }

  #update(peer: Peer): void {
    const member = this.#members.get(peer.id);
    if (!member) return;
    member.expiry?.cancel();
    member.expiry = null;
    member.keptUntil = 0;
    member.peer = { ...peer, state: newerState(member.peer.state, peer.state) };
    member.refused = false;
    this.#reach(member, true);
    this.#changed(member);
  }

  /**
   * Tells the link whether it can be heard; one that can again says what may have been lost (RES-9), and a `fresh` one
   * is offered whatever its former shows meanwhile.
   */
  #reach(member: Member, back = false, fresh = false): void {
    const { link, peer, refused } = member;
    const reachable = this.#signalling && !refused && peer.presence === 'present';
    link.setReachable(reachable && this.#mesh);
    if (!reachable) return;
    if (!this.#mesh) {
      if (back) link.hint();
      return;
    }
    if (link.snapshot.phase !== 'new' && !fresh) {
      if (!back) return;
      link.resync();
      link.hint();
    } else if (this.#order > peer.order) {
      link.offer();
    }
  }

  #linkChanged(member: Member | null): void {
    if (!member) return;
    const { dataOpen, phase } = member.link.snapshot;
    const opened = dataOpen && !member.dataOpen;
    const moved = phase !== member.phase && [phase, member.phase].includes('reconnecting');
    member.dataOpen = dataOpen;
    member.phase = phase;
    this.#changed(member);
    if (moved && phase !== 'closed') this.#options.onPathChange();
    if (opened) this.#options.onDataOpen(member.peer.id);
  }

  #changed(member?: Member): void {
    if (member) refreshView(member);
    const members = [...this.#members.values()].sort((a, b) => a.peer.order - b.peer.order);
    const list = sameList(
      this.#list,
      members.map(({ view }) => view),
    );
    if (this.#held || list === this.#list) return;
    this.#list = list;
    this.#options.onChange();
  }
}
