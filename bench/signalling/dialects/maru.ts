// Maru's dialect (PROTOCOL.md): `hello`, then a `join` that carries an offer for each one inside.

import { type ClientMessage, PROTOCOL_VERSION, type ServerMessage } from '@maru/protocol';
import { type Client, closeSocket, type Dialect, deferred, openSocket } from './dialect.js';

const STATE = { rev: 0, mic: true, camera: true, screen: false, hand: false };
// Of the same number of digits all along, so that frames are of one size.
const FIRST_ID = 1_000_000;

const signal = (id: number, to: string, data: string) =>
  JSON.stringify({ type: 'signal', id, to, data } satisfies ClientMessage);

export const maru: Dialect = {
  frame: (to, data) => signal(FIRST_ID, to, data),
  async open(port, room) {
    const entered = deferred<string>();
    const socket = await openSocket(`ws://127.0.0.1:${port}/ws`, (text) => {
      const message = JSON.parse(text) as ServerMessage;
      if (message.type === 'signal') client.onData(message.from, message.data);
      else if (message.type === 'peer-joined' && message.offer !== null) {
        client.onData(message.peer.id, message.offer);
      } else if (message.type === 'joined') entered.resolve(message.self.id);
      else if (message.type === 'refused') throw new Error(`Refused: ${message.code}`);
    });
    let self = '';
    let id = FIRST_ID;
    const client: Client = {
      get id() {
        return self;
      },
      async enter(inside, offer) {
        const offers = Array.from({ length: inside }, () => offer);
        say({ type: 'hello', id: id++, protocol: PROTOCOL_VERSION, agent: 'bench' });
        say({ type: 'join', id: id++, room, name: 'bench', state: STATE, offers });
        self = await entered.promise;
      },
      send: (to, data) => socket.send(signal(id++, to, data)),
      onData: () => {},
      close: () => {
        say({ type: 'leave', id: id++ });
        return closeSocket(socket);
      },
    };
    const say = (message: ClientMessage) => socket.send(JSON.stringify(message));
    return client;
  },
};
