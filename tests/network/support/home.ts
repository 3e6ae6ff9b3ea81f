// A home: a machine behind one router, or two in a row, on the internet.

import type { Cable } from '../cable/tun-cable.js';
import type { Namespace, Namespaces } from './namespace.js';
import { cut, mend, type RouterRules, setRules } from './router.js';
import { join, joinInternet, type PublicAddress } from './topology.js';

export interface HomeOptions {
  readonly label: string;
  readonly address: PublicAddress;
  readonly rules: RouterRules;
  /** A second NAT in front of the router, as of a provider that shares its addresses (RFC 6598). */
  readonly behind?: RouterRules;
  /** Which protocols the machine inside has. Default `v4`, as NAT is about it. */
  readonly speaks?: 'v4' | 'v6';
  /** What the line is like; without it perfect. */
  readonly cable?: Cable;
}

export interface Home {
  /** Where the browser runs. */
  readonly machine: Namespace;
  readonly router: Namespace;
  /** From now on the router has these rules; connections that it knows stay as they are. */
  become(rules: RouterRules): Promise<void>;
  /** Loses every packet in silence until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function createHome(
  namespaces: Namespaces,
  internet: Namespace,
  options: HomeOptions,
): Promise<Home> {
  const { label, address, behind, cable } = options;
  const router = await namespaces.add(`${label}-router`);
  if (behind) {
    const provider = await namespaces.add(`${label}-isp`);
    await joinInternet(internet, provider, address, cable);
    await setRules(provider, behind);
    const given = { v4: '100.64.0.2', v6: 'fd64::1' };
    await join({ upper: provider, port: 'customer', lower: router, interface: 'wan' }, '100.64.0.1', given);
  } else {
    await joinInternet(internet, router, address, cable);
  }
  await setRules(router, options.rules);
  const machine = await namespaces.add(label);
  await attach(router, machine, 'lan', options);
  return {
    machine,
    router,
    become: (rules) => setRules(router, rules),
    cut: () => cut(router),
    mend: () => mend(router),
  };
}

/** Plugs a machine into a router's inside and gives it an address and the way out. */
async function attach(
  router: Namespace,
  machine: Namespace,
  name: string,
  { address, speaks = 'v4' }: Pick<HomeOptions, 'address' | 'speaks'>,
): Promise<void> {
  const inside = speaks === 'v4' ? INSIDE_OF_IPV4 : insideOfIpv6(address);
  await router.ip(`
    link add ${name} type veth peer name ${name} netns ${machine.name}
    addr add ${inside.router}/${inside.length} dev ${name}
    link set ${name} up`);
  await machine.ip(`
    addr add ${inside.machine}/${inside.length} dev ${name}
    link set ${name} up
    route replace default via ${inside.router} dev ${name}`);
}

/** Every home is alike, as in life. */
const INSIDE_OF_IPV4 = { router: '192.168.1.1', machine: '192.168.1.2', length: 24 };

/** The second /64 of the home's /48; the first has the uplink's address. */
function insideOfIpv6({ v6 }: PublicAddress) {
  const prefix = v6.replace(/::1$/, ':1');
  return { router: `${prefix}::1`, machine: `${prefix}::2`, length: 64 };
}
