// Does the name that people use lead to this machine?

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { addressKind } from '../address-kind.js';
import { type Finding, good, note } from '../finding.js';
import { socketFailure } from '../network-failure.js';

/**
 * Compares what the DNS says with this machine's own addresses and with those that STUN and TURN servers saw it at.
 * Null where the name cannot be looked up, which the check of the page has said already.
 */
export async function checkAddress(host: string, seenAs: readonly string[]): Promise<Finding | null> {
  const named = await addressesOf(host);
  if (named.length === 0) return null;
  const list = named.join(', ');
  if (named.every((address) => addressKind(address) !== 'public')) {
    const own = isIP(host) === 0 ? `${host} leads to ${list}, an address` : `${host} is an address`;
    return note(
      'address',
      `${own} that only machines of the same network can reach.`,
      'For people outside give a name whose A record is the public address of this server.',
    );
  }
  const here = [...ownAddresses(), ...seenAs];
  if (named.some((address) => here.includes(address))) {
    return good('address', `${host} leads to this machine (${list}).`);
  }
  const outside = [...new Set(here)].filter((address) => addressKind(address) === 'public');
  if (outside.length === 0) {
    return note(
      'address',
      `${host} leads to ${list}. Whether that is this machine cannot be told from behind NAT.`,
      'Configure a STUN server outside this network (--stun), or open the address below from another network.',
    );
  }
  return note(
    'address',
    `${host} leads to ${list}, and this machine is seen at ${outside.join(', ')}.`,
    `Where no proxy or load balancer stands in between, correct the A record of ${host}.`,
  );
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    if (error instanceof Error && socketFailure(error).kind !== 'closed') return [];
    throw error;
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
}
