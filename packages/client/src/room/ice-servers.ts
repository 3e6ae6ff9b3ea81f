// The ICE servers that links use now, and when to ask for fresh ones.

import type { IceFailure, IceServer } from '@maru/protocol';

/** How often fresh credentials are fetched: well within any sensible lifetime, so that a rebuild finds valid ones. */
export const ICE_REFRESH_MS = 600_000;

/** How long the same failure of the same server is no news. */
const NEWS_MS = 60_000;

export interface IceServers {
  readonly list: readonly IceServer[];
  /** True when there are credentials, which run out (the `use-auth-secret` scheme of TURN servers). */
  readonly expire: boolean;
  /** Takes over a new list; true when it names other servers than before, whatever the credentials. */
  set(list: readonly IceServer[]): boolean;
  /** A server failed; true when the operator is to be told: the first time in a while. */
  failed(url: string, failure: IceFailure, now: number): boolean;
}

export function createIceServers(): IceServers {
  let list: readonly IceServer[] = [];
  const toldAt = new Map<string, number>();
  return {
    get list() {
      return list;
    },
    get expire() {
      return list.some(({ credential }) => credential !== undefined);
    },
    set(next) {
      const moved = urlsOf(next) !== urlsOf(list);
      list = next;
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
