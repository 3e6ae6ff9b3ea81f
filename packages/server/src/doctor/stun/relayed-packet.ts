// Does a packet that is sent to the relayed address come out at the allocation? A firewall may let in the server's port
// and none of its relay ports: then allocations succeed, and calls do not.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { NetworkFailure } from '../network-failure.js';
import { encodeXorAddress, type TransportAddress, xorAddress } from './attributes.js';
import { sealMessage } from './integrity.js';
import {
  ATTRIBUTE,
  attribute,
  decodeMessage,
  METHOD,
  newTransactionId,
  type ReceivedMessage,
} from './message.js';
import type { Allocation } from './turn-allocation.js';

/** The pause before a packet is sent again: UDP may lose it. */
const RETRANSMISSION_MS = 500;

/** Indications that arrive at an allocation; the socket's `onMessage` feeds it. */
export class Indications {
  #listener: ((message: ReceivedMessage) => void) | null = null;

  readonly take = (message: ReceivedMessage): void => this.#listener?.(message);

  listen(listener: (message: ReceivedMessage) => void): void {
    this.#listener = listener;
  }
}

/**
 * Sends packets to the relayed address from a socket of its own. Null where that cannot be tried from here: when the
 * server does not answer that socket, or relays nothing of its address (as of one in the server's own network).
 */
export async function relaysPacket(
  allocation: Allocation,
  server: TransportAddress,
  indications: Indications,
  timeoutMs: number,
): Promise<boolean | null> {
  if (allocation.relayed.port === 0) return false;
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  // Whatever goes wrong with a packet is a packet that did not arrive.
  socket.on('error', () => undefined);
  try {
    const mapped = await mappedAddress(socket, server, timeoutMs);
    if (!mapped || !(await permits(allocation, mapped))) return null;
    const payload = newTransactionId();
    return await again(socket, payload, allocation.relayed, timeoutMs, (arrived) => {
      indications.listen((message) => {
        const data = message.method === METHOD.data ? attribute(message, ATTRIBUTE.data) : null;
        if (data?.equals(payload)) arrived();
      });
    });
  } finally {
    socket.close();
  }
}

/** The address of the socket as the server sees it (RFC 8489, section 2); null without an answer. */
async function mappedAddress(
  socket: Socket,
  server: TransportAddress,
  timeoutMs: number,
): Promise<TransportAddress | null> {
  const transactionId = newTransactionId();
  const request = { method: METHOD.binding, class: 'request', transactionId, attributes: [] } as const;
  let mapped: TransportAddress | null = null;
  await again(socket, sealMessage(request, null), server, timeoutMs, (arrived) => {
    socket.on('message', (bytes) => {
      const message = decodeMessage(bytes);
      if (!message?.transactionId.equals(transactionId)) return;
      mapped = xorAddress(message, ATTRIBUTE.xorMappedAddress);
      arrived();
    });
  });
  return mapped;
}

/** Whether the relay lets packets of that address through (RFC 8656, section 9). */
async function permits(allocation: Allocation, peer: TransportAddress): Promise<boolean> {
  try {
    await allocation.ask(METHOD.createPermission, (transactionId) => [
      { type: ATTRIBUTE.xorPeerAddress, value: encodeXorAddress(peer, transactionId) },
    ]);
    return true;
  } catch (error) {
    if (error instanceof NetworkFailure) return false;
    throw error;
  }
}

/** Sends a packet again and again until it is said to have arrived, or the time is over. */
function again(
  socket: Socket,
  packet: Buffer,
  { address, port }: TransportAddress,
  timeoutMs: number,
  listen: (arrived: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const send = (): void => socket.send(packet, port, address);
    const repeat = setInterval(send, RETRANSMISSION_MS);
    const finish = (result: boolean): void => {
      clearInterval(repeat);
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    listen(() => finish(true));
    send();
  });
}
