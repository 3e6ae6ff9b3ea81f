// Why a link has no path, as far as this end can tell (LAD-9): from its candidates and from what its ICE servers said.

import type { IceServer } from '@maru/protocol';
import type { NoPathReason } from '../link.js';
import type { Connection, IceError } from '../rtc-connection.js';
import { iceFailure } from './ice-failure.js';

/** The facts of a connection that has found no path. */
export interface PathFacts {
  /** Whether a TURN server is configured. */
  readonly relay: boolean;
  /** What the TURN servers that gave nothing said. */
  readonly errors: readonly IceError[];
  /** Types of the candidates of both ends (RFC 8445, section 5.1.1). */
  readonly local: ReadonlySet<string>;
  readonly remote: ReadonlySet<string>;
}

/** The reason that helps most, the operator's part first: it is what can be mended. */
export function noPathReason({ relay, errors, local, remote }: PathFacts): NoPathReason {
  if (!relay) return 'no-relay';
  // An end that has said nothing of itself at all: neither its answer nor a candidate came.
  if (remote.size === 0) return 'peer-unreachable';
  // Our relay is there: the other end could not reach one, or the two relays do not reach each other.
  if (local.has('relay')) return remote.has('relay') ? 'no-path' : 'peer-unreachable';
  const refused = errors.some(
    ({ url, errorCode }) => /^turn/i.test(url) && iceFailure(errorCode) !== 'unreachable',
  );
  // Without a word from it too: a browser needs longer than we wait to give a silent server up.
  return refused ? 'relay-refused' : 'relay-unreachable';
}

/** The reason for a connection as it stands; null for none when the other end has not been heard of. */
export async function whyNoPath(
  connection: Pick<Connection, 'pc' | 'relayed' | 'iceErrors'> | null,
  servers: readonly IceServer[],
): Promise<NoPathReason> {
  const report = await connection?.pc.getStats();
  const types = (side: string): ReadonlySet<string> =>
    new Set(
      [...(report?.values() ?? [])]
        .filter(({ type }) => type === side)
        .map(({ candidateType }) => String(candidateType)),
    );
  // Chromium forgets candidates of the other end in its statistics once all checks with them have failed.
  const heard = connection?.pc.currentRemoteDescription?.sdp ?? '';
  return noPathReason({
    relay: hasRelay(servers),
    errors: connection?.iceErrors ?? [],
    local: new Set([...types('local-candidate'), ...(connection?.relayed ? ['relay'] : [])]),
    remote: new Set([
      ...types('remote-candidate'),
      ...Array.from(heard.matchAll(/ typ (\S+)/g), ([, type]) => String(type)),
    ]),
  });
}

function hasRelay(servers: readonly IceServer[]): boolean {
  return servers.some(({ urls }) => urls.some((url) => /^turn/i.test(url)));
}
