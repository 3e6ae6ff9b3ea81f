// The signalling channel: one connection after another to the same server, requests and events over whichever is open.

import {
  type AnswerTo,
  CLOSE,
  type ClientMessage,
  PROTOCOL_VERSION,
  parseServerMessage,
  type ServerEvent,
  type VideoCodec,
} from '@maru/protocol';
import type { Env, Timer } from '../env/env.js';
import { MaruError } from '../maru-error.js';
import type { Trace } from '../trace/trace-event.js';
import {
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionState,
  INITIAL,
  step,
} from './connection.js';
import { messageSize } from './message-size.js';
import { type FieldsOf, type Handlers, Requests } from './requests.js';
import type { Socket, SocketFactory } from './socket.js';

/** How the channel is doing. `error`: why it cannot be opened for now, or is closed for good. */
export interface ChannelStatus {
  readonly phase: 'connecting' | 'open' | 'reconnecting' | 'closed';
  readonly error: MaruError | null;
}

/** What a channel tells its owner, one at a time and in order. */
export interface ChannelEvents {
  /** A socket is open and `hello` sent; requests may follow at once, without waiting for `welcome` (HS-3). */
  onUp(): void;
  /** The socket of the last `onUp` is lost. */
  onDown(): void;
  onEvent(event: ServerEvent): void;
  onStatus(status: ChannelStatus): void;
}

export interface ChannelOptions {
  /** The address of the server's socket, `ws:` or `wss:`. */
  readonly url: string;
  /** What the client calls itself in `hello`, at most 64 characters. */
  readonly agent: string;
  readonly env: Env;
  readonly trace: Trace;
  readonly sockets: SocketFactory;
  readonly events: ChannelEvents;
}

/** The owner's commands. Before the first `wake` there is no socket. */
export interface Channel {
  /** Whether requests can be sent now. */
  readonly up: boolean;
  /** What the server's SFU would have pictures in, the preferred first; VP8 unless `welcome` says more. Null before that. */
  readonly videoCodecs: readonly VideoCodec[] | null;
  /** Asks; the answer or the failure comes through the handlers. Fails at once while the channel is down. */
  ask<T extends keyof AnswerTo>(type: T, fields: FieldsOf<T>, handlers: Handlers<AnswerTo[T]>): void;
  /** Sends a signal to a peer; `failed` is called if it is refused. Does nothing while the channel is down. */
  signal(to: string, data: string, failed: (error: MaruError) => void): void;
  /** Connects at once rather than later, or asks at once whether the open socket still lives (RES-12). */
  wake(): void;
  /** Connects at once, over a fresh socket: the network is another one. */
  renew(): void;
  /** Drops the socket and connects again after the back-off's pause and this one. */
  backOff(pauseMs?: number): void;
  /** Ends the channel for good. */
  stop(error?: MaruError): void;
}

const USUAL_CODECS: readonly VideoCodec[] = ['VP8'];

/** Makes a channel; `wake` starts it. */
export function createChannel({ url, agent, env, trace, sockets, events }: ChannelOptions): Channel {
  const requests = new Requests(env.clock);
  const inbox: ConnectionInput[] = [];
  let state: ConnectionState = INITIAL;
  let status: ChannelStatus = { phase: 'connecting', error: null };
  let stopped: MaruError | null = null;
  let socket: Socket | null = null;
  let timer: Timer | null = null;
  let up = false;
  let videoCodecs: readonly VideoCodec[] | null = null;
  let busy = false;

  function input(next: ConnectionInput): void {
    inbox.push(next);
    if (busy) return;
    busy = true;
    try {
      for (let head = inbox.shift(); head; head = inbox.shift()) {
        const [after, effects] = step(state, head, { now: env.clock.now(), unit: env.random.unit() });
        state = after;
        for (const effect of effects) run(effect);
        tellStatus();
      }
    } finally {
      busy = false;
    }
  }

  function run(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'connect':
        connect();
        break;
      case 'greet':
        greet();
        break;
      case 'ping':
        ask('ping', {}, {});
        break;
      case 'drop':
        drop();
        break;
      case 'timer':
        timer?.cancel();
        timer = effect.ms === null ? null : env.clock.after(effect.ms, () => input({ type: 'timer' }));
    }
  }

  function connect(): void {
    trace.record({ kind: 'socket', state: 'connecting' });
    const mine: Socket = sockets(url, {
      onOpen: () => socket === mine && input({ type: 'opened' }),
      onText: (text) => socket === mine && receive(text),
      onClose: (code) => socket === mine && input({ type: 'lost', code }),
    });
    socket = mine;
  }

  function greet(): void {
    up = true;
    trace.record({ kind: 'socket', state: 'open' });
    const hello = { protocol: PROTOCOL_VERSION, agent: agent.slice(0, 64) };
    ask('hello', hello, {
      answered(welcome) {
        videoCodecs = welcome.videoCodecs ?? USUAL_CODECS;
        input({ type: 'welcomed' });
      },
      failed(error) {
        if (error.retry) backOff(error.detail.retryAfterMs);
        else stop(error);
      },
    });
    events.onUp();
  }

  function drop(): void {
    const dropped = socket;
    socket = null;
    dropped?.close();
    if (!up) return;
    up = false;
    trace.record({ kind: 'socket', state: 'lost' });
    requests.failAll();
    events.onDown();
  }

  function receive(text: string): void {
    const parsed = parseServerMessage(text);
    record('received', parsed.ok ? parsed.message.type : 'unreadable', text);
    input({ type: 'heard' });
    // A newer server may say things that this client does not know; they are not for it.
    if (!parsed.ok) return;
    const { message } = parsed;
    if ('re' in message) requests.settle(message);
    else if (message.type !== 'closing') events.onEvent(message);
    else input({ type: 'lost', code: message.reason === 'replaced' ? CLOSE.replaced : CLOSE.restart });
  }

  function send(message: ClientMessage): void {
    const text = JSON.stringify(message);
    record('sent', message.type, text);
    socket?.send(text);
  }

  function record(direction: 'sent' | 'received', type: string, text: string): void {
    trace.record({ kind: 'message', direction, type, bytes: messageSize(text) });
  }

  function ask<T extends keyof AnswerTo>(
    type: T,
    fields: FieldsOf<T>,
    handlers: Handlers<AnswerTo[T]>,
  ): void {
    if (!up) {
      handlers.failed?.(new MaruError('server-unreachable'));
      return;
    }
    const id = requests.add(type, handlers);
    // The compiler cannot see that type, id and the fields of that type make up its message.
    send({ type, id, ...fields } as ClientMessage);
  }

  function backOff(pauseMs = 0): void {
    input({ type: 'lost', code: CLOSE.restart, pauseMs });
  }

  function stop(error: MaruError | null = null): void {
    stopped ??= error;
    input({ type: 'stop', error: error?.code ?? null });
  }

  function tellStatus(): void {
    const next = statusOf(state, status.phase);
    if (next.phase === status.phase && next.error?.code === status.error?.code) return;
    if (next.phase === 'closed') trace.record({ kind: 'socket', state: 'closed' });
    status = next;
    events.onStatus(next);
  }

  function statusOf(now: ConnectionState, before: ChannelStatus['phase']): ChannelStatus {
    if (now.at === 'closed') {
      return { phase: 'closed', error: stopped ?? (now.error && new MaruError(now.error)) };
    }
    if (now.at === 'open' && now.welcomed) return { phase: 'open', error: null };
    const error = now.failures > 0 ? new MaruError('server-unreachable') : null;
    return { phase: before === 'connecting' ? 'connecting' : 'reconnecting', error };
  }

  return {
    get up() {
      return up;
    },
    get videoCodecs() {
      return videoCodecs;
    },
    ask,
    signal(to, data, failed) {
      if (up) send({ type: 'signal', id: requests.addSignal(failed), to, data });
    },
    wake: () => input({ type: 'wake' }),
    renew: () => input({ type: 'renew' }),
    backOff,
    stop,
  };
}
