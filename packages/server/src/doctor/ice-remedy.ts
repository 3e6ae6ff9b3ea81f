// What is wrong when a STUN or TURN server does not do what it should, and what to change there.

import { type Check, type Finding, unknown, wrong } from './finding.js';
import type { NetworkFailure } from './network-failure.js';
import type { IceUrl } from './stun/ice-url.js';
import { tlsRemedy } from './tls-remedy.js';

/** Everything but refused credentials, which `credentials.ts` tells apart. */
export function serverRemedy(check: Check, url: IceUrl, failure: NetworkFailure, timeoutMs: number): Finding {
  const { text, host, port } = url;
  const protocol = url.transport === 'udp' ? 'UDP' : 'TCP';
  const kind = check === 'stun' ? 'STUN' : 'TURN';
  const bad = (says: string, change: string): Finding => wrong(check, `${text}: ${says}`, change);
  switch (failure.kind) {
    case 'unknown-host':
      return bad(
        `${host} is not in the DNS.`,
        `Add an A record for ${host} with the public address of the ${kind} server, or correct the name.`,
      );
    case 'no-resolver':
      return unknown(
        check,
        `${text}: ${host} could not be looked up, as the DNS resolver does not answer.`,
        "Check this machine's network and resolver, and run the doctor again.",
      );
    case 'no-route':
      return unknown(
        check,
        `${text}: this machine has no way to that address (${failure.code}).`,
        "Check this machine's network, or run the doctor from another.",
      );
    case 'timeout':
      return bad(
        `no answer over ${protocol} within ${timeoutMs / 1_000} s.`,
        `Open ${protocol} port ${port} in the firewall of ${host} (and in that of its cloud provider), and check that the server runs. If other addresses of the same server answer, this machine's own network may block ${protocol} to that port.`,
      );
    case 'refused':
      return bad(
        `nothing listens on ${protocol} port ${port} of ${host}.`,
        `Start the ${kind} server (\`systemctl status coturn\`), or correct the port: it is ${portOption(url)} in turnserver.conf.`,
      );
    case 'tls':
      return tls(check, url, failure);
    case 'closed':
      return bad(
        'the connection was ended without an answer.',
        url.transport === 'tls'
          ? 'Give coturn a certificate it can read (cert and pkey in turnserver.conf, readable to its user) and look at its log; where a proxy or --turns-upstream passes the connection on, check that it reaches coturn.'
          : "Look at the server's log, and for a firewall in between that ends such connections.",
      );
    case 'error-response':
      return refused(check, url, failure);
    case 'bad-integrity':
      return bad(
        'the answer is not signed with the password, so something else than this server gave it.',
        'Look for a proxy or a second server at the same address.',
      );
    case 'not-stun':
    case 'not-maru':
    case 'no-websocket':
      return bad(
        'something answers there that does not speak STUN.',
        `Correct the port: it is ${portOption(url)} in turnserver.conf.`,
      );
  }
}

const portOption = ({ transport }: IceUrl): string =>
  transport === 'tls' ? '`tls-listening-port`' : '`listening-port`';

function tls(check: Check, url: IceUrl, failure: NetworkFailure): Finding {
  const remedy = tlsRemedy(
    failure.code,
    `The certificate of ${url.host}:${url.port}`,
    'give it to the server there (cert and pkey in turnserver.conf) and restart that',
  );
  return wrong(check, `${url.text}: ${remedy.says}`, remedy.change);
}

/** Error codes of STUN and TURN (RFC 8489, section 14.8; RFC 8656, section 19) that are not about credentials. */
function refused(check: Check, url: IceUrl, { status, message }: NetworkFailure): Finding {
  const bad = (says: string, change: string): Finding => wrong(check, `${url.text}: ${says}`, change);
  switch (status) {
    case 300:
      return bad(
        'the server sends everyone on to another one (300).',
        'Configure the address of that server instead: browsers may not follow.',
      );
    case 403:
      return bad(
        'the server forbids it (403).',
        "Look at coturn's allowed-peer-ip and denied-peer-ip, and at its log.",
      );
    case 442:
      return bad('the server relays no UDP (442).', 'Remove `no-udp-relay` from turnserver.conf.');
    case 486:
      return bad(
        'the quota of allocations is used up (486).',
        'Raise `user-quota` and `total-quota` in turnserver.conf, or remove them.',
      );
    case 508:
      return bad(
        'the server has no relay port left (508).',
        'Widen `min-port` to `max-port` in turnserver.conf, and in the firewall.',
      );
    default:
      return bad(
        `the server refuses with ${status} ${message}.`,
        "Look at the server's log, which says why.",
      );
  }
}
