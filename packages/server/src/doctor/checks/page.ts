// The public address, asked as a browser asks it: name, HTTPS, certificate, page, WebSocket.

import { type Finding, good, note, unknown, wrong } from '../finding.js';
import { type MaruProbe, probeMaru } from '../maru-probe.js';
import { NetworkFailure } from '../network-failure.js';
import { tlsRemedy } from '../tls-remedy.js';
import type { DoctorWorld } from '../world.js';
import { RENEW_DAYS } from './certificate.js';

const DAY_MS = 86_400_000;
const FORBIDDEN = 403;

export interface PageCheck {
  readonly findings: readonly Finding[];
  readonly probe: MaruProbe | null;
}

export async function checkPage(url: URL, world: DoctorWorld): Promise<PageCheck> {
  try {
    const probe = await probeMaru(url.origin, { ...world, verify: true });
    return {
      findings: [good('page', `${url.origin} answers: ${probe.server}.`), ...secure(url, probe, world)],
      probe,
    };
  } catch (error) {
    if (error instanceof NetworkFailure) return { findings: [describe(error, url)], probe: null };
    throw error;
  }
}

function secure(url: URL, { certificateEndsMs }: MaruProbe, world: DoctorWorld): Finding[] {
  if (certificateEndsMs === null) {
    if (url.hostname === 'localhost') return [];
    return [
      wrong(
        'page',
        `${url.origin} is not HTTPS: browsers give such a page neither camera nor microphone.`,
        'Serve it over HTTPS (--cert and --key, or a proxy in front), and give the https: address.',
      ),
    ];
  }
  const days = Math.floor((certificateEndsMs - world.unixTime()) / DAY_MS);
  if (days >= RENEW_DAYS)
    return [good('certificate', `The certificate of ${url.host} is good for ${days} more days.`)];
  return [
    note(
      'certificate',
      `The certificate of ${url.host} runs out in ${days} days.`,
      'Renew it, and see why whatever renews it has not. Where the files are new already, the server or proxy has to load them.',
    ),
  ];
}

function describe(failure: NetworkFailure, url: URL): Finding {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  switch (failure.kind) {
    case 'unknown-host':
      return wrong(
        'page',
        `${url.hostname} is not in the DNS.`,
        `Add an A record for ${url.hostname} (and AAAA for IPv6) with the public address of the server, or correct the name.`,
      );
    case 'no-resolver':
      return unknown(
        'page',
        `${url.hostname} could not be looked up: the DNS resolver does not answer.`,
        "Check this machine's network and resolver, and run the doctor again.",
      );
    case 'no-route':
      return unknown(
        'page',
        `This machine has no way to ${url.host} (${failure.code}).`,
        "Check this machine's network; when the name has an IPv6 address that this machine cannot reach, try from elsewhere.",
      );
    case 'timeout':
      return wrong(
        'page',
        `${url.origin} does not answer.`,
        `Open TCP port ${port} in the firewall (and in that of the cloud provider), and check that the name leads to this server. Some routers do not lead back into their own network: then ask from another one.`,
      );
    case 'refused':
      return wrong(
        'page',
        `Nothing listens at ${url.host}, port ${port}.`,
        'Start the server (or the proxy in front of it), or correct the address and port.',
      );
    case 'tls': {
      const { says, change } = tlsRemedy(
        failure.code,
        `The certificate of ${url.host}`,
        'give it to the server or proxy',
      );
      return wrong('certificate', says, change);
    }
    case 'not-maru':
      return wrong(
        'page',
        `What answers at ${url.origin} is no Maru: /healthz gives HTTP status ${failure.status}.`,
        'Correct the address, or let the proxy pass every path on to Maru.',
      );
    case 'no-websocket':
      return noWebSocket(failure, url);
    default:
      return wrong(
        'page',
        `The connection to ${url.origin} was ended before an answer (${failure.message}).`,
        `Check what listens on port ${port}: a proxy needs Maru's address and port, and HTTPS needs an https: address.`,
      );
  }
}

function noWebSocket(failure: NetworkFailure, url: URL): Finding {
  if (failure.status === FORBIDDEN) {
    return wrong(
      'page',
      `The page at ${url.origin} is there, and its WebSocket is refused as that of another page (HTTP status 403).`,
      'Let the proxy pass the Host header on or set X-Forwarded-Host and X-Forwarded-Proto, and name the proxy with --trust-proxy.',
    );
  }
  return wrong(
    'page',
    `The page at ${url.origin} is there, and its WebSocket (/ws) cannot be opened: ${failure.message}.`,
    'Let the proxy pass WebSockets on: HTTP/1.1 with the headers Upgrade and Connection, for /ws.',
  );
}
