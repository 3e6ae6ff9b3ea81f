// The one UDP port of all workers, held by the server: the first packet of each client is given to the worker that has its
// link, which then takes the client's packets by a socket of its own on the same port (see client-sockets.ts).

import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Logger } from 'pino';
import { patientUdpPort, portProblem } from '../udp-port.js';
import type { Adoption } from '../worker-message.js';
import { checkedFragment } from './stun-username.js';

/** Longer than any connectivity check. */
const MAX_CHECK_BYTES = 1_500;

/** Addresses of one interface alone (RFC 4291, section 2.5.6), of no use to browsers. */
const LINK_LOCAL = /^fe80:/i;

export interface SharedPortParts {
  readonly port: number;
  /** Address to listen on; null for every one of this machine. */
  readonly bindAddress: string | null;
  readonly log: Logger;
  /** Gives a client to the worker whose link has this ICE username fragment; nothing happens where there is none. */
  adopt(usernameFragment: string, adoption: Adoption): void;
}

export interface SharedPort {
  close(): void;
}

/**
 * Listens at each address by itself: a client must be answered from the address that it has sent to, and a socket for all
 * addresses does not tell which that was. Rejects with the system's error when the port is taken, or no address can be had.
 */
export async function openSharedPort(parts: SharedPortParts): Promise<SharedPort> {
  const { port, bindAddress, log } = parts;
  // With SO_REUSEADDR, which the workers' sockets need too, the system would not say that somebody else has it.
  await patientUdpPort(port, bindAddress);
  const addresses = bindAddress === null ? ownAddresses() : [bindAddress];
  const sockets: Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  for (const address of addresses) {
    try {
      sockets.push(await listen(address, parts));
    } catch (error) {
      // One of many may be on its way in or out: the others are enough.
      if (addresses.length === 1 || portProblem(error) === 'port-taken') {
        close();
        throw error;
      }
      log.warn({ address, port, reason: String(error) }, 'the SFU cannot listen there');
    }
  }
  if (sockets.length === 0) throw new Error('this machine has no address to listen at');
  // Those that come later are not listened at.
  log.info({ addresses, port }, 'the SFU listens for all workers');
  return { close };
}

function listen(address: string, { port, log, adopt }: SharedPortParts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv4(address) ? 'udp4' : 'udp6', reuseAddr: true });
    socket.on('message', (datagram, { address: from, port: fromPort }) => {
      // Port 0 is nobody's: what comes from there is forged, and cannot be answered.
      if (fromPort === 0 || datagram.length > MAX_CHECK_BYTES) return;
      const fragment = checkedFragment(datagram);
      // What is no check is of a link that has ended, or of nobody.
      if (fragment === null) return;
      const client = { address: from, port: fromPort };
      adopt(fragment, { local: { address, port }, client, datagram });
    });
    const refused = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refused);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', refused);
      socket.on('error', (error) =>
        log.warn({ address, port, reason: error.message }, 'the port of the SFU'),
      );
      resolve(socket);
    });
  });
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => !LINK_LOCAL.test(address));
}
