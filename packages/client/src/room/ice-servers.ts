// The ICE servers that links use now, and when to ask for fresh ones.

import type { IceFailure, IceServer } from '@maru/protocol';
import type { Clock } from '../env/env.js';

/** How often it is looked whether credentials grow old. */
export const ICE_LOOK_MS = 20_000;
/** Fresh credentials are fetched so often at least: well within any sensible lifetime, so that a rebuild finds valid ones. */
export const ICE_REFRESH_MS = 600_000;

/** How long the same failure of the same server is no news. */
const NEWS_MS = 60_000;

export interface IceServers {
  readonly list: readonly IceServer[];
  /** Whether there are credentials, which run out, and fresh ones should be fetched by now. */
  old(clock: Clock): boolean;
  /** Takes over a new list; true when it names other servers than before, whatever the credentials. */
  set(list: readonly IceServer[], clock: Clock): boolean;
  /** A server failed; true when the operator is to be told: the first time in a while. */
  failed(url: string, failure: IceFailure, now: number): boolean;
}

export function createIceServers(): IceServers {
  let list: readonly IceServer[] = [];
  let oldAt = Number.POSITIVE_INFINITY;
  const toldAt = new Map<string, number>();
  return {
    get list() {
      return list;
    },
    old: (clock) => clock.now() >= oldAt,
    set(next, clock) {
      const moved = urlsOf(next) !== urlsOf(list);
      list = next;
      oldAt = clock.now() + Math.min(...list.map((server) => refreshAfter(server, clock.unixTime())));
      return moved;
    },
    failed(url, failure, now) {
      const key = `${failure} ${url}`;
      const news = now - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) >= NEWS_MS;
      if (news) toldAt.set(key, now);
      return news;
    },
  };
}

function urlsOf(list: readonly IceServer[]): string {
  return list.flatMap(({ urls }) => urls).join(' ');
}

/**
 * Half the life of credentials that say when it ends, in the user name (draft-uberti-behave-turn-rest-00), if the two
 * clocks agree at all; those that do not say may run out too.
 */
function refreshAfter({ username = '', credential }: IceServer, unixTime: number): number {
  if (credential === undefined) return Number.POSITIVE_INFINITY;
  const life = Number.parseInt(username, 10) * 1_000 - unixTime;
  return life > 0 ? Math.min(life / 2, ICE_REFRESH_MS) : ICE_REFRESH_MS;
}
