// A cable whose every packet passes through this process: two TUN interfaces, and the emulator of a line between them.

import { createSocket, type Socket } from 'node:dgram';
import {
  createLinkEmulator,
  type Direction,
  type Line,
  type LinkEmulator,
  seeded,
} from '../../../bench/network/link-emulator.js';
import { until } from '../../e2e/support/until.js';
import type { Namespace } from '../support/namespace.js';
import { type Running, run, start } from '../support/run.js';

const HOST = '127.0.0.1';

export interface Cable {
  /** Puts its upper end into one namespace and its lower end into another, under these names, without addresses. */
  plug(upper: Namespace, port: string, lower: Namespace, name: string): Promise<void>;
  /** Lets packets through; both ends must be up, as a TUN that is down ends whoever writes to it. */
  open(): void;
  /** From now on it behaves like this. */
  become(line: Line): void;
  /** Loses everything, both ways, until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

let cables = 0;

/** A cable that behaves like `line`. The same seed loses and delays alike. */
export function createCable(line: Line, seed = 1): Cable {
  const random = seeded(seed);
  cables += 1;
  const number = cables;
  let ends: readonly [End, End] | null = null;
  let passing = false;
  let connected = true;

  /** What an end receives goes to the other, late or never. */
  function forward(emulator: () => LinkEmulator, to: () => End): (packet: Buffer) => void {
    return (packet) => {
      if (!passing || !connected) return;
      const now = performance.now();
      const arrival = emulator().enter(packet.length, now);
      if (arrival === null) return;
      if (arrival <= now) to().send(packet);
      else setTimeout(() => connected && passing && to().send(packet), arrival - now);
    };
  }

  const emulate = (direction: Direction): LinkEmulator => createLinkEmulator(direction, random);
  let up = emulate(line.up);
  let down = emulate(line.down);
  const end = (index: 0 | 1): End => {
    if (!ends) throw new Error('The cable is not plugged in.');
    return ends[index];
  };

  return {
    async plug(upper, port, lower, name) {
      const tun = `m${process.pid}-${number}`;
      ends = await Promise.all([
        createEnd(
          `${tun}a`,
          forward(
            () => down,
            () => end(1),
          ),
        ),
        createEnd(
          `${tun}b`,
          forward(
            () => up,
            () => end(0),
          ),
        ),
      ]);
      await ends[0].moveTo(upper, port);
      await ends[1].moveTo(lower, name);
    },
    open() {
      passing = true;
    },
    become(next) {
      up = emulate(next.up);
      down = emulate(next.down);
    },
    cut() {
      connected = false;
    },
    mend() {
      connected = true;
    },
    async close() {
      passing = false;
      await Promise.all((ends ?? []).map((each) => each.close()));
    },
  };
}

/** One TUN interface: socat holds it open and turns each packet into one datagram to us, and back. */
interface End {
  send(packet: Buffer): void;
  moveTo(namespace: Namespace, name: string): Promise<void>;
  close(): Promise<void>;
}

async function createEnd(tun: string, onPacket: (packet: Buffer) => void): Promise<End> {
  const ours = await bound(0);
  const spare = await bound(0);
  const theirPort = spare.address().port;
  await closed(spare);
  ours.setRecvBufferSize(4 * 1024 * 1024);
  const socat: Running = start('socat', [
    `TUN,tun-name=${tun},iff-no-pi`,
    `UDP4-DATAGRAM:${HOST}:${ours.address().port},bind=${HOST}:${theirPort}`,
  ]);
  ours.on('message', onPacket);
  await until(`socat has made ${tun}`, async () => {
    if (socat.process.exitCode !== null) throw new Error(`socat ended: ${socat.log()}`);
    await run('ip', ['link', 'show', tun]);
    return true;
  });
  return {
    send(packet) {
      ours.send(packet, theirPort, HOST);
    },
    async moveTo(namespace, name) {
      // The open file keeps the interface alive wherever it is.
      await run('ip', ['link', 'set', tun, 'netns', namespace.name, 'name', name]);
      await namespace.ip(`link set ${name} mtu 1500 txqueuelen 1000`);
    },
    async close() {
      await socat.stop();
      await closed(ours);
    },
  };
}

async function bound(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, HOST, resolve);
  });
  // ICMP errors of a socat that has gone come back here: what is lost is lost.
  socket.removeAllListeners('error').on('error', () => undefined);
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}
