// The PeerJS server's dialect. It has no rooms: who is inside has to be known some other way, here from the seat.

import { type Client, closeSocket, type Dialect, deferred, openSocket } from './dialect.js';

interface Incoming {
  readonly type: string;
  readonly src?: string;
  readonly payload?: string;
}

const frame = (to: string, data: string) => JSON.stringify({ type: 'CANDIDATE', dst: to, payload: data });
const idOf = (room: string, seat: number) => `${room}-${seat}`.padEnd(16, '0').replaceAll('_', '-');

export const peerServer: Dialect = {
  frame,
  async open(port, room, seat) {
    const id = idOf(room, seat);
    const query = new URLSearchParams({ key: 'peerjs', id, token: 'token', version: '1.5.5' });
    const opened = deferred<void>();
    const socket = await openSocket(`ws://127.0.0.1:${port}/peerjs?${query}`, (text) => {
      const message = JSON.parse(text) as Incoming;
      if (message.type === 'OPEN') opened.resolve();
      else if (message.src !== undefined && message.payload !== undefined) {
        client.onData(message.src, message.payload);
      }
    });
    const client: Client = {
      id,
      async enter(inside, offer) {
        await opened.promise;
        for (let other = 0; other < inside; other++) client.send(idOf(room, other), offer);
      },
      send: (to, data) => socket.send(frame(to, data)),
      onData: () => {},
      close: () => closeSocket(socket),
    };
    return client;
  },
};
