// A model of links for tests with many rooms: they find each other by signals alone, and then talk past the server.

import type { PeerMessage } from '@maru/protocol';
import type { Env, Timer } from '../../src/env/env.js';
import type { LinkPhase, LinkSnapshot, RemoteLine } from '../../src/link/link.js';
import type { LinkFactory, PeerLink, PeerLinkOptions, PreparedOffer } from '../../src/link/peer-link.js';

const SILENT_LINE: RemoteLine = { track: null, receiving: false };
/** How long an end that is not connected waits before it offers afresh; the polite one twice that (LAD-6). */
const REBUILD_MS = 5_000;
/** How long a message takes from peer to peer. */
const FLIGHT_MS = 20;

interface Said {
  readonly kind: 'offer' | 'answer';
  readonly link: string;
}

/** The paths between browsers: both ends of a link id that have agreed on it are connected. */
export class ModelNetwork {
  readonly #ends = new Map<string, Set<ModelLink>>();

  constructor(readonly env: Env) {}

  /** A factory for one browser's links. */
  factory(): LinkFactory {
    return {
      create: (options) => new ModelLink(this, options, null),
      prepare: (): PreparedOffer => {
        const link = this.env.random.id(12);
        return {
          data: Promise.resolve(JSON.stringify({ kind: 'offer', link } satisfies Said)),
          setTrack() {}, // A model sends nothing, so it has nothing to switch.
          adopt: (options) => new ModelLink(this, options, link),
          dispose() {}, // There is nothing to free in a model.
        };
      },
    };
  }

  attach(id: string, end: ModelLink): void {
    const ends = this.#ends.get(id) ?? new Set();
    this.#ends.set(id, ends.add(end));
    if (ends.size === 2) for (const each of ends) each.connected();
  }

  detach(id: string, end: ModelLink): void {
    const ends = this.#ends.get(id);
    if (!ends?.delete(end)) return;
    for (const other of ends) other.disconnected();
    if (ends.size === 0) this.#ends.delete(id);
  }

  deliver(id: string, from: ModelLink, message: PeerMessage): void {
    this.env.clock.after(FLIGHT_MS, () => {
      for (const end of this.#ends.get(id) ?? []) if (end !== from) end.hear(message);
    });
  }

  /** How many links still hold something. */
  get size(): number {
    return this.#ends.size;
  }
}

class ModelLink implements PeerLink {
  snapshot: LinkSnapshot = {
    phase: 'new',
    step: 'rest',
    reason: null,
    lines: { mic: SILENT_LINE, camera: SILENT_LINE, screen: SILENT_LINE, screenAudio: SILENT_LINE },
    dataOpen: false,
    stats: null,
  };
  #offered: string | null = null;
  #agreed: { readonly link: string; readonly answered: boolean } | null = null;
  #reachable = false;
  #timer: Timer | null = null;
  #closed = false;

  constructor(
    readonly network: ModelNetwork,
    readonly options: PeerLinkOptions,
    adopted: string | null,
  ) {
    this.#offered = adopted;
    if (adopted || options.polite) this.#become('connecting');
  }

  offer(): void {
    if (this.#offered || this.#agreed) return;
    this.#rebuild();
  }

  receive(data: string): void {
    const { kind, link } = JSON.parse(data) as Said;
    if (kind === 'answer') {
      if (link === this.#offered) this.#agree(link, false);
    } else if (link === this.#agreed?.link) {
      this.#say('answer', link);
    } else if (!this.#offered || this.options.polite) {
      this.#agree(link, true);
      this.#say('answer', link);
    }
  }

  resync(): void {
    if (this.#offered) this.#say('offer', this.#offered);
    else if (this.#agreed?.answered) this.#say('answer', this.#agreed.link);
  }

  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    this.#watch();
  }

  send(message: PeerMessage): boolean {
    if (!this.snapshot.dataOpen || !this.#agreed) return false;
    this.network.deliver(this.#agreed.link, this, message);
    return true;
  }

  hint(): void {} // A model's paths do not change under it.

  retry(): void {
    this.#watch();
  }

  setTrack(): void {} // A model sends nothing.

  sender(): null {
    return null;
  }

  level(): number {
    return 0;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#letGo();
  }

  connected(): void {
    this.#become('connected');
  }

  disconnected(): void {
    this.#become('reconnecting');
  }

  hear(message: PeerMessage): void {
    if (!this.#closed) this.options.events.onMessage(message);
  }

  #agree(link: string, answered: boolean): void {
    this.#letGo();
    this.#offered = null;
    this.#agreed = { link, answered };
    this.network.attach(link, this);
  }

  #letGo(): void {
    const former = this.#agreed;
    this.#agreed = null;
    if (former) this.network.detach(former.link, this);
  }

  #rebuild(): void {
    this.#letGo();
    this.#offered = this.network.env.random.id(12);
    this.#say('offer', this.#offered);
    this.#become('connecting');
  }

  /** The ladder, in one step: an end that is not connected offers afresh, while it can be heard. */
  #watch(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const { phase } = this.snapshot;
    if (this.#closed || !this.#reachable || phase === 'connected' || phase === 'new') return;
    const ms = this.options.polite ? 2 * REBUILD_MS : REBUILD_MS;
    this.#timer = this.network.env.clock.after(ms, () => this.#rebuild());
  }

  #say(kind: Said['kind'], link: string): void {
    this.options.events.onSignal(JSON.stringify({ kind, link } satisfies Said));
  }

  #become(phase: LinkPhase): void {
    if (this.#closed) return;
    this.snapshot = { ...this.snapshot, phase, dataOpen: phase === 'connected' };
    this.#watch();
    this.options.events.onChange(this.snapshot);
  }
}
