// Tells of the ICE servers that gave a connection nothing, each once for each reason (REP-1).

import type { IceServer } from '@maru/protocol';
import type { LinkWorld } from '../peer-link.js';
import type { IceError } from '../rtc-connection.js';
import { iceFailure, UNREACHABLE } from './ice-failure.js';

/** RFC 7065, section 3.1, and RFC 7064: scheme, host, port and transport. */
const FORM = /^(stuns?|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/i;

/**
 * Tells `world.iceServerFailed` of the configured servers that failed and from which no candidate came: a browser tries
 * each from every one of its networks, and says so for each that fails.
 */
export function reportIceServers(
  { iceServers, iceServerFailed }: Pick<LinkWorld, 'iceServers' | 'iceServerFailed'>,
  pc: RTCPeerConnection,
  errors: readonly IceError[],
): void {
  if (errors.length === 0 || !iceServerFailed) return;
  const configured = iceServers();
  pc.getStats().then(
    (report) => {
      const gave = new Set<string>();
      for (const entry of report.values()) {
        if (entry.type === 'local-candidate' && entry.url) gave.add(normalUrl(entry.url));
      }
      for (const [url, failure] of failedServers(configured, errors, gave)) iceServerFailed(url, failure);
    },
    // The connection was closed meanwhile; the next one tells.
    () => undefined,
  );
}

/** Tells as well of the relays that have given nothing and of which nothing was said. */
export function reportSilentRelays(
  world: Pick<LinkWorld, 'iceServers' | 'iceServerFailed'>,
  pc: RTCPeerConnection,
  errors: readonly IceError[],
): void {
  const relays = world.iceServers().flatMap(({ urls }) => urls.filter((url) => /^turn/i.test(url)));
  reportIceServers(world, pc, [...errors, ...relays.map((url) => ({ url, errorCode: UNREACHABLE }))]);
}

/** The configured URLs that failed, each with the gravest of its reasons: an answer says more than silence. */
export function failedServers(
  configured: readonly IceServer[],
  errors: readonly IceError[],
  gave: ReadonlySet<string>,
): ReadonlyMap<string, ReturnType<typeof iceFailure>> {
  const failed = new Map<string, ReturnType<typeof iceFailure>>();
  for (const configuredUrl of configured.flatMap(({ urls }) => urls)) {
    const url = normalUrl(configuredUrl);
    if (gave.has(url)) continue;
    const reasons = errors.filter((error) => normalUrl(error.url) === url);
    const reason = reasons.find(({ errorCode }) => iceFailure(errorCode) !== 'unreachable') ?? reasons.at(0);
    if (reason) failed.set(configuredUrl, iceFailure(reason.errorCode));
  }
  return failed;
}

/** A URL with its defaults written out, so that a browser's way of writing it compares with the operator's. */
export function normalUrl(url: string): string {
  const [, scheme = '', host = '', port, transport] = FORM.exec(url) ?? [];
  const secure = /s$/i.test(scheme);
  const defaults = { port: secure ? '5349' : '3478', transport: secure ? 'tcp' : 'udp' };
  return [scheme, host, port ?? defaults.port, transport ?? defaults.transport].join(' ').toLowerCase();
}
