// The doctor: runs every check that the configuration calls for, and says what was found.

import type { IceServer } from '@maru/protocol';
import type { ServerConfig } from '../config/server-config.js';
import { iceServersFor } from '../ice/ice-servers.js';
import { checkAddress } from './checks/address.js';
import { checkCertificate } from './checks/certificate.js';
import { checkDate, checkNtp, checkSystemClock } from './checks/clock.js';
import { checkNode } from './checks/node.js';
import { checkPage } from './checks/page.js';
import { checkPort, nearbyOrigin } from './checks/port.js';
import { checkStun } from './checks/stun.js';
import { checkTurn } from './checks/turn.js';
import { type Finding, good, note, wrong } from './finding.js';
import type { MaruProbe } from './maru-probe.js';
import { parseIceUrl } from './stun/ice-url.js';
import type { DoctorWorld } from './world.js';

export interface DoctorOrder {
  readonly config: ServerConfig;
  /** The address that people use: checked from here as a browser would; null where none is known. */
  readonly url: URL | null;
  /** True when this machine is not the server's: only what can be seen from outside is checked. */
  readonly remote: boolean;
  /** NTP server to compare the clock with. */
  readonly ntp: string | null;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Open this in a browser elsewhere: it checks the same from there. */
  readonly page: string;
}

/** Runs the checks. Rejects only with a bug. */
export async function diagnose(order: DoctorOrder, world: DoctorWorld): Promise<Diagnosis> {
  const { config, url, remote } = order;
  const port = remote ? null : await checkPort(config, world);
  const page = url ? await checkPage(url, world) : null;
  const served = page?.probe ?? port?.running ?? null;
  const configured = iceServersFor(config, 'doctor', world.unixTime());
  const ice =
    served && (remote || served.iceServers.length > 0 || configured.length === 0)
      ? served.iceServers
      : configured;
  const { findings: iceFindings, seenAs } = await checkIce(ice, config, world);
  const address = url && !remote ? await checkAddress(url.hostname, seenAs) : null;
  const findings = [
    checkNode(world.nodeVersion),
    ...(port?.findings ?? []),
    ...(remote ? [] : [checkCertificate(config, url?.hostname ?? null, world.unixTime())]),
    ...(page?.findings ?? []),
    ...(address ? [address] : []),
    ...(await checkClock(order, page?.probe ?? null, world)),
    ...(remote ? [] : sameServers(served, configured)),
    ...iceFindings,
  ];
  return { findings, page: `${url?.origin ?? nearbyOrigin(config)}/doctor#start` };
}

async function checkClock(
  { config, url, ntp, remote }: DoctorOrder,
  probe: MaruProbe | null,
  world: DoctorWorld,
) {
  const found: Finding[] = [];
  if (ntp !== null) found.push(await checkNtp(ntp, config.turnTtlS, world));
  // Behind a proxy that is another machine, the date is that machine's.
  if (url && probe?.dateMs) found.push(checkDate(probe.dateMs, url.host, config.turnTtlS, world));
  if (!remote && ntp === null) found.push(await checkSystemClock());
  return found;
}

/** A server that was started with other settings than the doctor hands out other relays. */
function sameServers(served: MaruProbe | null, configured: readonly IceServer[]): Finding[] {
  if (!served || urlsOf(served.iceServers).join() === urlsOf(configured).join()) return [];
  const running = urlsOf(served.iceServers).join(', ') || 'none';
  return [
    note(
      'turn',
      `The running server hands out other STUN and TURN servers (${running}) than the doctor was told of.`,
      'Run the doctor with the same flags and environment as the server, or restart the server with the new ones.',
    ),
  ];
}

async function checkIce(servers: readonly IceServer[], config: ServerConfig, world: DoctorWorld) {
  const findings: Finding[] = [];
  const seenAs: string[] = [];
  for (const { urls, username = '', credential = '' } of servers) {
    for (const text of urls) {
      const url = parseIceUrl(text);
      if (!url) {
        findings.push(
          wrong(
            'turn',
            `${text} is no address that browsers take.`,
            'Write it as turn:host:port?transport=tcp.',
          ),
        );
        continue;
      }
      const result = /^stun/.test(url.scheme)
        ? await checkStun(url, world)
        : await checkTurn(url, { username, credential }, config.turnSecret, world);
      findings.push(result.finding);
      if (result.seenAs !== null) seenAs.push(result.seenAs);
    }
  }
  return { findings: [...findings, ...advice(urlsOf(servers))], seenAs };
}

const urlsOf = (servers: readonly IceServer[]): string[] => servers.flatMap(({ urls }) => [...urls]);

/** What is not configured cannot fail, and may be missed all the same. */
function advice(urls: readonly string[]): Finding[] {
  const parsed = urls.map(parseIceUrl).filter((url) => url !== null);
  const turn = parsed.filter(({ scheme }) => scheme === 'turn' || scheme === 'turns');
  if (parsed.length === 0) {
    return [
      note(
        'stun',
        'No STUN or TURN server is configured: calls work within one network only.',
        'For calls across the internet set --stun, --turn and --turn-secret; docs/RUNNING.md shows how.',
      ),
    ];
  }
  if (turn.length === 0) {
    return [
      note(
        'turn',
        'No TURN relay is configured: people behind strict NATs or firewalls cannot be called.',
        'Set --turn and --turn-secret; docs/RUNNING.md shows how.',
      ),
    ];
  }
  if (turn.some(({ transport, port }) => transport === 'tls' && port === 443)) {
    return [good('turn', 'Networks that let nothing out but TCP port 443 have a relay (turns: on 443).')];
  }
  return [
    note(
      'turn',
      'No relay is on TCP port 443 with TLS: people in networks that let nothing else out cannot be called.',
      'Add --turn turns:<domain>:443?transport=tcp; with --turns-upstream Maru passes it on from its own HTTPS port.',
    ),
  ];
}
