// The floor: a relay over bare `ws` that knows rooms and members, checks nothing and forwards what it is told to.

import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { serve } from '../serve.js';

type Message =
  | { readonly join: string; readonly id: string }
  | { readonly to: string; readonly data: string };

await serve(async () => {
  const sockets = new Map<string, WebSocket>();
  const rooms = new Map<string, Set<string>>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

  server.on('connection', (socket) => {
    let self = '';
    let inside: Set<string> | undefined;
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as Message;
      if ('to' in message) {
        sockets.get(message.to)?.send(JSON.stringify({ from: self, data: message.data }));
        return;
      }
      self = message.id;
      inside = rooms.get(message.join) ?? new Set();
      rooms.set(message.join, inside);
      socket.send(JSON.stringify({ peers: [...inside] }));
      for (const peer of inside) sockets.get(peer)?.send(JSON.stringify({ joined: self }));
      inside.add(self);
      sockets.set(self, socket);
      const room = message.join;
      socket.on('close', () => {
        sockets.delete(self);
        inside?.delete(self);
        if (inside?.size === 0) rooms.delete(room);
        for (const peer of inside ?? []) sockets.get(peer)?.send(JSON.stringify({ left: self }));
      });
    });
  });

  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
});
