// Requests that wait for their answer: by id, each with its time-out, in the order of the socket.

import type { AnswerTo, ClientMessage, ClientMessageOf, ServerAnswer } from '@maru/protocol';
import type { Clock, Timer } from '../env/env.js';
import { MaruError } from '../maru-error.js';
import { LATE_MS } from './connection.js';

/** How long an answer may take, in milliseconds: longer than the heartbeat needs to find a dead socket. */
export const REQUEST_MS = 15_000;

/** `signal` is answered only when refused; so many are remembered for that. */
const SIGNALS_REMEMBERED = 64;

/** What a request of one type carries besides its type and id. */
export type FieldsOf<T extends ClientMessage['type']> = Omit<ClientMessageOf<T>, 'type' | 'id'>;

/** What becomes of a request. Called in the order in which messages came, never later. */
export interface Handlers<A> {
  answered?(answer: A): void;
  failed?(error: MaruError): void;
}

interface Pending {
  readonly type: ClientMessage['type'];
  readonly handlers: Handlers<ServerAnswer>;
  timer: Timer | null;
}

const ANSWER_TYPE: Partial<Record<ClientMessage['type'], ServerAnswer['type']>> = {
  hello: 'welcome',
  peek: 'peeked',
  join: 'joined',
  resume: 'resumed',
  ice: 'ice-servers',
  sfu: 'sfu-answer',
};

/** The table of the requests of one socket. */
export class Requests {
  readonly #pending = new Map<number, Pending>();
  readonly #signals = new Map<number, (error: MaruError) => void>();
  #nextId = 1;

  constructor(readonly clock: Clock) {}

  /** Enters a request that waits for an answer; returns its id. */
  add<T extends keyof AnswerTo>(type: T, handlers: Handlers<AnswerTo[T]>): number {
    const id = this.#nextId++;
    // The answer's type is compared before it is handed out, so the handlers get what they expect.
    const pending: Pending = { type, handlers: handlers as Handlers<ServerAnswer>, timer: null };
    this.#pending.set(id, pending);
    this.#wait(id, pending);
    return id;
  }

  /** Enters a `signal`, which only a refusal answers. */
  addSignal(failed: (error: MaruError) => void): number {
    const id = this.#nextId++;
    this.#signals.set(id, failed);
    if (this.#signals.size > SIGNALS_REMEMBERED)
      this.#signals.delete(this.#signals.keys().next().value ?? id);
    return id;
  }

  /** Hands an answer to its request; one that nobody waits for any more is dropped. */
  settle(answer: ServerAnswer): void {
    if (answer.re === null) return;
    const pending = this.#take(answer.re);
    if (answer.type === 'refused') {
      const { re, code, limit, retryAfterMs } = answer;
      const failed = pending ? pending.handlers.failed : this.#signals.get(re);
      this.#signals.delete(re);
      failed?.(new MaruError(code, { ...(limit && { limit }), ...(retryAfterMs && { retryAfterMs }) }));
    } else if (!pending) {
      return;
    } else if (answer.type === (ANSWER_TYPE[pending.type] ?? 'ok')) {
      pending.handlers.answered?.(answer);
    } else {
      pending.handlers.failed?.(new MaruError('bad-message'));
    }
  }

  /** The socket is lost: nothing that was asked on it will be answered. */
  failAll(): void {
    // What links say again after a resume makes up for lost signals (RES-9).
    this.#signals.clear();
    for (const id of [...this.#pending.keys()]) {
      this.#take(id)?.handlers.failed?.(new MaruError('server-unreachable'));
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.timer?.cancel();
    return pending;
  }

  #wait(id: number, pending: Pending): void {
    const due = this.clock.now() + REQUEST_MS;
    pending.timer = this.clock.after(REQUEST_MS, () => {
      // RES-13: after a late timer the answer may be waiting behind it.
      if (this.clock.now() - due > LATE_MS) this.#wait(id, pending);
      else this.#take(id)?.handlers.failed?.(new MaruError('request-timeout'));
    });
  }
}
