// A TCP proxy that can delay every byte, stop passing any, or break what it carries: the bad network of tests and benches.

import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import { setTimeout as later } from 'node:timers';

/** A proxy in front of one TCP server on this machine. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection and refuses new ones, as a network that is gone with a visible error. */
  cut(): void;
  /** Stops passing bytes without telling either end, as a network that is gone in silence. */
  freeze(): void;
  /** Undoes `cut` and `freeze`. Connections that were frozen go on where they stopped. */
  mend(): void;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Where connections lead. */
  readonly target: { readonly host: string; readonly port: number };
  /**
   * How long each byte is held on its way, in each direction, in milliseconds. Default 0. The first bytes of a
   * connection wait for twice as long again: the round trip of its handshake (RFC 9293, section 3.5).
   */
  readonly delayMs?: number;
}

/** Starts a proxy on a free port of 127.0.0.1. Order is kept in each direction. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const delayMs = options.delayMs ?? 0;
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'passing' | 'cut' | 'frozen' = 'passing';

  const server = createServer({ noDelay: true }, (near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = tcpConnect({ ...options.target, noDelay: true });
    const pair = [near, far] as const;
    pairs.add(pair);
    pass(near, far, delayMs, delayMs * 2);
    pass(far, near, delayMs, 0);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) {
      // A reset by either end is part of what is tested; the other end is told by `end`.
      socket.on('error', end);
      socket.on('close', () => later(end, delayMs));
    }
    if (state === 'frozen') freezePair(pair);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  const cut = (): void => {
    state = 'cut';
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  return {
    port: address.port,
    cut,
    freeze() {
      state = 'frozen';
      pairs.forEach(freezePair);
    },
    mend() {
      state = 'passing';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(from: Socket, to: Socket, delayMs: number, handshakeMs: number): void {
  const openAt = performance.now() + handshakeMs;
  // Timers of different lengths may fire out of order; each therefore sends what has waited longest.
  const waiting: (() => void)[] = [];
  const afterDelay = (send: () => void): void => {
    if (delayMs === 0) {
      send();
      return;
    }
    waiting.push(send);
    const handshakeLeft = Math.max(0, openAt - performance.now());
    later(() => waiting.shift()?.(), handshakeLeft + delayMs);
  };
  from.on('data', (bytes) => afterDelay(() => to.writable && to.write(bytes)));
  from.on('end', () => afterDelay(() => to.end()));
}

function freezePair(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.pause();
}
