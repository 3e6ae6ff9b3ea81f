// Offers made ready in the lobby: one per peer inside, fresh, and adjusted to who comes and goes (DESIGN 4.1).

import type { Clock, Timer } from '../env/env.js';
import type { LineTracks, LinkFactory, PreparedOffer } from '../link/peer-link.js';

/** An offer older than this is made again: NAT bindings of gathered candidates last about 5 min (RFC 4787, REQ-5). */
export const OFFER_AGE_MS = 240_000;
/** Most offers held: each holds sockets, and who joins a fuller room offers to the rest once inside. */
export const MOST_OFFERS = 8;

interface Entry {
  /** Undefined when not even a connection could be made. */
  readonly prepared: PreparedOffer | undefined;
  readonly madeAt: number;
  data: string | null;
  /** Failed to be made: it counts as settled, so that joining does not wait for it. */
  failed: boolean;
}

/** An offer that can be sent now. */
export interface ReadyOffer {
  readonly prepared: PreparedOffer;
  readonly data: string;
  readonly madeAt: number;
}

export interface PreparedOffers {
  /** True when an offer for each wanted peer is ready, or could not be made. */
  readonly ready: boolean;
  /** How many offers are wanted from now on. */
  want(count: number): void;
  /** Makes all offers again, because what they rest on has changed. Those before serve until then. */
  renew(): void;
  setTrack(...change: Parameters<PreparedOffer['setTrack']>): void;
  /** Takes out the offers that are ready; they are the caller's from then on. The rest goes on being made. */
  take(): readonly ReadyOffer[];
  /** Gives back offers that were not used. */
  giveBack(offers: readonly ReadyOffer[]): void;
  /** Frees every offer that was not taken. */
  close(): void;
}

export interface PreparedOffersOptions {
  readonly clock: Clock;
  readonly links: Pick<LinkFactory, 'prepare'>;
  /** Longest offer that can be sent, in UTF-16 units. */
  readonly longest: number;
  /** Bytes of a `join` that all offers together may take, and how many a text takes. */
  readonly most: number;
  sizeOf(text: string): number;
  tracks(): LineTracks;
  onChange(): void;
}

export function createPreparedOffers(options: PreparedOffersOptions): PreparedOffers {
  const { clock, links, longest, most, sizeOf, onChange } = options;
  let wanted = 0;
  let fresh: Entry[] = [];
  // Offers that are to be replaced, but still serve until their successors are ready.
  let old: Entry[] = [];
  let timer: Timer | null = null;

  const usable = (): Entry[] => [...fresh, ...old].filter(({ data }) => data !== null);

  function make(): void {
    const entry: Entry = { prepared: prepare(), madeAt: clock.now(), data: null, failed: false };
    fresh.push(entry);
    entry.failed = !entry.prepared;
    entry.prepared?.data.then(
      (data) => settle(entry, data.length > longest ? null : data),
      // The link factory has traced why; joining works without the offer.
      () => settle(entry, null),
    );
  }

  function prepare(): PreparedOffer | undefined {
    try {
      return links.prepare(options.tracks());
    } catch {
      // A browser has only so many connections, and says so from the constructor: an offer that failed like any other.
      return undefined;
    }
  }

  function settle(entry: Entry, data: string | null): void {
    if (!fresh.includes(entry)) return;
    entry.data = data;
    entry.failed = data === null;
    if (data !== null) free(old.splice(0, 1));
    onChange();
  }

  function adjust(): void {
    while (fresh.length < wanted) make();
    free([...fresh.splice(wanted), ...old.splice(wanted)]);
    schedule();
  }

  function schedule(): void {
    timer?.cancel();
    timer = null;
    const oldest = fresh[0];
    if (!oldest) return;
    timer = clock.after(oldest.madeAt + OFFER_AGE_MS - clock.now(), renew);
  }

  function renew(): void {
    free([...fresh, ...old].filter(({ data }) => data === null));
    old = usable();
    fresh = [];
    adjust();
    onChange();
  }

  return {
    get ready() {
      const settled = fresh.filter(({ data, failed }) => failed || data !== null).length;
      return Math.max(settled, usable().length) >= wanted;
    },
    want(count) {
      wanted = Math.min(count, MOST_OFFERS);
      adjust();
    },
    renew,
    setTrack(...change) {
      for (const { prepared } of [...fresh, ...old]) prepared?.setTrack(...change);
    },
    take() {
      let room = most;
      const taken: ReadyOffer[] = [];
      for (const { prepared, data, madeAt } of usable()) {
        if (data === null || !prepared) continue;
        // As it will stand in the message: quoted, with its line ends escaped.
        const bytes = sizeOf(JSON.stringify(data)) + 1;
        if (bytes > room) continue;
        room -= bytes;
        taken.push({ prepared, data, madeAt });
      }
      const gone = new Set<PreparedOffer | undefined>(taken.map(({ prepared }) => prepared));
      fresh = fresh.filter(({ prepared }) => !gone.has(prepared));
      old = old.filter(({ prepared }) => !gone.has(prepared));
      return taken;
    },
    giveBack(offers) {
      const entries = offers.map((offer) => ({ ...offer, failed: false }));
      fresh = [...entries, ...fresh];
      adjust();
      onChange();
    },
    close() {
      wanted = 0;
      adjust();
    },
  };
}

function free(entries: readonly Entry[]): void {
  for (const { prepared } of entries) prepared?.dispose();
}
