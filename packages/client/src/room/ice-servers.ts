// The ICE servers that links use now, and when to ask for fresh ones.

import type { IceServer } from '@maru/protocol';

/** How often fresh credentials are fetched: well within any sensible lifetime, so that a rebuild finds valid ones. */
export const ICE_REFRESH_MS = 600_000;

export interface IceServers {
  readonly list: readonly IceServer[];
  /** True when there are credentials, which run out (the `use-auth-secret` scheme of TURN servers). */
  readonly expire: boolean;
  /** Takes over a new list; true when it names other servers than before, whatever the credentials. */
  set(list: readonly IceServer[]): boolean;
}

export function createIceServers(): IceServers {
  let list: readonly IceServer[] = [];
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
  };
}

function urlsOf(list: readonly IceServer[]): string {
  return list.flatMap(({ urls }) => urls).join(' ');
}
