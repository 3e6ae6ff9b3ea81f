// Finds dead sockets: one shared interval pings them all (RFC 6455, section 5.5.2).

import type { Connection } from './connection.js';
import { rest } from './rate-limit.js';

/** Every how many milliseconds each socket is pinged (RES-1). */
export const PING_INTERVAL_MS = 5_000;
/** After how many unanswered pings a socket is dropped: 10 s of silence since the first, 15 s at most in all. */
const MAX_UNANSWERED_PINGS = 2;

/**
 * One beat: drops what has not answered, pings the rest, and lets go of rate limits that are full again.
 * Counting pings instead of time keeps a server that itself stood still (a laptop asleep) from dropping everyone.
 */
export function beat(connections: Iterable<Connection>): void {
  for (const connection of connections) {
    if (connection.unansweredPings >= MAX_UNANSWERED_PINGS) {
      connection.socket.terminate();
      continue;
    }
    if (rest(connection)) connection.strikes = 0;
    connection.unansweredPings++;
    connection.socket.ping();
  }
}
