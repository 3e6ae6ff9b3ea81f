// Socket.IO's dialect, as its own client writes it: Engine.IO 4 packets over the WebSocket transport from the start.

import { type Client, closeSocket, type Dialect, deferred, openSocket } from './dialect.js';

const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';
const JOIN_ACK = '430';

const frame = (to: string, data: string) => `${EVENT}${JSON.stringify(['signal', { to, data }])}`;

export const socketIo: Dialect = {
  frame,
  async open(port, room) {
    const connected = deferred<string>();
    const entered = deferred<readonly string[]>();
    const socket = await openSocket(
      `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
      (packet) => {
        if (packet === PING) socket.send(PONG);
        else if (packet.startsWith(JOIN_ACK)) {
          entered.resolve((JSON.parse(packet.slice(JOIN_ACK.length)) as [readonly string[]])[0]);
        } else if (packet.startsWith(EVENT)) {
          const [event, value] = JSON.parse(packet.slice(EVENT.length)) as [
            string,
            { from: string; data: string },
          ];
          if (event === 'signal') client.onData(value.from, value.data);
        } else if (packet.startsWith(CONNECT)) {
          connected.resolve((JSON.parse(packet.slice(CONNECT.length)) as { sid: string }).sid);
        }
      },
    );
    let id = '';
    const client: Client = {
      get id() {
        return id;
      },
      async enter(_, offer) {
        id = await connected.promise;
        socket.send(`${EVENT}0${JSON.stringify(['join', room])}`);
        for (const peer of await entered.promise) client.send(peer, offer);
      },
      send: (to, data) => socket.send(frame(to, data)),
      onData: () => {},
      close: () => closeSocket(socket),
    };
    // The handshake packet has been sent by now or comes next; either way the namespace may be asked for at once.
    socket.send(CONNECT);
    return client;
  },
};
