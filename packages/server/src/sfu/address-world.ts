// How a server finds the addresses of its machine: network interfaces, DNS, and the STUN client of the doctor.

import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { bind } from '../doctor/stun/binding.js';
import { parseIceUrl } from '../doctor/stun/ice-url.js';
import { openStunSocket } from '../doctor/stun/stun-socket.js';
import type { AddressWorld } from './announced-addresses.js';

/** How long a STUN server may take, in milliseconds: a start is not to wait long for one that is down. */
const STUN_TIMEOUT_MS = 2_500;

/** The machine's own. */
export const systemAddresses: AddressWorld = {
  own: () =>
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      // Link-local addresses (RFC 4291, section 2.5.6; RFC 3927) need to be told apart by interface, which a candidate cannot.
      .filter(({ address, internal }) => !internal && !/^(fe[89ab]|169\.254\.)/i.test(address))
      .sort((a, b) => a.family.localeCompare(b.family))
      .map(({ address }) => address),
  lookUp: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  async askStun(text) {
    const url = parseIceUrl(text);
    if (!url) throw new Error('not a STUN server');
    const socket = await openStunSocket(url, { timeoutMs: STUN_TIMEOUT_MS });
    try {
      return (await bind(socket)).mapped.address;
    } finally {
      socket.close();
    }
  },
};
