// How a client of each server speaks. All of them sit on the same raw socket, so that only the servers differ.

import { WebSocket } from 'ws';

/** One client of a server, in its place in a room. */
export interface Client {
  /** The name by which others reach it. Known once it has entered. */
  readonly id: string;
  /** Enters its room, in which so many are already, and sends each of them the offer. */
  enter(inside: number, offer: string): Promise<void>;
  send(to: string, data: string): void;
  /** What someone has sent to it: an offer or anything else. */
  onData: (from: string, data: string) => void;
  /** Leaves; resolves when the socket is closed. */
  close(): Promise<void>;
}

/** A way of speaking. */
export interface Dialect {
  /** Opens a socket for this seat of this room. */
  open(port: number, room: string, seat: number): Promise<Client>;
  /** The frame by which `data` is sent, for its size. */
  frame(to: string, data: string): string;
}

/**
 * Opens a socket without compression, as browsers would be given it by each of these servers. Frames may come together
 * with the server's consent to the handshake, hence `onFrame` from the start.
 */
export function openSocket(url: string, onFrame: (frame: string) => void): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('message', (bytes) => onFrame(String(bytes)));
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

export function closeSocket(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.close();
  });
}

/** A promise with its resolver at hand. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
