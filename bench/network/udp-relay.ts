// A UDP relay for media: a pool of ports, each standing for one remote candidate once it is told which, with delay or loss.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as later } from 'node:timers';

/** Where UDP packets go. */
export interface UdpAddress {
  readonly address: string;
  readonly port: number;
}

export interface UdpRelay {
  /** Ports that stand for nobody yet; `relay-candidates.ts` hands them out in the page. */
  readonly ports: readonly UdpAddress[];
  /** From now on the port stands for this target; packets that came earlier are passed on at once. */
  assign(port: number, target: UdpAddress): void;
  /** Loses every packet, both ways, until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** How long packets wait for their port to be assigned, as a count: a page tells so within a few milliseconds. */
const MAX_WAITING = 64;

export interface UdpRelayOptions {
  readonly size: number;
  /** Every packet is held for so long in each direction. */
  readonly delayMs?: number;
  /** Instead, decided for each packet: for how many milliseconds it is held; null when it is lost. */
  readonly line?: (bytes: number, towards: 'target' | 'sender') => number | null;
}

/**
 * Opens `size` ports. Packets of one direction stay in order as far as they are held. Towards the target each sender gets a
 * port of its own, so that the target sees it as a peer-reflexive candidate (RFC 8445, section 7.3.1.3) and
 * answers the same way back.
 */
export async function startUdpRelay(options: UdpRelayOptions): Promise<UdpRelay> {
  const line = options.line ?? (() => options.delayMs ?? 0);
  const held = { target: createHold(), sender: createHold() };
  const host = hostAddress();
  const fronts = new Map<number, Front>();
  const sockets = new Set<Socket>();
  let passing = true;

  const send = (socket: Socket, bytes: Buffer, to: UdpAddress, towards: 'target' | 'sender'): void => {
    if (!passing) return;
    const go = (): void => {
      if (passing && sockets.has(socket)) socket.send(bytes, to.port, to.address);
    };
    const delayMs = line(bytes.length, towards);
    if (delayMs === 0) go();
    else if (delayMs !== null) held[towards](delayMs, go);
  };
  const open = async (): Promise<Socket> => {
    const socket = createSocket('udp4');
    // ICMP errors of an end that has gone come back here; loss is what a network would show as well.
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    sockets.add(socket);
    return socket;
  };
  const forward = async (
    front: Front,
    target: UdpAddress,
    bytes: Buffer,
    from: RemoteInfo,
  ): Promise<void> => {
    const key = `${from.address}:${from.port}`;
    let back = front.backs.get(key);
    if (back === undefined) {
      back = open().then((socket) => {
        socket.on('message', (answer) => send(front.socket, answer, from, 'sender'));
        return socket;
      });
      front.backs.set(key, back);
    }
    send(await back, bytes, target, 'target');
  };

  for (let i = 0; i < options.size; i += 1) {
    const front: Front = { socket: await open(), target: null, waiting: [], backs: new Map() };
    front.socket.on('message', (bytes, from) => {
      if (front.target !== null) void forward(front, front.target, bytes, from);
      else if (front.waiting.length < MAX_WAITING) front.waiting.push([bytes, from]);
    });
    fronts.set(front.socket.address().port, front);
  }

  return {
    ports: [...fronts.keys()].map((port) => ({ address: host, port })),
    assign(port, target) {
      const front = fronts.get(port);
      if (front === undefined) throw new Error(`The relay has no port ${port}.`);
      front.target = target;
      for (const [bytes, from] of front.waiting.splice(0)) void forward(front, target, bytes, from);
    },
    cut() {
      passing = false;
    },
    mend() {
      passing = true;
    },
    close() {
      for (const socket of sockets) socket.close();
      sockets.clear();
    },
  };
}

/** Does things after their delays, those that are due at the same time in the order in which they came. */
function createHold(): (delayMs: number, go: () => void) => void {
  const waiting: { readonly dueAt: number; readonly go: () => void }[] = [];
  const release = (): void => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const left = first.dueAt - performance.now();
      if (left > 0) {
        later(release, left);
        return;
      }
      waiting.shift();
      first.go();
    }
  };
  return (delayMs, go) => {
    const dueAt = performance.now() + delayMs;
    const before = waiting.findLastIndex((other) => other.dueAt <= dueAt);
    waiting.splice(before + 1, 0, { dueAt, go });
    // Whoever is first has the timer; one that comes before it needs another.
    if (before < 0) later(release, delayMs);
  };
}

interface Front {
  readonly socket: Socket;
  target: UdpAddress | null;
  readonly waiting: [Buffer, RemoteInfo][];
  readonly backs: Map<string, Promise<Socket>>;
}

/** The IPv4 address that browsers on this machine gather as their host candidate; loopback where there is no other. */
export function hostAddress(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const address of addresses ?? []) {
      if (address.family === 'IPv4' && !address.internal) return address.address;
    }
  }
  return '127.0.0.1';
}
