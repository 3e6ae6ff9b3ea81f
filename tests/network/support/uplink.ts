// A machine with two ways to the internet, of which one is plugged in at a time: Wi-Fi at home, and a phone's hotspot.

import type { Home } from './home.js';
import type { Namespace, Namespaces } from './namespace.js';
import { setRules } from './router.js';
import { joinInternet, type PublicAddress } from './topology.js';

export interface Uplinks {
  /** Unplugs what is plugged in and plugs the other one in; resolves when the new default route is there. */
  change(): Promise<void>;
}

interface Way {
  readonly router: Namespace;
  /** The name of the interface at both of its ends. */
  readonly name: string;
}

/** Gives a home's machine a second router, with an address of its own on the internet. */
export async function addHotspot(
  namespaces: Namespaces,
  internet: Namespace,
  { machine, router }: Home,
  address: PublicAddress,
): Promise<Uplinks> {
  const phone = await namespaces.add('hotspot');
  await joinInternet(internet, phone, address);
  await setRules(phone, { nat: 'keeps-ports' });
  await phone.ip(`link add hotspot type veth peer name hotspot netns ${machine.name}`);
  let [used, other]: [Way, Way] = [
    { router, name: 'lan' },
    { router: phone, name: 'hotspot' },
  ];
  let changes = 0;
  return {
    async change() {
      changes += 1;
      await machine.ip(`link set ${used.name} down\naddr flush dev ${used.name}`);
      await plug(machine, other, `172.20.${changes}`);
      [used, other] = [other, used];
    },
  };
}

/** A network that the machine has not been in before: none of its former addresses comes back to life. */
async function plug(machine: Namespace, { router, name }: Way, lan: string): Promise<void> {
  await router.ip(`
    addr flush dev ${name}
    addr add ${lan}.1/24 dev ${name}
    link set ${name} up`);
  await machine.ip(`
    addr add ${lan}.2/24 dev ${name}
    link set ${name} up
    route replace default via ${lan}.1 dev ${name}`);
}
