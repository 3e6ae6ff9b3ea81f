// Servers that behave as they should not, on free ports of this machine; closed when the test ends.

import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { DoctorWorld } from '../../src/doctor/world.js';

/** Short patience: what is silent here stays silent. */
export const WORLD: DoctorWorld = {
  unixTime: () => Date.now(),
  nodeVersion: process.versions.node,
  timeoutMs: 700,
};

/** A UDP server that answers each packet with what this gives; null for silence. */
export async function udpServer(answer: (packet: Buffer) => Buffer | null): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (packet: Buffer, from: RemoteInfo) => {
    const bytes = answer(packet);
    if (bytes) socket.send(bytes, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket.address().port;
}

/** A TCP server that does this with each connection. */
export async function tcpServer(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
