// The addresses at which browsers are told to find the SFU: given, looked up, found out by STUN, or the machine's own.

import { isIP } from 'node:net';
import { addressKind } from '../doctor/address-kind.js';

/** Asks for the addresses that STUN servers see this machine at. */
export const BY_STUN = 'stun';
/** The machine's own. */
export const LOCAL = 'local';

/** The outside world of finding addresses. */
export interface AddressWorld {
  /** The machine's own addresses, those of loopback left out. */
  own(): readonly string[];
  /** All addresses of a name. */
  lookUp(name: string): Promise<readonly string[]>;
  /** This machine as the STUN server of the URL sees it. */
  askStun(url: string): Promise<string>;
}

export interface Announced {
  readonly addresses: readonly string[];
  /** What could not be found out, in sentences for the log. */
  readonly troubles: readonly string[];
}

/**
 * Finds the addresses. Where nothing at all is found, or nothing is asked for, the machine's own are announced; where it
 * has none, loopback is, so that a call on the machine itself works.
 */
export async function announcedAddresses(
  asked: readonly string[],
  stunUrls: readonly string[],
  world: AddressWorld,
): Promise<Announced> {
  const troubles: string[] = [];
  const found = await Promise.all(
    asked.map(async (entry): Promise<readonly string[]> => {
      if (isIP(entry) !== 0) return [entry];
      if (entry === LOCAL) return world.own();
      if (entry !== BY_STUN) return tried(troubles, `${entry} has no address`, () => world.lookUp(entry));
      const seen = stunUrls.map((url) =>
        tried(troubles, `${url} does not say at which address it sees this machine`, async () => [
          await world.askStun(url),
        ]),
      );
      return (await Promise.all(seen)).flat();
    }),
  );
  const addresses = [...new Set(found.flat())];
  if (addresses.length > 0) return { addresses, troubles };
  const own = world.own();
  return { addresses: own.length > 0 ? own : ['127.0.0.1'], troubles };
}

/** Whether somebody outside the machine's own network can reach any of these. */
export function reachableFromOutside(addresses: readonly string[]): boolean {
  return addresses.some((address) => addressKind(address) === 'public');
}

async function tried(
  troubles: string[],
  trouble: string,
  find: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await find();
  } catch (error) {
    troubles.push(`${trouble} (${error instanceof Error ? error.message : String(error)})`);
    return [];
  }
}
