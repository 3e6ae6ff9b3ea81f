// Who can reach an address: this machine, its own network, or everybody.

import { BlockList, isIP } from 'node:net';

const RANGES = {
  loopback: ['127.0.0.0/8', '::1/128'],
  // RFC 1918, RFC 6598, RFC 3927; RFC 4193, RFC 4291.
  private: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.0.0/16',
    '0.0.0.0/8',
    'fc00::/7',
    'fe80::/10',
    '::/128',
  ],
} as const;

const LISTS = Object.entries(RANGES).map(([kind, ranges]) => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return [kind as keyof typeof RANGES, list] as const;
});

/** What is no address at all counts as private: nobody can reach it. */
export function addressKind(address: string): 'loopback' | 'private' | 'public' {
  const family = isIP(address);
  if (family === 0) return 'private';
  const found = LISTS.find(([, list]) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'));
  return found?.[0] ?? 'public';
}
