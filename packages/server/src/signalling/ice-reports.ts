// What browsers say of STUN and TURN servers that gave them nothing, for the operator's log and figures (REP-1, REP-2).

import type { ClientMessageOf, IceFailure } from '@maru/protocol';
import type { Logger } from 'pino';
import type { IceConfig } from '../ice/ice-servers.js';

/** How long the same failure of the same server is not logged again, in milliseconds. */
export const LOG_INTERVAL_MS = 60_000;

/** The kind of server, and what a browser found of it, in an operator's words. */
const WORDS: Readonly<Record<IceFailure, string>> = {
  unreachable: 'could not be reached from a browser',
  credentials: 'refused the credentials: they are wrong or have expired',
  refused: 'refused a browser, though not for its credentials: it may be full, or forbid it',
};

export class IceReports {
  /** Reports by failure. */
  readonly counts = new Map<IceFailure, number>();
  readonly #configured: ReadonlySet<string>;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #loggedAt = new Map<string, number>();

  constructor({ stun, turn }: Pick<IceConfig, 'stun' | 'turn'>, log: Pick<Logger, 'warn'>) {
    this.#configured = new Set([...stun, ...turn]);
    this.#log = log;
  }

  /** Takes a report. One of a server that is not configured, as of a client of a former configuration, means nothing. */
  take({ url, failure }: Pick<ClientMessageOf<'report'>, 'url' | 'failure'>, now: number): void {
    if (!this.#configured.has(url)) return;
    this.counts.set(failure, (this.counts.get(failure) ?? 0) + 1);
    const key = `${failure} ${url}`;
    if (now - (this.#loggedAt.get(key) ?? Number.NEGATIVE_INFINITY) < LOG_INTERVAL_MS) return;
    this.#loggedAt.set(key, now);
    const server = url.startsWith('turn') ? 'TURN server' : 'STUN server';
    this.#log.warn({ url, failure }, `${server} ${url} ${WORDS[failure]}`);
  }
}
