// A worker's clients where all workers share a port: each has a socket of its own on that port, connected to it.
//
// The kernel prefers a connected UDP socket to others on the same port. libjuice cannot be given one, and listens on a port of
// the loopback interface instead: what comes and goes by the two is passed on.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import type { Adoption } from '../worker-message.js';

const LOOPBACK = '127.0.0.1';
/** A client that is there sends consent checks about every five seconds (RFC 7675, section 5.1). */
const SILENT_MS = 30_000;
const LOOK_MS = 5_000;
/** Clients at most; more are not taken, as each costs two sockets. */
const MOST = 4_096;

interface Client {
  /** Takes a packet of the client. */
  take(datagram: Buffer): void;
  heardAt: number;
  close(): void;
}

export class ClientSockets {
  readonly #clients = new Map<string, Client>();
  readonly #port: number;
  #timer: NodeJS.Timeout | null = null;

  /** `port`: where the pipes of this worker listen on the loopback interface. */
  constructor(port: number) {
    this.#port = port;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Takes a client, with its first packet; again as long as its packets still come by way of the server. */
  adopt({ local, client, datagram }: Adoption): void {
    const name = [local.address, client.address, client.port].join(' ');
    let known = this.#clients.get(name);
    if (!known && this.#clients.size >= MOST) return;
    if (!known) {
      known = this.#open(local, client, () => this.#clients.delete(name));
      this.#clients.set(name, known);
      this.#timer ??= setInterval(() => this.#look(performance.now()), LOOK_MS);
    }
    known.take(Buffer.from(datagram));
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (const client of [...this.#clients.values()]) client.close();
  }

  #look(now: number): void {
    for (const client of [...this.#clients.values()]) if (now - client.heardAt > SILENT_MS) client.close();
    if (this.#clients.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #open(local: Adoption['local'], remote: Adoption['client'], onClosed: () => void): Client {
    const outer = createSocket({ type: isIPv4(local.address) ? 'udp4' : 'udp6', reuseAddr: true });
    const inner = createSocket('udp4');
    /** What came before the sockets stood. */
    let early: Buffer[] | null = [];
    let closed = false;
    const client: Client = {
      heardAt: performance.now(),
      take(datagram) {
        client.heardAt = performance.now();
        if (early) early.push(datagram);
        else send(inner, datagram);
      },
      close() {
        if (closed) return;
        closed = true;
        early = [];
        outer.close();
        inner.close();
        onClosed();
      },
    };
    outer.on('message', (datagram, { address, port }) => {
      // Until it is connected the socket gets what is for others too; they send it again.
      if (port === remote.port && address === remote.address) client.take(datagram);
    });
    inner.on('message', (datagram) => send(outer, datagram));
    for (const socket of [outer, inner]) {
      socket.on('error', (error) => {
        if (!isUnreachable(error)) client.close();
      });
    }
    const standing = [
      stand(outer, local, remote),
      stand(inner, { address: LOOPBACK, port: 0 }, { address: LOOPBACK, port: this.#port }),
    ];
    void Promise.all(standing).then(() => {
      const waiting = early ?? [];
      early = null;
      for (const datagram of waiting) send(inner, datagram);
    });
    return client;

    function send(socket: Socket, datagram: Buffer): void {
      // A packet that cannot be sent is a packet lost.
      if (!closed) socket.send(datagram, () => undefined);
    }
  }
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Binds and connects a socket; stays pending where it cannot be, of which its `error` tells. */
function stand(socket: Socket, from: Place, to: Place): Promise<void> {
  return new Promise((resolve) => {
    socket.bind({ ...from, exclusive: true }, () => socket.connect(to.port, to.address, () => resolve()));
  });
}

/** The other end has said that nobody listens there (ICMP): it may come back, and silence ends it anyway. */
function isUnreachable(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNREFUSED' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH';
}
