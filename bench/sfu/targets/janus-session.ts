// A session of Janus over its WebSocket: requests with their replies, and what the plugin says of each of them later.

import type WebSocket from 'ws';

/** A session ends after a minute without a word. */
const KEEP_ALIVE_MS = 20_000;
const LONGEST_REPLY_MS = 30_000;

export interface Jsep {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** What comes from Janus, as far as it is read here. */
interface JanusMessage {
  readonly janus: string;
  /** The handle that something has happened to. */
  readonly sender?: number;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: Readonly<Record<string, unknown>> };
  readonly jsep?: Jsep;
  readonly error?: { readonly reason: string };
}

export interface PluginReply {
  readonly data: Readonly<Record<string, unknown>>;
  readonly jsep: Jsep | null;
}

export class JanusSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: JanusMessage) => void>();
  readonly #keepAlive: NodeJS.Timeout;
  /** Handles whose peer connection is up, and who waits for that. */
  readonly #up = new Set<number>();
  readonly #waitingUp = new Map<number, () => void>();
  #session = 0;
  #transactions = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#hear(JSON.parse(String(text)) as JanusMessage));
    this.#keepAlive = setInterval(() => this.#send({ janus: 'keepalive' }), KEEP_ALIVE_MS);
  }

  static async open(socket: WebSocket): Promise<JanusSession> {
    const session = new JanusSession(socket);
    const { data } = await session.#ask({ janus: 'create' });
    session.#session = data?.id ?? 0;
    return session;
  }

  /** A handle of the VideoRoom plugin: one peer connection. */
  async attach(): Promise<number> {
    const { data } = await this.#ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    if (!data) throw new Error('Janus has no VideoRoom.');
    return data.id;
  }

  /** Asks the plugin; resolves with what it says in the end, and not with the mere "ack". */
  async ask(handle: number, body: Readonly<Record<string, unknown>>, jsep?: Jsep): Promise<PluginReply> {
    const message = { janus: 'message', handle_id: handle, body, ...(jsep ? { jsep } : {}) };
    const reply = await this.#ask(message);
    const data = reply.plugindata?.data ?? {};
    if (typeof data['error'] === 'string') throw new Error(`Janus: ${data['error']}`);
    return { data, jsep: reply.jsep ?? null };
  }

  /** Resolves when the peer connection of a handle is up for Janus too: before that nobody can subscribe to it. */
  async up(handle: number): Promise<void> {
    if (this.#up.has(handle)) return;
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('Janus was not connected.')), LONGEST_REPLY_MS);
      this.#waitingUp.set(handle, () => {
        clearTimeout(timeout);
        resolve();
      });
    });
  }

  close(): void {
    clearInterval(this.#keepAlive);
    this.#socket.terminate();
  }

  #ask(message: Readonly<Record<string, unknown>>): Promise<JanusMessage> {
    const transaction = String(++this.#transactions);
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error('Janus did not reply.')), LONGEST_REPLY_MS);
      this.#waiting.set(transaction, (reply) => {
        if (reply.janus === 'ack') return;
        clearTimeout(timeout);
        this.#waiting.delete(transaction);
        if (reply.error) reject(new Error(`Janus: ${reply.error.reason}`));
        else resolve(reply);
      });
      this.#send({ ...message, transaction });
    });
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    const transaction = message['transaction'] ?? String(++this.#transactions);
    const session = this.#session === 0 ? {} : { session_id: this.#session };
    this.#socket.send(JSON.stringify({ ...message, ...session, transaction }));
  }

  #hear(message: JanusMessage): void {
    const { janus, sender } = message;
    if (janus === 'webrtcup' && sender !== undefined) {
      this.#up.add(sender);
      this.#waitingUp.get(sender)?.();
    }
    if (message.transaction !== undefined) this.#waiting.get(message.transaction)?.(message);
  }
}
