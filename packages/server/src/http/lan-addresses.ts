// This machine's addresses as others in the same network reach it.

import { networkInterfaces } from 'node:os';

/** Every IPv4 address that is not a loopback one; the likeliest to be reachable first. */
export function lanAddresses(): string[] {
  const found: { readonly address: string; readonly rank: number }[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address, family, internal } of addresses ?? []) {
      if (family === 'IPv4' && !internal) found.push({ address, rank: rank(name, address) });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

// Bridges of container engines and virtual machines, and link-local addresses, are seldom what a phone can reach.
function rank(name: string, address: string): number {
  if (address.startsWith('169.254.')) return 2;
  return /^(docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|cni|flannel)/.test(name) ? 1 : 0;
}
