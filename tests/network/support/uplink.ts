// A machine with two ways to the internet, of which one is plugged in at a time: Wi-Fi at home, and a phone's hotspot.

import type { Home } from './home.js';
import { insideOfIpv4 } from './home.js';
import type { Namespace, Namespaces } from './namespace.js';
import { setRules } from './router.js';
import { joinInternet, type PublicAddress } from './topology.js';

export interface Uplinks {
  /** Unplugs what is plugged in and plugs the other one in; resolves when the new default route is there. */
  change(): Promise<void>;
}

interface Way {
  readonly interface: string;
  readonly lan: string;
}

/** Gives a home's machine a second router, with an address of its own on the internet and other addresses inside. */
export async function addHotspot(
  namespaces: Namespaces,
  internet: Namespace,
  { machine }: Home,
  address: PublicAddress,
): Promise<Uplinks> {
  const phone = await namespaces.add('hotspot');
  await joinInternet(internet, phone, address);
  await setRules(phone, { nat: 'keeps-ports' });
  const hotspot: Way = { interface: 'hotspot', lan: '172.20.10' };
  const inside = insideOfIpv4(hotspot.lan);
  await phone.ip(`
    link add ${hotspot.interface} type veth peer name ${hotspot.interface} netns ${machine.name}
    addr add ${inside.router}/24 dev ${hotspot.interface}
    link set ${hotspot.interface} up`);
  let [used, other]: [Way, Way] = [{ interface: 'lan', lan: '192.168.1' }, hotspot];
  return {
    async change() {
      await unplug(machine, used);
      await plug(machine, other);
      [used, other] = [other, used];
    },
  };
}

function unplug(machine: Namespace, way: Way): Promise<void> {
  return machine.ip(`link set ${way.interface} down\naddr flush dev ${way.interface}`);
}

function plug(machine: Namespace, way: Way): Promise<void> {
  const inside = insideOfIpv4(way.lan);
  return machine.ip(`
    addr add ${inside.machine}/24 dev ${way.interface}
    link set ${way.interface} up
    route replace default via ${inside.router} dev ${way.interface}`);
}
