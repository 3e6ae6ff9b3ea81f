// A network that can fail: signalling through TCP proxies, media through a UDP relay, all of the test's own.

import { relayCandidates } from '../../../bench/network/relay-candidates.js';
import { startTcpProxy, type TcpProxy } from '../../../bench/network/tcp-proxy.js';
import { startUdpRelay, type UdpRelay } from '../../../bench/network/udp-relay.js';
import { enterCall, type Person } from './person.js';
import type { Stage } from './stage.js';

/** Ports for one person: rebuilt links bring new candidates, each takes one. */
const PORTS_OF_ONE_PERSON = 96;
const MOST_PEOPLE = 3;

export interface LossyNetwork {
  /** The way of every packet of media, whoever sends it. */
  readonly media: UdpRelay;
  /** Enters the stage's room over this network; `signalling` is this person's own way to the server. */
  enter(stage: Stage, name: string): Promise<{ readonly person: Person; readonly signalling: TcpProxy }>;
  close(): Promise<void>;
}

export async function startLossyNetwork(): Promise<LossyNetwork> {
  const media = await startUdpRelay({ size: PORTS_OF_ONE_PERSON * MOST_PEOPLE });
  const proxies: TcpProxy[] = [];
  return {
    media,
    async enter(stage, name) {
      const first = proxies.length * PORTS_OF_ONE_PERSON;
      const ports = media.ports.slice(first, first + PORTS_OF_ONE_PERSON);
      const signalling = await startTcpProxy({ target: { host: '127.0.0.1', port: stage.server.port } });
      proxies.push(signalling);
      const url = `http://localhost:${signalling.port}`;
      const person = await enterCall(stage.chromium, url, stage.room, name, {
        before: async (context) => {
          await context.exposeFunction('assignRelayPort', (port: number, address: string, target: number) =>
            media.assign(port, { address, port: target }),
          );
          await context.addInitScript(relayCandidates, { ports, assign: 'assignRelayPort' });
        },
      });
      stage.adopt(person);
      return { person, signalling };
    },
    async close() {
      media.close();
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
