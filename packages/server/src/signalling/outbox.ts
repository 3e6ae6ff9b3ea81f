// What goes out on sockets: answers, events, refusals and closings, each written once.

import type { Writable } from 'node:stream';
import { CLOSE, type ServerErrorCode, type ServerMessage } from '@maru/protocol';
import type { SocketEffect } from '../room/effect.js';
import type { Connection } from './connection.js';
import type { Counts } from './counts.js';

/** A client that lets this much pile up is not reading; its peer is better away than the server out of memory. */
const MAX_BUFFERED_BYTES = 4 * 1_024 * 1_024;
const AS_TEXT = { binary: false } as const;

/** What a refusal may carry besides its code. */
export interface RefusalDetails {
  readonly limit?: number;
  readonly retryAfterMs?: number;
}

export class Outbox {
  constructor(
    private readonly connections: ReadonlyMap<number, Connection>,
    private readonly counts: Counts,
  ) {}

  send(connection: Connection, message: ServerMessage): void {
    this.#write(connection, JSON.stringify(message));
  }

  /**
   * Puts off what is written to a socket until the running callback is done: requests that came in one read (`hello` and
   * `join`, `leave` and the closing frame) are answered by one system call.
   */
  gather({ stream }: Connection): void {
    stream.cork();
    process.nextTick(uncork, stream);
  }

  /** Refuses a request and counts it by its code (MSG-4). */
  refuse(
    connection: Connection,
    re: number | null,
    code: ServerErrorCode,
    details: RefusalDetails = {},
  ): void {
    this.counts.refusal(code);
    this.send(connection, { type: 'refused', re, code, ...details });
  }

  /** Closes a socket with a code (PROTOCOL.md, close codes); nothing that still comes from it is listened to. */
  close(connection: Connection, code: number): void {
    connection.phase = 'closed';
    connection.socket.close(code);
  }

  /** Carries out what the rooms decided, notes aside. */
  perform(effect: SocketEffect): void {
    switch (effect.kind) {
      case 'send': {
        const connection = this.connections.get(effect.to);
        if (connection) this.send(connection, effect.message);
        return;
      }
      case 'broadcast':
        this.#broadcast(effect.to, effect.message);
        return;
      case 'refuse': {
        const connection = this.connections.get(effect.to);
        const { re, code, limit, retryAfterMs } = effect;
        const details = {
          ...(limit === undefined ? {} : { limit }),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        };
        if (connection) this.refuse(connection, re, code, details);
        return;
      }
      case 'replace': {
        const connection = this.connections.get(effect.connection);
        if (!connection) return;
        this.send(connection, { type: 'closing', reason: 'replaced' });
        this.close(connection, CLOSE.replaced);
        return;
      }
      case 'evict': {
        const connection = this.connections.get(effect.connection);
        if (connection) this.close(connection, CLOSE.locked);
        return;
      }
    }
  }

  #broadcast(to: readonly number[], message: ServerMessage): void {
    if (to.length === 0) return;
    // Written and encoded once, however many receive it.
    const text = Buffer.from(JSON.stringify(message));
    for (const id of to) {
      const connection = this.connections.get(id);
      if (connection) this.#write(connection, text);
    }
  }

  #write(connection: Connection, text: string | Buffer): void {
    const { socket } = connection;
    if (connection.phase === 'closed') return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      connection.phase = 'closed';
      socket.terminate();
      return;
    }
    socket.send(text, AS_TEXT);
  }
}

function uncork(stream: Writable): void {
  stream.uncork();
}
