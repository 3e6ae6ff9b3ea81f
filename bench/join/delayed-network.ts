// The network between the people of a measured call: a TCP proxy for signalling, a UDP relay for media.

import type { BrowserContext } from 'playwright-core';
import { relayCandidates } from '../network/relay-candidates.js';
import { startTcpProxy } from '../network/tcp-proxy.js';
import { startUdpRelay } from '../network/udp-relay.js';

/** Ports for one person: each candidate of the other end takes one, of an offer not used too. */
const PORTS_OF_ONE_PERSON = 24;

export interface DelayedNetwork {
  /** Where signalling is reached through the delay. */
  readonly signallingPort: number;
  /** Makes every connection of this profile's pages lead through the relay. */
  enter(context: BrowserContext): Promise<void>;
  close(): Promise<void>;
}

/** Each byte and packet is held for `oneWayMs` in each direction; 0 still leads through proxy and relay. */
export async function startDelayedNetwork(
  oneWayMs: number,
  target: { host: string; port: number },
): Promise<DelayedNetwork> {
  const proxy = await startTcpProxy({ target, delayMs: oneWayMs });
  const relays: { close(): void }[] = [];
  return {
    signallingPort: proxy.port,
    async enter(context) {
      const relay = await startUdpRelay({ size: PORTS_OF_ONE_PERSON, delayMs: oneWayMs });
      relays.push(relay);
      await context.exposeFunction('assignRelayPort', (port: number, address: string, targetPort: number) =>
        relay.assign(port, { address, port: targetPort }),
      );
      await context.addInitScript(relayCandidates, { ports: relay.ports, assign: 'assignRelayPort' });
    },
    async close() {
      for (const relay of relays) relay.close();
      await proxy.close();
    },
  };
}
