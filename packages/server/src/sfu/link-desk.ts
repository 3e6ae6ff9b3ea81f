// Whose link is whose: carries out what the rooms decide about links of the SFU, and tells clients what becomes of theirs.

import type { Logger } from 'pino';
import type { SfuEffect, SocketEffect } from '../room/effect.js';
import type { EarlySeats, OpenResult } from './worker-message.js';

/** What the desk needs of the SFU. Links go by keys of the desk's own, as clients choose their ids each for itself. */
export interface LinkServer {
  open(key: string, room: string, offer: string): Promise<OpenResult>;
  seat(key: string, peer: string): void;
  close(key: string): void;
}

/** Most links of one client at a time: the one that stands, and those that have not come so far (SFU-9). */
const MAX_LINKS = 5;
/** What a client with too many links is told to wait, in milliseconds: by then most have come to something. */
const RETRY_AFTER_MS = 2_000;

/** One who has links: a connection that looks in from outside, or a peer, whether it is present or away. */
interface Owner {
  connection: number | null;
  peer: string | null;
  /** By the client's own ids, in the order in which they were offered. */
  readonly links: Map<string, Link>;
  /** Lost while the peer was away; it is told when it is back. */
  readonly untold: string[];
}

interface Link {
  readonly key: string;
  readonly id: string;
  readonly room: string;
  owner: Owner;
  phase: 'opening' | 'open' | 'seated' | 'closed';
}

type Open = Extract<SfuEffect, { kind: 'sfu-open' }>;

export class LinkDesk {
  readonly #server: LinkServer;
  readonly #mail: (effect: SocketEffect) => void;
  readonly #log: Pick<Logger, 'debug' | 'error'>;
  readonly #byConnection = new Map<number, Owner>();
  readonly #byPeer = new Map<string, Owner>();
  readonly #links = new Map<string, Link>();
  readonly #inRoom = new Map<string, Set<Link>>();
  #lastKey = 0;

  constructor(
    server: LinkServer,
    mail: (effect: SocketEffect) => void,
    log: Pick<Logger, 'debug' | 'error'>,
  ) {
    this.#server = server;
    this.#mail = mail;
    this.#log = log;
  }

  perform(effect: SfuEffect): void {
    switch (effect.kind) {
      case 'sfu-open':
        this.#open(effect).catch((error: unknown) => {
          this.#log.error({ err: error }, 'link request failed');
          this.#refuse(effect, 'internal');
        });
        return;
      case 'sfu-sit':
        this.#sit(effect.connection, effect.room, effect.peer);
        return;
      case 'sfu-disconnect':
        this.#disconnected(effect.connection);
        return;
      case 'sfu-unwatch':
        this.#release(this.#byConnection.get(effect.connection));
        return;
      case 'sfu-leave':
        this.#release(this.#byPeer.get(effect.peer));
        return;
      case 'sfu-close':
        for (const link of [...(this.#inRoom.get(effect.room) ?? [])]) this.#close(link);
        return;
    }
  }

  /** The SFU has ended a link: its client is told to offer another (SFU-13), unless a later one is there already. */
  closed(key: string, reason: string): void {
    const link = this.#links.get(key);
    if (!link) return;
    const { owner, id } = link;
    this.#log.debug({ reason }, 'link ended');
    const later = [...owner.links.values()].some(
      (other) => other.phase !== 'opening' && Number(other.key) > Number(key),
    );
    this.#drop(link);
    if (!later) {
      owner.untold.push(id);
      this.#tellLost(owner);
    }
    this.#forget(owner);
  }

  /** Who is in the slots of a link, for a client that cannot be told on its control channel yet (SFU-17). */
  seated({ link: key, rev, seats }: EarlySeats): void {
    const link = this.#links.get(key);
    if (link?.phase !== 'seated' || link.owner.connection === null) return;
    const message = { type: 'sfu-seats', link: link.id, rev, seats } as const;
    this.#mail({ kind: 'send', to: link.owner.connection, message });
  }

  async #open(effect: Open): Promise<void> {
    const { connection, room, peer, link: id, offer } = effect;
    const owner = this.#ownerOf(connection, peer);
    const former = owner.links.get(id);
    // The same link once more, as when its answer was lost: it begins anew.
    if (former) this.#close(former, owner);
    if (owner.links.size >= MAX_LINKS) {
      this.#refuse(effect, 'too-fast');
      return;
    }
    const link: Link = { key: String(++this.#lastKey), id, room, owner, phase: 'opening' };
    owner.links.set(id, link);
    this.#links.set(link.key, link);
    const neighbours = this.#inRoom.get(room);
    if (neighbours) neighbours.add(link);
    else this.#inRoom.set(room, new Set([link]));

    const result = await this.#server.open(link.key, room, offer);
    if (!result.ok) {
      this.#log.debug({ code: result.code, reason: result.reason }, 'link refused');
      const { owner: last } = link;
      this.#drop(link);
      this.#forget(last);
      this.#refuse(effect, result.code);
    } else if (link.owner.links.get(id) !== link || link.owner.connection !== connection) {
      // Whoever has asked is no longer there to hear the answer, and without it the link comes to nothing.
      this.#close(link);
      this.#server.close(link.key);
      this.#refuse(effect, 'sfu-unavailable');
    } else {
      link.phase = 'open';
      this.#settle(link);
      this.#mail({
        kind: 'send',
        to: connection,
        message: { type: 'sfu-answer', re: effect.re, answer: result.answer },
      });
    }
  }

  /** A link of a peer is given to it, and takes the place of its former one when it stands (SFU-11); of others, at once. */
  #settle(link: Link): void {
    const { owner } = link;
    if (owner.peer !== null) {
      link.phase = 'seated';
      this.#server.seat(link.key, owner.peer);
      return;
    }
    for (const other of [...owner.links.values()]) {
      if (other !== link && other.phase === 'open') this.#close(other);
    }
  }

  /** The connection is a peer's, by joining or by coming back: so are the links that came with it (SFU-10, SFU-12). */
  #sit(connection: number, room: string, peer: string): void {
    const newcomer = this.#byConnection.get(connection);
    const known = this.#byPeer.get(peer);
    const owner = known ?? newcomer;
    if (!owner) return;
    if (known && newcomer && newcomer !== known) this.#adopt(known, newcomer);
    if (owner.connection !== null) this.#byConnection.delete(owner.connection);
    owner.connection = connection;
    owner.peer = peer;
    this.#byConnection.set(connection, owner);
    this.#byPeer.set(peer, owner);
    for (const link of [...owner.links.values()]) {
      if (link.room !== room) this.#close(link, owner);
      else if (link.phase === 'open') this.#settle(link);
    }
    this.#tellLost(owner);
    this.#forget(owner);
  }

  #adopt(owner: Owner, from: Owner): void {
    for (const link of from.links.values()) {
      const same = owner.links.get(link.id);
      if (same) this.#close(same, owner);
      link.owner = owner;
      owner.links.set(link.id, link);
    }
    from.links.clear();
  }

  #disconnected(connection: number): void {
    const owner = this.#byConnection.get(connection);
    if (owner?.peer === null) {
      this.#release(owner);
    } else if (owner) {
      this.#byConnection.delete(connection);
      owner.connection = null;
    }
  }

  /** All that was an owner's ends. */
  #release(owner: Owner | undefined): void {
    if (!owner) return;
    owner.untold.length = 0;
    for (const link of [...owner.links.values()]) this.#close(link, owner);
    this.#forget(owner);
  }

  /** Tells what was lost, as soon as there is someone to be told. */
  #tellLost(owner: Owner): void {
    const { connection } = owner;
    if (connection === null) return;
    for (const link of owner.untold.splice(0)) {
      this.#mail({ kind: 'send', to: connection, message: { type: 'sfu-lost', link } });
    }
  }

  #refuse(effect: Open, code: Extract<SocketEffect, { kind: 'refuse' }>['code']): void {
    const { connection: to, re } = effect;
    const wait = code === 'too-fast' ? { retryAfterMs: RETRY_AFTER_MS } : {};
    this.#mail({ kind: 'refuse', to, re, code, ...wait });
  }

  /** Ends a link. Its owner is forgotten with its last one, unless the caller goes on with it. */
  #close(link: Link, goesOn: Owner | null = null): void {
    if (link.phase === 'closed') return;
    this.#drop(link);
    this.#server.close(link.key);
    if (link.owner !== goesOn) this.#forget(link.owner);
  }

  #drop(link: Link): void {
    const { owner, id, key, room } = link;
    link.phase = 'closed';
    this.#links.delete(key);
    if (owner.links.get(id) === link) owner.links.delete(id);
    const neighbours = this.#inRoom.get(room);
    neighbours?.delete(link);
    if (neighbours?.size === 0) this.#inRoom.delete(room);
  }

  #ownerOf(connection: number, peer: string | null): Owner {
    const known = (peer !== null && this.#byPeer.get(peer)) || this.#byConnection.get(connection);
    const owner: Owner = known || { connection, peer, links: new Map(), untold: [] };
    owner.connection = connection;
    owner.peer = peer;
    this.#byConnection.set(connection, owner);
    if (peer !== null) this.#byPeer.set(peer, owner);
    return owner;
  }

  #forget(owner: Owner): void {
    if (owner.links.size > 0 || owner.untold.length > 0) return;
    const { connection, peer } = owner;
    if (connection !== null && this.#byConnection.get(connection) === owner) {
      this.#byConnection.delete(connection);
    }
    if (peer !== null && this.#byPeer.get(peer) === owner) this.#byPeer.delete(peer);
  }
}
