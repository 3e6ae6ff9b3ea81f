// Sockets for tests: the test is the server, and says what happens on each.

import {
  type ClientMessage,
  type ClientMessageOf,
  describeFault,
  parseClientMessage,
  type ServerMessage,
} from '@maru/protocol';
import type { Socket, SocketEvents, SocketFactory } from '../signalling/socket.js';

/** One socket that a client has opened. */
export class FakeSocket implements Socket {
  /** What the client has sent, parsed by the protocol's schemas. */
  readonly sent: ClientMessage[] = [];
  /** True once the client has ended it. */
  closed = false;

  constructor(
    readonly url: string,
    readonly events: SocketEvents,
  ) {}

  send(text: string): void {
    if (this.closed) return;
    const parsed = parseClientMessage(text);
    if (!parsed.ok)
      throw new Error(`the client sent what no server reads (${describeFault(parsed).field}): ${text}`);
    this.sent.push(parsed.message);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.events.onOpen();
  }

  /** The server says something. */
  say(message: ServerMessage): void {
    this.events.onText(JSON.stringify(message));
  }

  /** The socket ends from the other side. */
  end(code = 1006): void {
    this.events.onClose(code);
  }

  /** The last request of a type. Throws when there was none. */
  last<T extends ClientMessage['type']>(type: T): ClientMessageOf<T> {
    const found = this.sent.findLast((message): message is ClientMessageOf<T> => message.type === type);
    if (!found) throw new Error(`no ${type} was sent, only ${this.types.join(', ')}`);
    return found;
  }

  count(type: ClientMessage['type']): number {
    return this.types.filter((sent) => sent === type).length;
  }

  get types(): ClientMessage['type'][] {
    return this.sent.map(({ type }) => type);
  }
}

/** Every socket that a client opens, oldest first. */
export class FakeSockets {
  readonly all: FakeSocket[] = [];

  readonly factory: SocketFactory = (url, events) => {
    const socket = new FakeSocket(url, events);
    this.all.push(socket);
    return socket;
  };

  /** The newest socket. Throws when there is none. */
  get last(): FakeSocket {
    const socket = this.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}
