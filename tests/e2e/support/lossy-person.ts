// People whose network can fail: signalling through a TCP proxy, media through a UDP relay, both of the test's own.

import { relayCandidates } from '../../../bench/network/relay-candidates.js';
import { startTcpProxy, type TcpProxy } from '../../../bench/network/tcp-proxy.js';
import { startUdpRelay, type UdpRelay } from '../../../bench/network/udp-relay.js';
import { enterCall, type Person } from './person.js';
import type { Stage } from './stage.js';

/** Ports of one relay: rebuilt links bring new candidates, each takes one. */
const RELAY_PORTS = 96;

export interface LossyNetwork {
  /** The way to the server. */
  readonly signalling: TcpProxy;
  /** The way that packets take to everyone else. */
  readonly media: UdpRelay;
  /** Nothing gets through any more, and nobody is told. */
  lose(): void;
  /** Everything gets through again. */
  restore(): void;
}

/** Enters a call over a network of one's own. Everyone in the call must do so, or media finds a way round. */
export async function enterOverLossyNetwork(
  stage: Stage,
  name: string,
): Promise<{ readonly person: Person; readonly network: LossyNetwork; close(): Promise<void> }> {
  const signalling = await startTcpProxy({ target: { host: '127.0.0.1', port: stage.server.port } });
  const media = await startUdpRelay({ size: RELAY_PORTS });
  const url = `http://localhost:${signalling.port}`;
  const person = await enterCall(stage.chromium, url, stage.room, name, {
    before: async (context) => {
      await context.exposeFunction('assignRelayPort', (port: number, address: string, targetPort: number) =>
        media.assign(port, { address, port: targetPort }),
      );
      await context.addInitScript(relayCandidates, { ports: media.ports, assign: 'assignRelayPort' });
    },
  });
  stage.adopt(person);
  return {
    person,
    network: {
      signalling,
      media,
      lose() {
        signalling.freeze();
        media.cut();
      },
      restore() {
        signalling.mend();
        media.mend();
      },
    },
    async close() {
      media.close();
      await signalling.close();
    },
  };
}
