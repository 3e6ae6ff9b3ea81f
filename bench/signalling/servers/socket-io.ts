// Socket.IO as an introduction to it would use it: rooms, an acknowledgement for joining, one event to one socket.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requirePeer } from '../../peers.js';
import { serve } from '../serve.js';

interface Socket {
  readonly id: string;
  readonly rooms: ReadonlySet<string>;
  on(event: 'join', handler: (room: string, done: (peers: readonly string[]) => void) => void): void;
  on(event: 'signal', handler: (message: { to: string; data: string }) => void): void;
  on(event: 'disconnecting', handler: () => void): void;
  join(room: string): void;
  to(room: string): { emit(event: string, value: unknown): void };
}

interface SocketIoPackage {
  Server: new (
    http: ReturnType<typeof createServer>,
    options: object,
  ) => {
    on(event: 'connection', handler: (socket: Socket) => void): void;
    to(room: string): { emit(event: string, value: unknown): void };
    readonly sockets: { readonly adapter: { readonly rooms: ReadonlyMap<string, ReadonlySet<string>> } };
  };
}

await serve(async () => {
  const { Server } = requirePeer('socket.io') as SocketIoPackage;
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

  io.on('connection', (socket) => {
    socket.on('join', (room, done) => {
      const peers = [...(io.sockets.adapter.rooms.get(room) ?? [])];
      socket.join(room);
      socket.to(room).emit('joined', socket.id);
      done(peers);
    });
    socket.on('signal', ({ to, data }) => {
      io.to(to).emit('signal', { from: socket.id, data });
    });
    socket.on('disconnecting', () => {
      for (const room of socket.rooms) if (room !== socket.id) socket.to(room).emit('left', socket.id);
    });
  });

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
});
