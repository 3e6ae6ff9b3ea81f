// How the lab's machines are joined: an internet in the middle, public hosts, and homes behind routers that do NAT.

import type { Cable } from '../cable/tun-cable.js';
import type { Namespace, Namespaces } from './namespace.js';

/** What a machine is called on the internet: addresses of TEST-NET-3 (RFC 5737) and of 2001:db8::/32 (RFC 3849). */
export interface PublicAddress {
  readonly v4: string;
  readonly v6: string;
}

/** The internet's own end of every uplink; over IPv6 each uplink has a /64 of its own. */
const GATEWAY_V4 = '203.0.113.254';

/** The n-th public address; each also owns the /48 that its IPv6 address begins. */
export function publicAddress(n: number): PublicAddress {
  return { v4: `203.0.113.${n}`, v6: `2001:db8:${n}::1` };
}

/** How a pair of machines is joined when there is no emulated cable between them: at once and without loss. */
async function joinByVeth(upper: Namespace, port: string, lower: Namespace, uplink: string): Promise<void> {
  await upper.ip(`link add ${port} type veth peer name ${uplink} netns ${lower.name}`);
}

export interface Uplink {
  /** The upstream machine and the name of the interface there. */
  readonly upper: Namespace;
  readonly port: string;
  /** The machine itself and the name of its interface. */
  readonly lower: Namespace;
  readonly interface: string;
  readonly cable?: Cable | undefined;
}

/** Joins two machines by a cable and gives both ends their addresses; the lower end's default route leads up. */
export async function join(link: Uplink, gatewayV4: string, own: PublicAddress): Promise<void> {
  const { upper, port, lower, cable } = link;
  if (cable) await cable.plug(upper, port, lower, link.interface);
  else await joinByVeth(upper, port, lower, link.interface);
  const gateway = { v4: gatewayV4, v6: own.v6.replace(/::1$/, '::ffff') };
  await upper.ip(ofEnd(gateway, port, own));
  await lower.ip(ofEnd(own, link.interface, gateway));
  // Routes can be made only when both ends are up.
  await upper.ip(`route replace ${own.v6.replace(/::1$/, '::/48')} via ${own.v6} dev ${port}`);
  await lower.ip(`
    route replace default via ${gateway.v4} dev ${link.interface}
    route replace default via ${gateway.v6} dev ${link.interface}`);
  cable?.open();
}

function ofEnd(own: PublicAddress, name: string, other: PublicAddress): string {
  return `
    addr add ${own.v4} peer ${other.v4} dev ${name}
    addr add ${own.v6}/64 dev ${name} nodad
    link set ${name} up`;
}

/** Joins a public machine, or a home's router, to the internet. */
export function joinInternet(
  internet: Namespace,
  machine: Namespace,
  own: PublicAddress,
  cable?: Cable,
): Promise<void> {
  const port = `to-${own.v4.split('.').at(-1)}`;
  return join({ upper: internet, port, lower: machine, interface: 'wan', cable }, GATEWAY_V4, own);
}

/** The internet itself: a router without opinions. */
export function createInternet(namespaces: Namespaces): Promise<Namespace> {
  return namespaces.add('internet');
}
