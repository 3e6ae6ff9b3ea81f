// A raw signalling client for tests: it says exactly what it is told to, and remembers all that it hears.

import {
  type ClientMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  serverMessageSchema,
  type Topology,
} from '@maru/protocol';
import * as v from 'valibot';
import { type ClientOptions, WebSocket } from 'ws';

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
/** A request as a test writes it: the id is the client's business. */
export type Ask = ClientMessage extends infer M ? (M extends ClientMessage ? Omit<M, 'id'> : never) : never;

export const STATE = { rev: 0, mic: true, camera: true, screen: false, hand: false };

interface Waiter {
  readonly wanted: (message: ServerMessage) => boolean;
  readonly resolve: (message: ServerMessage) => void;
  readonly reject: (error: Error) => void;
}

export class TestClient {
  /** Everything received and not yet taken by a wait, oldest first. */
  readonly inbox: ServerMessage[] = [];
  readonly closed: Promise<number>;
  #closeCode: number | null = null;
  #waiters: Waiter[] = [];
  #nextId = 1;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      // Parsing strictly means that every test also checks the server's side of the schemas.
      this.#receive(v.parse(serverMessageSchema, JSON.parse(String(data))));
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        this.#closeCode = code;
        for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error(`closed with ${code}`));
        resolve(code);
      });
    });
  }

  /** Opens a socket without saying anything. Rejects with the HTTP status when the handshake is refused. */
  static async open(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, {
      rejectUnauthorized: false,
      ...options,
    });
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => socket.terminate());
    return client;
  }

  /** Opens a socket and says hello. */
  static async greet(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const client = await TestClient.open(url, options);
    await client.hello();
    return client;
  }

  get isClosed(): boolean {
    return this.#closeCode !== null;
  }

  hello(protocol = PROTOCOL_VERSION): Promise<ServerMessage> {
    return this.ask({ type: 'hello', protocol, agent: 'test' });
  }

  /** Sends a request without waiting and returns its id. */
  say(message: Ask): number {
    const id = this.#nextId++;
    this.raw(JSON.stringify({ ...message, id }));
    return id;
  }

  raw(text: string | Buffer): void {
    this.socket.send(text);
  }

  /** Sends a request and waits for its answer, whichever that is. */
  ask(message: Ask): Promise<ServerMessage> {
    const id = this.say(message);
    return this.next((answer) => 're' in answer && answer.re === id);
  }

  /** Sends a request and waits for an answer of this type; fails on any other. */
  async expect<T extends ServerMessage['type']>(type: T, message: Ask): Promise<Of<T>> {
    const answer = await this.ask(message);
    if (answer.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(answer)}`);
    return answer as Of<T>;
  }

  join(
    room: string,
    name: string,
    offers: string[] = [],
    attempt?: string,
    topology?: Topology,
  ): Promise<Of<'joined'>> {
    const marked = attempt === undefined ? {} : { attempt };
    const asked = topology === undefined ? {} : { topology };
    return this.expect('joined', { type: 'join', room, name, state: STATE, offers, ...marked, ...asked });
  }

  resume(
    token: string,
    more: { rev?: number; locked?: boolean; name?: string; topology?: Topology; epoch?: number } = {},
  ): Promise<ServerMessage> {
    const { rev = 0, locked = false, name = 'resumed', topology = 'mesh', epoch = 0 } = more;
    return this.ask({ type: 'resume', token, name, state: { ...STATE, rev }, locked, topology, epoch });
  }

  /** Waits for a message and takes it out of the inbox. */
  next(wanted: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const index = this.inbox.findIndex(wanted);
    const known = this.inbox[index];
    if (known) {
      this.inbox.splice(index, 1);
      return Promise.resolve(known);
    }
    if (this.#closeCode !== null) return Promise.reject(new Error(`closed with ${this.#closeCode}`));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ wanted, resolve, reject });
    });
  }

  /** Waits for an event or answer of one type. */
  async nextOf<T extends ServerMessage['type']>(type: T): Promise<Of<T>> {
    return (await this.next((message) => message.type === type)) as Of<T>;
  }

  /** All that the server has sent to this client up to now, events only; they are taken out. */
  async events(): Promise<ServerMessage[]> {
    await this.expect('ok', { type: 'ping' });
    return this.inbox.splice(0);
  }

  /** Loses the connection without a word. */
  async drop(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #receive(message: ServerMessage): void {
    const index = this.#waiters.findIndex(({ wanted }) => wanted(message));
    const waiter = this.#waiters[index];
    if (!waiter) {
      this.inbox.push(message);
      return;
    }
    this.#waiters.splice(index, 1);
    waiter.resolve(message);
  }
}
