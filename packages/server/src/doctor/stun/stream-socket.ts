// STUN over TCP and TLS: messages follow each other without gaps and frame themselves by their length.

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { NetworkFailure, socketFailure } from '../network-failure.js';
import type { IceUrl } from './ice-url.js';
import { decodeMessage, messageLength } from './message.js';
import type { StunSocket, StunSocketOptions } from './stun-socket.js';
import { Transactions } from './transactions.js';

/** No answer to what is asked here comes near this; a peer that sends more is no STUN server. */
const MAX_PENDING_BYTES = 65_536;

export async function openStreamSocket(url: IceUrl, options: StunSocketOptions): Promise<StunSocket> {
  const transactions = new Transactions(options.timeoutMs, options.onMessage);
  const socket = await connect(url, options);
  const remote = { address: socket.remoteAddress ?? url.host, port: url.port };
  let pending: Buffer = Buffer.alloc(0);
  socket.on('error', (error) => transactions.fail(socketFailure(error)));
  socket.on('close', () => transactions.fail(new NetworkFailure('closed', 'the connection was ended')));
  socket.on('data', (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    for (;;) {
      const length = messageLength(pending);
      if (length === 0 || pending.length > MAX_PENDING_BYTES) {
        transactions.fail(new NetworkFailure('not-stun', 'what answers there does not speak STUN'));
        socket.destroy();
        return;
      }
      if (length === null || pending.length < length) return;
      const message = decodeMessage(pending.subarray(0, length));
      pending = pending.subarray(length);
      if (message) transactions.settle(message);
    }
  });
  return {
    remote,
    exchange(request) {
      const answer = transactions.wait(request);
      socket.write(request);
      return answer;
    },
    send: (bytes) => void socket.write(bytes),
    close() {
      transactions.fail(new NetworkFailure('closed', 'the socket was closed'));
      socket.destroy();
    },
  };
}

function connect(url: IceUrl, { timeoutMs, ca }: StunSocketOptions): Promise<Socket> {
  const { host, port } = url;
  return new Promise((resolve, reject) => {
    // The name is asked for (RFC 6066) and checked, as a browser does; an address cannot be asked for.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      url.transport === 'tls'
        ? connectTls({ host, port, ...servername, ...(ca === undefined ? {} : { ca }) })
        : connectTcp({ host, port });
    const timer = setTimeout(() => {
      settle();
      socket.destroy();
      reject(new NetworkFailure('timeout', `no connection within ${timeoutMs} ms`));
    }, timeoutMs);
    const ready = url.transport === 'tls' ? 'secureConnect' : 'connect';
    const onReady = (): void => {
      settle();
      resolve(socket);
    };
    const onError = (error: Error): void => {
      settle();
      // What a destroyed socket still has to say belongs to the failure that has been told.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(connectFailure(error));
    };
    const onClose = (): void => {
      settle();
      reject(new NetworkFailure('closed', 'the connection was ended while it was being made'));
    };
    const settle = (): void => {
      clearTimeout(timer);
      socket.off(ready, onReady).off('error', onError).off('close', onClose);
    };
    socket.once(ready, onReady).once('error', onError).once('close', onClose);
  });
}

/** Of several addresses of one name each has failed in its own way (Node's AggregateError): the first one counts. */
function connectFailure(error: Error): NetworkFailure {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return socketFailure(first instanceof Error ? first : error);
}
