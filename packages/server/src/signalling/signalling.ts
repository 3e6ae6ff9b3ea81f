// The socket edge: reads, checks and counts what comes over WebSockets, and carries out what the rooms decide.

import type { Writable } from 'node:stream';
import {
  CLOSE,
  type ClientMessage,
  type ClientMessageOf,
  describeFault,
  type FaultDescription,
  MAX_MESSAGE_BYTES,
  OLDEST_PROTOCOL_VERSION,
  PROTOCOL_VERSION,
  parseClientMessage,
  type ServerErrorCode,
} from '@maru/protocol';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { ServerConfig } from '../config/server-config.js';
import { Alarm } from '../env/alarm.js';
import type { Clock, Timer } from '../env/clock.js';
import { Deadlines } from '../env/deadlines.js';
import { type Effect, isSfuEffect, refuse } from '../room/effect.js';
import type { RoomMessage, Rooms } from '../room/rooms.js';
import { LinkDesk } from '../sfu/link-desk.js';
import { preferredCodecs } from '../sfu/preferred-codecs.js';
import type { SfuService } from '../sfu/sfu-service.js';
import { AddressBook } from './address-book.js';
import type { Connection } from './connection.js';
import { Counts } from './counts.js';
import { beat, PING_INTERVAL_MS } from './heartbeat.js';
import { IceReports } from './ice-reports.js';
import { Outbox } from './outbox.js';
import { costOf, take } from './rate-limit.js';

/** How long a socket may stay without `hello`, in milliseconds (HS-4). */
const HELLO_TIMEOUT_MS = 10_000;
/** How often a socket may be told `too-fast` before its allowance is full again; then it is closed (MSG-3). */
const MAX_STRIKES = 100;
/** How many connections above the limit are let in to be told `server-busy`; more are refused unheard. */
const MAX_EXCESS = 100;
/** How long a stop waits for clients to answer the closing handshake, in milliseconds. */
const STOP_TIMEOUT_MS = 2_000;

/** An offer of a link costs a worker of the SFU milliseconds, and the calls on it pay: it counts as so many messages more. */
const OFFER_COST = 20;

export interface SignallingParts {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly sfu: Pick<SfuService, 'pool' | 'onClosed' | 'onSeats'>;
  readonly log: Logger;
  /** Stands for a room in the log: whoever knows a room's name may enter it, so the name itself stays out. */
  readonly roomReference: (room: string) => string;
  /** What `welcome` says about the server: its name and version. */
  readonly serverName: string;
}

export class Signalling {
  readonly rooms: Rooms;
  readonly counts = new Counts();
  readonly iceReports: IceReports;
  readonly #parts: SignallingParts;
  readonly #clock: Clock;
  readonly #connections = new Map<number, Connection>();
  readonly #addresses = new AddressBook();
  readonly #greetings = new Deadlines<Connection>();
  readonly #outbox = new Outbox(this.#connections, this.counts);
  readonly #desk: LinkDesk | null;
  readonly #graceAlarm: Alarm;
  readonly #newsAlarm: Alarm;
  readonly #helloAlarm: Alarm;
  readonly #heartbeat: Timer;
  #lastId = 0;
  #phase: 'running' | 'draining' | 'stopping' = 'running';
  #allClosed: (() => void) | null = null;

  constructor(parts: SignallingParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.rooms = parts.rooms;
    this.iceReports = new IceReports(parts.config, parts.log);
    this.#desk = this.#openDesk(parts);
    this.#graceAlarm = new Alarm(
      parts.clock,
      () => parts.rooms.nextDeadline(),
      (now) => this.#perform(parts.rooms.expire(now)),
    );
    this.#newsAlarm = new Alarm(
      parts.clock,
      () => parts.rooms.nextNews(),
      (now) => this.#perform(parts.rooms.tellWatchers(now)),
    );
    this.#helloAlarm = new Alarm(
      parts.clock,
      () => this.#greetings.next(),
      (now) => {
        for (const connection of this.#greetings.takeDue(now)) {
          this.#outbox.close(connection, CLOSE.helloTimeout);
        }
      },
    );
    this.#heartbeat = parts.clock.every(PING_INTERVAL_MS, () => {
      beat(this.#connections.values());
      this.#addresses.sweep();
    });
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** True once the server means to stop: `/readyz` says so. */
  get draining(): boolean {
    return this.#phase !== 'running';
  }

  drain(): void {
    if (this.#phase === 'running') this.#phase = 'draining';
  }

  /** Whether a further socket from this address may be opened at all; otherwise the HTTP status that refuses it. */
  admits(address: string): 'yes' | 429 | 503 {
    if (this.#phase !== 'running') return 503;
    const { maxConnections, addressMessageRate } = this.#parts.config;
    if (this.#connections.size >= maxConnections + MAX_EXCESS) return 503;
    return take(this.#addresses.entry(address), addressMessageRate, 1) === 0 ? 'yes' : 429;
  }

  /** Takes over a socket whose handshake is done, and which writes to `stream`. */
  accept(socket: WebSocket, stream: Writable, address: string): void {
    const entry = this.#addresses.entry(address);
    const { maxConnections, maxConnectionsPerAddress } = this.#parts.config;
    const excess =
      this.#connections.size >= maxConnections ||
      (maxConnectionsPerAddress > 0 && entry.connections >= maxConnectionsPerAddress);
    const connection: Connection = {
      id: ++this.#lastId,
      socket,
      stream,
      address: entry,
      bucket: null,
      phase: excess ? 'excess' : 'greeting',
      unansweredPings: 0,
      strikes: 0,
    };
    entry.connections++;
    this.#connections.set(connection.id, connection);
    this.#greetings.start(connection, this.#clock.now() + HELLO_TIMEOUT_MS);
    this.#helloAlarm.arm();
    socket.on('message', (data, isBinary) => this.#receive(connection, data, isBinary));
    socket.on('pong', () => {
      connection.unansweredPings = 0;
    });
    socket.on('close', (code) => this.#closed(connection, code));
    socket.on('error', (error) => {
      // `close` follows; what a client does wrong on its socket is its own affair.
      this.#parts.log.debug({ connection: connection.id, reason: error.message }, 'socket error');
    });
    this.#parts.log.debug({ connection: connection.id, address }, 'socket opened');
  }

  /** Tells every socket that the server restarts and closes it (RES-11). Resolves within a bounded time. */
  async stop(): Promise<void> {
    this.#phase = 'stopping';
    this.#heartbeat.cancel();
    this.#graceAlarm.stop();
    this.#newsAlarm.stop();
    this.#helloAlarm.stop();
    if (this.#connections.size === 0) return;
    const closed = new Promise<void>((resolve) => {
      this.#allClosed = resolve;
    });
    for (const connection of this.#connections.values()) {
      this.#outbox.send(connection, { type: 'closing', reason: 'restart' });
      this.#outbox.close(connection, CLOSE.restart);
    }
    const timeout = this.#clock.after(STOP_TIMEOUT_MS, () => {
      for (const { socket } of this.#connections.values()) socket.terminate();
    });
    await closed;
    timeout.cancel();
  }

  #receive(connection: Connection, data: RawData, isBinary: boolean): void {
    if (connection.phase === 'closed') return;
    connection.unansweredPings = 0;
    const { messageRate, addressMessageRate } = this.#parts.config;
    // `ws` delivers Buffers unless asked otherwise.
    const bytes = Buffer.isBuffer(data) ? data.length : MAX_MESSAGE_BYTES + 1;
    const cost = costOf(bytes);
    const waitMs = take(connection, messageRate, cost) || take(connection.address, addressMessageRate, cost);
    if (waitMs > 0) {
      this.#tooFast(connection, data, bytes, waitMs);
    } else if (isBinary) {
      this.#refuse(connection, null, 'bad-message');
    } else if (bytes > MAX_MESSAGE_BYTES) {
      this.#refuse(connection, null, 'too-large');
    } else {
      const parsed = parseClientMessage(data.toString());
      if (parsed.ok) this.#handle(connection, parsed.message);
      else this.#refuseFault(connection, describeFault(parsed));
    }
  }

  #refuseFault(connection: Connection, fault: FaultDescription): void {
    this.#refuse(connection, fault.id, refusalOf(fault));
  }

  #handle(connection: Connection, message: ClientMessage): void {
    this.counts.message(message.type);
    // Both are mostly followed by more in the same read.
    if (message.type === 'hello' || message.type === 'leave') this.#outbox.gather(connection);
    if (message.type === 'hello') {
      this.#hello(connection, message);
    } else if (connection.phase !== 'open') {
      this.#outbox.refuse(connection, message.id, 'hello-first');
    } else if (message.type === 'join' && this.draining) {
      // Whoever is inside stays to the end; a call that begins now would be interrupted at once.
      this.#outbox.refuse(connection, message.id, 'server-closing');
    } else if (message.type === 'ping') {
      this.#outbox.send(connection, { type: 'ok', re: message.id });
    } else if (message.type === 'report') {
      this.iceReports.take(message, this.#clock.now());
      this.#outbox.send(connection, { type: 'ok', re: message.id });
    } else {
      const waitMs = message.type === 'sfu' ? this.#takeForOffer(connection) : 0;
      if (waitMs > 0) this.#outbox.refuse(connection, message.id, 'too-fast', { retryAfterMs: waitMs });
      else this.#perform(this.#decide(connection, message));
    }
  }

  #takeForOffer(connection: Connection): number {
    const { messageRate, addressMessageRate } = this.#parts.config;
    return (
      take(connection, messageRate, OFFER_COST) || take(connection.address, addressMessageRate, OFFER_COST)
    );
  }

  /** Asks the rooms. A failure of their own is logged and told, and has changed nothing (MSG-5). */
  #decide(connection: Connection, message: RoomMessage): readonly Effect[] {
    try {
      return this.rooms.handle(connection.id, message, this.#clock.now());
    } catch (error) {
      this.#parts.log.error({ err: error, request: message.type }, 'request failed');
      return refuse(connection.id, message.id, 'internal');
    }
  }

  #hello(connection: Connection, message: ClientMessageOf<'hello'>): void {
    const { protocol, id } = message;
    if (protocol < OLDEST_PROTOCOL_VERSION || protocol > PROTOCOL_VERSION) {
      const code = protocol > PROTOCOL_VERSION ? 'protocol-too-new' : 'protocol-too-old';
      this.#outbox.refuse(connection, id, code);
      this.#outbox.close(connection, CLOSE.protocol);
      return;
    }
    if (connection.phase === 'excess') {
      this.#outbox.refuse(connection, id, 'server-busy');
      this.#outbox.close(connection, CLOSE.tryAgainLater);
      return;
    }
    this.#greetings.stop(connection);
    connection.phase = 'open';
    const { serverName: server, sfu, config } = this.#parts;
    const videoCodecs = sfu.pool ? preferredCodecs(config.sfuCodecs) : undefined;
    const preferring = videoCodecs && { videoCodecs };
    this.#outbox.send(connection, {
      type: 'welcome',
      re: id,
      protocol: PROTOCOL_VERSION,
      server,
      ...preferring,
    });
  }

  /** Refuses what comes too fast, and closes a socket that goes on regardless (MSG-3). */
  #tooFast(connection: Connection, data: RawData, bytes: number, retryAfterMs: number): void {
    if (++connection.strikes > MAX_STRIKES) {
      this.#parts.log.warn({ connection: connection.id }, 'socket closed: too fast');
      this.#outbox.close(connection, CLOSE.tooFast);
      return;
    }
    this.#outbox.refuse(connection, bytes > MAX_MESSAGE_BYTES ? null : idOf(data), 'too-fast', {
      retryAfterMs,
    });
  }

  #refuse(connection: Connection, re: number | null, code: ServerErrorCode): void {
    this.counts.message('invalid');
    this.#parts.log.debug({ connection: connection.id, code }, 'message refused');
    this.#outbox.refuse(connection, re, code);
  }

  #closed(connection: Connection, code: number): void {
    connection.phase = 'closed';
    connection.address.connections--;
    this.#connections.delete(connection.id);
    this.#greetings.stop(connection);
    this.#parts.log.debug({ connection: connection.id, code }, 'socket closed');
    if (this.#phase === 'stopping') {
      // Everyone is told to come back: that the others are on their way too is no news.
      if (this.#connections.size === 0) this.#allClosed?.();
      return;
    }
    this.#perform(this.rooms.lost(connection.id, this.#clock.now()));
    this.#graceAlarm.arm();
  }

  #openDesk({ sfu, log }: SignallingParts): LinkDesk | null {
    if (!sfu.pool) return null;
    const desk = new LinkDesk(sfu.pool, (effect) => this.#outbox.perform(effect), log);
    sfu.onClosed = (link, reason) => desk.closed(link, reason);
    sfu.onSeats = (seats) => desk.seated(seats);
    return desk;
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (isSfuEffect(effect)) {
        this.#desk?.perform(effect);
      } else if (effect.kind !== 'note') {
        this.#outbox.perform(effect);
      } else if (this.#parts.log.isLevelEnabled('info')) {
        const room = this.#parts.roomReference(effect.room);
        this.#parts.log.info(effect.peer === null ? { room } : { room, peer: effect.peer }, effect.step);
      }
    }
    this.#newsAlarm.arm();
  }
}

/** The id of a request that is refused whatever it says, for the answer. */
function idOf(data: RawData): number | null {
  const parsed = parseClientMessage(data.toString());
  return parsed.ok ? parsed.message.id : describeFault(parsed).id;
}

/** A name that cannot be used has a code of its own (ROOM-1, ROOM-2); everything else is a bad message. */
function refusalOf({ fault, field }: FaultDescription): ServerErrorCode {
  if (fault === 'shape') return 'bad-message';
  if (field === 'room') return 'bad-room-name';
  return field === 'name' ? 'bad-name' : 'bad-message';
}
