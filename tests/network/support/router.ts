// A home's router: what its NAT and its firewall do, as nftables rules; and how it loses its network in silence.

import type { Namespace } from './namespace.js';

/**
 * How addresses are translated. `keeps-ports`: the ordinary home router (RFC 4787: endpoint-independent mapping as
 * long as ports do not clash, address- and port-dependent filtering). `symmetric`: another port for each destination
 * (RFC 4787: address- and port-dependent mapping). `none`: IPv6 as providers give it, behind a stateful firewall.
 */
export type Nat = 'keeps-ports' | 'symmetric' | 'none';

/** What the firewall lets out. */
export type Lets = 'everything' | 'no-udp' | 'only-tcp-443';

export interface RouterRules {
  readonly nat: Nat;
  /** Default `everything`. */
  readonly lets?: Lets;
}

const MASQUERADE: Record<Nat, string> = {
  'keeps-ports': 'meta nfproto ipv4 oifname "wan" masquerade',
  symmetric: 'meta nfproto ipv4 oifname "wan" masquerade fully-random',
  none: '',
};

const REFUSES: Record<Lets, string> = {
  everything: '',
  'no-udp': 'meta l4proto udp drop',
  'only-tcp-443': 'meta l4proto != tcp drop\niifname != "wan" tcp dport != 443 drop',
};

/**
 * Makes a namespace behave as this router. What nobody inside has asked for is dropped, also when it is for the router
 * itself: an answer (ICMP) or a mere entry in the table of connections would spoil hole punching.
 */
export function setRules(router: Namespace, { nat, lets = 'everything' }: RouterRules): Promise<void> {
  return router.nft(`
    table inet home {
      chain translate {
        type nat hook postrouting priority srcnat;
        ${MASQUERADE[nat]}
      }
      chain to-router {
        type filter hook input priority filter;
        iifname "wan" ct state new drop
      }
      chain through {
        type filter hook forward priority filter;
        iifname "wan" ct state new drop
        ${REFUSES[lets]}
      }
    }`);
}

/** From now on nothing passes, and nobody is told. */
export async function cut(router: Namespace): Promise<void> {
  await router.run('nft', ['add table inet outage']);
  await router.run('nft', [
    'add chain inet outage nothing { type filter hook forward priority -300; policy drop; }',
  ]);
}

/** Everything passes again as the rules say. */
export async function mend(router: Namespace): Promise<void> {
  await router.run('nft', ['delete table inet outage']);
}
