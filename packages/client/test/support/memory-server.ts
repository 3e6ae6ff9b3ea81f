// The server's own rooms and tokens behind sockets in memory, with a network that can be cut, slowed and killed.

import { CLOSE, parseClientMessage, type ServerMessage } from '@maru/protocol';
import type { Effect } from '../../../server/src/room/effect.js';
import { Rooms } from '../../../server/src/room/rooms.js';
import { Secret } from '../../../server/src/secret.js';
import { ResumeTokens } from '../../../server/src/token/resume-token.js';
import type { Env, Timer } from '../../src/env/env.js';
import type { Socket, SocketEvents, SocketFactory } from '../../src/signalling/socket.js';

const GRACE_MS = 30_000;
const RECOVERY_MS = 60_000;
/** When the server notices a socket that has gone silent (RES-1). */
const SILENT_SOCKET_MS = 15_000;
const SLOWEST_MS = 60;

/** One connection, seen from the network between the two. */
interface Wire {
  readonly id: number;
  readonly events: SocketEvents;
  /** `silent`: packets vanish in both directions and neither end is told. */
  state: 'opening' | 'open' | 'silent' | 'closed';
  /** Broken, though neither end may know yet. */
  cut: boolean;
  /** What the server has said is lost on its way. */
  deaf: boolean;
  /** Nothing overtakes what was sent before it. */
  clientAt: number;
  serverAt: number;
}

/** One life of the server after another, and the network to it. */
export class MemoryServer {
  readonly #secret = new Secret('a secret of tests');
  #wires = new Map<number, Wire>();
  #nextWire = 1;
  #rooms: Rooms | null = null;
  #tokens: ResumeTokens;
  /** When this life began. */
  startedAt = 0;
  #expiry: Timer | null = null;
  /** Requests refused, by code: a well-behaved client is hardly ever refused. */
  readonly refused: string[] = [];

  constructor(
    readonly env: Env,
    readonly roomLimit = 8,
  ) {
    this.#tokens = this.#newTokens();
    this.start();
  }

  get running(): boolean {
    return this.#rooms !== null;
  }

  start(): void {
    const { clock, random } = this.env;
    this.startedAt = clock.now();
    this.#tokens = this.#newTokens();
    this.#rooms = new Rooms({
      roomLimit: this.roomLimit,
      meshLimit: null,
      maxRooms: 10,
      graceMs: GRACE_MS,
      recoverUntil: clock.now() + RECOVERY_MS,
      newPeerId: () => random.id(16),
      orderFloor: () => Math.floor(clock.now() / 1_000),
      issueToken: (claim) => this.#tokens.issue(claim),
      verifyToken: (token) => this.#tokens.verify(token),
      iceServers: () => [],
    });
  }

  /** The process is gone, as by SIGKILL: every socket ends without a word. */
  kill(): void {
    this.#rooms = null;
    this.#expiry?.cancel();
    for (const wire of this.#wires.values()) this.#end(wire, 1006);
  }

  /** A deploy: everyone is told (RES-11), and another life begins at once. */
  restart(): void {
    for (const wire of this.#wires.values()) this.#toClient(wire, { type: 'closing', reason: 'restart' });
    this.#rooms = null;
    this.#expiry?.cancel();
    for (const wire of this.#wires.values()) this.#end(wire, CLOSE.restart);
    this.start();
  }

  /** One browser's way to the server. */
  readonly way = (): Way => new Way(this);

  open(events: SocketEvents): Wire {
    const wire: Wire = {
      id: this.#nextWire++,
      events,
      state: 'opening',
      cut: false,
      deaf: false,
      clientAt: 0,
      serverAt: 0,
    };
    this.env.clock.after(this.#flight(), () => {
      if (wire.state !== 'opening') return;
      if (!this.#rooms) {
        this.#end(wire, 1006);
        return;
      }
      wire.state = 'open';
      this.#wires.set(wire.id, wire);
      events.onOpen();
    });
    return wire;
  }

  send(wire: Wire, text: string): void {
    if (wire.state !== 'open') return;
    const life = this.#rooms;
    wire.serverAt = Math.max(wire.serverAt, this.env.clock.now() + this.#flight());
    this.env.clock.after(wire.serverAt - this.env.clock.now(), () => {
      if (life && life === this.#rooms && this.#wires.has(wire.id)) this.#receive(life, wire, text);
    });
  }

  /** The client has closed its end. */
  closed(wire: Wire): void {
    if (wire.state === 'silent') return; // The server cannot know.
    wire.state = 'closed';
    // What was sent before is still read first.
    this.env.clock.after(Math.max(0, wire.serverAt - this.env.clock.now()), () => this.#forget(wire));
  }

  /** The connection breaks, and both ends are told. What is on its way in either direction arrives or is lost. */
  cut(wire: Wire): void {
    if (wire.state !== 'open' || wire.cut) {
      // One that has not opened never does.
      if (wire.state === 'opening') this.#close(wire, 1006);
      return;
    }
    wire.cut = true;
    const { clock, random } = this.env;
    wire.deaf = random.unit() < 0.5;
    if (random.unit() < 0.5) this.#forget(wire);
    else {
      clock.after(Math.max(0, wire.serverAt - clock.now()), () => this.#forget(wire));
      // No new connection is made faster than bytes on their way take to arrive.
      wire.clientAt = Math.max(wire.clientAt, wire.serverAt);
    }
    this.#later(wire, () => this.#close(wire, 1006));
  }

  /** The connection breaks, and neither end is told: the server finds out by its heartbeat. */
  silence(wire: Wire): void {
    if (wire.state !== 'open') return;
    wire.state = 'silent';
    this.env.clock.after(SILENT_SOCKET_MS, () => this.#forget(wire));
  }

  #receive(rooms: Rooms, wire: Wire, text: string): void {
    const parsed = parseClientMessage(text);
    if (!parsed.ok) throw new Error(`a client sent what no server reads: ${text}`);
    const { message } = parsed;
    if (message.type === 'hello') {
      this.#toClient(wire, { type: 'welcome', re: message.id, protocol: 1, server: 'memory' });
    } else if (message.type === 'ping' || message.type === 'report') {
      this.#toClient(wire, { type: 'ok', re: message.id });
    } else {
      this.#run(rooms.handle(wire.id, message, this.env.clock.now()));
    }
  }

  #run(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#toId(effect.to, effect.message);
      else if (effect.kind === 'broadcast') for (const to of effect.to) this.#toId(to, effect.message);
      else if (effect.kind === 'refuse') {
        const { to, re, code, limit } = effect;
        this.refused.push(code);
        this.#toId(to, { type: 'refused', re, code, ...(limit !== undefined && { limit }) });
      } else if (effect.kind === 'replace') {
        const wire = this.#wires.get(effect.connection);
        if (!wire) continue;
        this.#toClient(wire, { type: 'closing', reason: 'replaced' });
        this.#end(wire, CLOSE.replaced);
      }
    }
    this.#armExpiry();
  }

  #armExpiry(): void {
    this.#expiry?.cancel();
    const rooms = this.#rooms;
    const due = rooms?.nextDeadline() ?? null;
    if (!rooms || due === null) return;
    const { clock } = this.env;
    this.#expiry = clock.after(due - clock.now(), () => this.#run(rooms.expire(clock.now())));
  }

  #toId(id: number, message: ServerMessage): void {
    const wire = this.#wires.get(id);
    if (wire) this.#toClient(wire, message);
  }

  #toClient(wire: Wire, message: ServerMessage): void {
    this.#later(
      wire,
      () => wire.state === 'open' && !wire.deaf && wire.events.onText(JSON.stringify(message)),
    );
  }

  /** Ends a connection from the server's side, behind what it has said. */
  #end(wire: Wire, code: number): void {
    this.#wires.delete(wire.id);
    this.#later(wire, () => this.#close(wire, code));
  }

  #close(wire: Wire, code: number): void {
    if (wire.state !== 'open' && wire.state !== 'opening') return;
    wire.state = 'closed';
    wire.events.onClose(code);
  }

  #later(wire: Wire, task: () => void): void {
    wire.clientAt = Math.max(wire.clientAt, this.env.clock.now() + this.#flight());
    this.env.clock.after(wire.clientAt - this.env.clock.now(), task);
  }

  #forget(wire: Wire): void {
    if (!this.#wires.delete(wire.id) || !this.#rooms) return;
    this.#run(this.#rooms.lost(wire.id, this.env.clock.now()));
  }

  #flight(): number {
    return this.env.random.unit() * SLOWEST_MS;
  }

  #newTokens(): ResumeTokens {
    return new ResumeTokens(this.#secret, this.env.random.id(12), () => this.env.clock.unixTime());
  }
}

/** One browser's way to the server: it can be cut, or fall silent, and come back. */
export class Way {
  #wire: Wire | null = null;
  /** While true nothing gets through and no socket opens. */
  offline = false;

  constructor(readonly server: MemoryServer) {}

  readonly sockets: SocketFactory = (_url, events): Socket => {
    const { server } = this;
    if (this.offline) {
      server.env.clock.after(10, () => events.onClose(1006));
      return { send() {}, close() {} }; // A socket that never opens.
    }
    const wire = server.open(events);
    this.#wire = wire;
    return {
      send: (text) => server.send(wire, text),
      close: () => server.closed(wire),
    };
  };

  cut(): void {
    if (this.#wire) this.server.cut(this.#wire);
  }

  silence(): void {
    if (this.#wire) this.server.silence(this.#wire);
  }
}
