// The bare relay's dialect: `join`, then `to` and `data`.

import { type Client, closeSocket, type Dialect, deferred, openSocket } from './dialect.js';

type Incoming =
  | { readonly peers: readonly string[] }
  | { readonly from: string; readonly data: string }
  | { readonly joined: string }
  | { readonly left: string };

const frame = (to: string, data: string) => JSON.stringify({ to, data });

export const bareWs: Dialect = {
  frame,
  async open(port, room, seat) {
    const entered = deferred<readonly string[]>();
    const socket = await openSocket(`ws://127.0.0.1:${port}`, (text) => {
      const message = JSON.parse(text) as Incoming;
      if ('from' in message) client.onData(message.from, message.data);
      else if ('peers' in message) entered.resolve(message.peers);
    });
    const client: Client = {
      // As long as the ids of the other servers.
      id: `${room}-${seat}`.padEnd(16, '_'),
      async enter(_, offer) {
        socket.send(JSON.stringify({ join: room, id: client.id }));
        for (const peer of await entered.promise) client.send(peer, offer);
      },
      send: (to, data) => socket.send(frame(to, data)),
      onData: () => {},
      close: () => closeSocket(socket),
    };
    return client;
  },
};
