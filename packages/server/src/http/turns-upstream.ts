// TURN over TLS on the port of HTTPS: one port, one certificate. What the client says first tells the two apart.

import type { Server } from 'node:https';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';

/** Names of ALPN that clients of STUN and TURN may ask for (RFC 7443), and what some browsers say instead. */
const TURN_PROTOCOLS = ['stun.turn', 'stun.nat-discovery', 'webrtc', 'c-webrtc'];
const HTTP_PROTOCOL = 'http/1.1';
/** A client that has said nothing by then is cut off, as one whose HTTP request never ends is. */
const FIRST_BYTE_MS = 10_000;
/** The first byte of a STUN message is 0 to 3, that of ChannelData 64 to 79 (RFC 7983); HTTP begins with a letter. */
const LAST_STUN_BYTE = 3;

/** Chooses the protocol of a connection (RFC 7301): a client that asks for one of TURN's is not sent away. */
export function chooseAlpn({ protocols }: { readonly protocols: readonly string[] }): string | undefined {
  return [HTTP_PROTOCOL, ...TURN_PROTOCOLS].find((known) => protocols.includes(known));
}

/**
 * Passes connections that begin with a STUN message on to a TURN server, as plain TCP, and leaves the others to HTTP.
 * `upstream` is `host:port`; the TURN server sees the connections as coming from this machine. Returns how to end the
 * connections that HTTP does not know of, which a server that stops would wait for.
 */
export function passTurnOn(server: Server, upstream: string, log: Logger): () => void {
  const ours = new Set<TLSSocket>();
  const listeners = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    ours.add(socket);
    const timer = setTimeout(() => socket.destroy(), FIRST_BYTE_MS);
    const forget = (): void => {
      clearTimeout(timer);
      ours.delete(socket);
    };
    // Before anybody else listens, a connection that is reset must not end the process.
    const onError = (): void => {
      socket.destroy();
    };
    socket.once('close', forget).on('error', onError);
    socket.once('data', (first: Buffer) => {
      clearTimeout(timer);
      socket.pause();
      socket.unshift(first);
      if (first.readUInt8(0) <= LAST_STUN_BYTE) {
        join(socket, upstream, log);
      } else {
        forget();
        socket.off('error', onError).off('close', forget);
        for (const listener of listeners) listener.call(server, socket);
      }
      socket.resume();
    });
  });
  return () => {
    for (const socket of ours) socket.destroy();
  };
}

/** Joins the connection with one to the TURN server; the end of either is the end of both. */
function join(socket: TLSSocket, upstream: string, log: Logger): void {
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(upstream) ?? [];
  const relay = connect({ host, port: Number(port), noDelay: true });
  socket.setNoDelay(true);
  relay.once('error', (error) => {
    log.error({ err: error }, 'the TURN server behind the HTTPS port (--turns-upstream) cannot be reached');
    socket.destroy();
  });
  relay.once('close', () => socket.destroy());
  socket.once('close', () => relay.destroy());
  socket.pipe(relay);
  relay.pipe(socket);
}
