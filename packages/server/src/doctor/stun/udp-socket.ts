// STUN over UDP: requests are sent again until they are answered (RFC 8489, section 6.2.1).

import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { NetworkFailure, socketFailure } from '../network-failure.js';
import type { IceUrl } from './ice-url.js';
import { decodeMessage } from './message.js';
import type { StunSocket, StunSocketOptions } from './stun-socket.js';
import { Transactions } from './transactions.js';

/** The first pause before a request is sent again; each further one is twice as long. */
const FIRST_RETRANSMISSION_MS = 500;

export async function openUdpSocket(url: IceUrl, options: StunSocketOptions): Promise<StunSocket> {
  const address = await resolve(url.host);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const transactions = new Transactions(options.timeoutMs, options.onMessage);
  const remote = { address, port: url.port };
  let heardOther = false;
  socket.on('error', (error) => transactions.fail(socketFailure(error)));
  socket.on('message', (bytes) => {
    const message = decodeMessage(bytes);
    if (message) transactions.settle(message);
    else heardOther = true;
  });
  try {
    await connect(socket, remote);
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    remote,
    async exchange(request) {
      const answer = transactions.wait(request);
      const stop = sendAgainAndAgain(socket, request, () => transactions.isWaiting(request));
      try {
        return await answer;
      } catch (error) {
        if (error instanceof NetworkFailure && error.kind === 'timeout' && heardOther) {
          throw new NetworkFailure('not-stun', 'what answers there does not speak STUN', { cause: error });
        }
        throw error;
      } finally {
        stop();
      }
    },
    send: (bytes) => socket.send(bytes),
    close() {
      transactions.fail(new NetworkFailure('closed', 'the socket was closed'));
      socket.close();
    },
  };
}

/** The first IPv4 address of a name, as most servers listen there, else the first of any kind. */
async function resolve(host: string): Promise<string> {
  try {
    const found = await lookup(host, { all: true });
    const chosen = found.find(({ family }) => family === 4) ?? found[0];
    if (chosen) return chosen.address;
  } catch (error) {
    throw socketFailure(error instanceof Error ? error : new Error(String(error)));
  }
  throw new NetworkFailure('unknown-host', `${host} has no address`);
}

/** A connected socket hears the ICMP message that says that nothing listens on the port. */
function connect(socket: Socket, { address, port }: StunSocket['remote']): Promise<void> {
  return new Promise((done, fail) => {
    socket.connect(port, address, (error?: Error | null) => {
      if (error) fail(socketFailure(error));
      else done();
    });
  });
}

function sendAgainAndAgain(socket: Socket, request: Buffer, isWaiting: () => boolean): () => void {
  let pause = FIRST_RETRANSMISSION_MS;
  let timer: NodeJS.Timeout;
  const send = (): void => {
    if (!isWaiting()) return;
    socket.send(request);
    timer = setTimeout(send, pause);
    pause *= 2;
  };
  send();
  return () => clearTimeout(timer);
}
