// A worker's clients where all workers share a port: each has a socket of its own on that port, connected to it.
//
// The kernel prefers a connected UDP socket to others on the same port. libjuice cannot be given one, and listens on a port of
// the loopback interface instead: what comes and goes by the two is passed on.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import type { Adoption } from '../worker-message.js';

const LOOPBACK = '127.0.0.1';
/** To a client that is there libjuice answers consent checks every few seconds (RFC 7675, section 5.1). */
const SILENT_MS = 30_000;
const LOOK_MS = 5_000;
/** How long a client is kept whose link has ended, so that it is told: by DTLS, through these sockets. */
const FAREWELL_MS = 1_000;
/** Places from which one link may be used: a browser checks from each of its addresses. More are not its client's. */
const MOST_OF_LINK = 16;
/** Clients at most: each costs two sockets, and the kernel looks through those of a port for each packet. */
const MOST = 2_048;

interface Client {
  readonly link: string;
  /** Takes a packet of the client. */
  take(datagram: Buffer): void;
  /** When something was last sent to it. */
  readonly answeredAt: number;
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
  adopt(link: string, { local, client, datagram }: Adoption): void {
    const name = [local.address, client.address, client.port].join(' ');
    let known = this.#clients.get(name);
    if (!known) {
      // From port 0 nothing comes but what is forged.
      if (client.port === 0) return;
      if (this.#clients.size >= MOST || this.#of(link).length >= MOST_OF_LINK) return;
      known = openClient(link, local, client, this.#port, () => this.#clients.delete(name));
      this.#clients.set(name, known);
      this.#timer ??= setInterval(() => this.#look(performance.now()), LOOK_MS);
    }
    known.take(Buffer.from(datagram));
  }

  /** A link has ended: its client may come back from the same place with another one, on another worker. */
  forget(link: string): void {
    const ended = this.#of(link);
    if (ended.length === 0) return;
    setTimeout(() => {
      for (const client of ended) client.close();
    }, FAREWELL_MS).unref();
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (const client of [...this.#clients.values()]) client.close();
  }

  #of(link: string): readonly Client[] {
    return [...this.#clients.values()].filter((client) => client.link === link);
  }

  #look(now: number): void {
    for (const client of [...this.#clients.values()]) if (now - client.answeredAt > SILENT_MS) client.close();
    if (this.#clients.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

interface Place {
  readonly address: string;
  readonly port: number;
}

function openClient(
  link: string,
  local: Place,
  remote: Place,
  pipesPort: number,
  onClosed: () => void,
): Client {
  const outer = createSocket({ type: isIPv4(local.address) ? 'udp4' : 'udp6', reuseAddr: true });
  const inner = createSocket('udp4');
  /** What came before the sockets stood; null once they do. */
  let early: Buffer[] | null = [];
  let standing = 0;
  let answeredAt = performance.now();
  let closed = false;

  outer.on('message', (datagram, { address, port }) => {
    // Until it is connected the socket gets what is for others too; they send it again.
    if (port === remote.port && address === remote.address) take(datagram);
  });
  inner.on('message', (datagram) => {
    if (early) return;
    answeredAt = performance.now();
    send(outer, datagram);
  });
  stand(outer, local, remote);
  stand(inner, { address: LOOPBACK, port: 0 }, { address: LOOPBACK, port: pipesPort });

  function take(datagram: Buffer): void {
    if (early) early.push(datagram);
    else send(inner, datagram);
  }

  function stand(socket: Socket, from: Place, to: Place): void {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // What the network says of a packet that was sent (ICMP) is no reason: whoever is gone falls silent.
      if (error.syscall !== 'recvmsg') close();
    });
    socket.bind({ ...from, exclusive: true }, () => {
      if (closed) return;
      // The failure of a connect is told to this alone.
      socket.connect(to.port, to.address, (failure?: unknown) => (failure ? close() : stood()));
    });
  }

  function stood(): void {
    standing += 1;
    if (standing < 2) return;
    const waiting = early ?? [];
    early = null;
    for (const datagram of waiting) send(inner, datagram);
  }

  /** A packet that cannot be sent is a packet lost. */
  function send(socket: Socket, datagram: Buffer): void {
    if (!closed) socket.send(datagram, () => undefined);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    outer.close();
    inner.close();
    onClosed();
  }

  return {
    link,
    take,
    get answeredAt() {
      return answeredAt;
    },
    close,
  };
}
