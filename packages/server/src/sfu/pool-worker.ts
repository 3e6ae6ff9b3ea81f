// One place of the pool: a worker's process, the links on it, and the one that follows when it has ended.

import type { Logger } from 'pino';
import type { Clock, Timer } from '../env/clock.js';
import type {
  EarlySeats,
  FromWorker,
  OpenResult,
  ToWorker,
  WorkerFigures,
  WorkerOptions,
} from './worker-message.js';
import type { SpawnWorker, WorkerProcess } from './worker-process.js';

/** How often a worker is asked whether it lives, and what it has done, in milliseconds. */
export const HEARTBEAT_MS = 1_000;
/**
 * So many questions in a row without an answer: it hangs. One that has ended is noticed at once, by its exit. To end one that only
 * has too much to do would make all of its clients connect anew, at the worst moment.
 */
const MAX_UNANSWERED = 3;
/** How long a process may take until it is ready, in milliseconds. */
const START_TIMEOUT_MS = 30_000;
/** The pause before the second start in a row; each further one is twice as long, up to the last. The first is at once. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 10_000;
/** A worker that was ready for so long has begun well: the next start is at once again. */
const STEADY_MS = 10_000;
/** How long a worker may take to end its links, in milliseconds. */
const STOP_TIMEOUT_MS = 1_000;

export interface PoolWorkerParts {
  readonly index: number;
  readonly options: WorkerOptions;
  readonly spawn: SpawnWorker;
  readonly clock: Clock;
  readonly log: Logger;
  onReady(worker: PoolWorker): void;
  /** It cannot serve; it is started again unless the pool stops. `failure` is null for a process that has just ended. */
  onDown(worker: PoolWorker, failure: Extract<FromWorker, { type: 'failed' }> | null): void;
  onClosed(link: string, reason: string): void;
  onSeats(seats: EarlySeats): void;
}

interface Opening {
  readonly link: string;
  readonly resolve: (result: OpenResult) => void;
}

const LOST: OpenResult = { ok: false, code: 'sfu-unavailable', reason: 'the worker has ended' };

export class PoolWorker {
  readonly index: number;
  /** Links on it, opening ones among them. */
  readonly links = new Set<string>();
  /** As it last told; null before. */
  figures: WorkerFigures | null = null;
  /** UDP port that it listens on; null before it was ever ready. */
  port: number | null = null;
  restarts = 0;
  readonly #parts: PoolWorkerParts;
  readonly #opening = new Map<number, Opening>();
  #phase: 'down' | 'starting' | 'ready' | 'stopped' = 'down';
  #process: WorkerProcess | null = null;
  #timer: Timer | null = null;
  #failure: Extract<FromWorker, { type: 'failed' }> | null = null;
  #requests = 0;
  #unanswered = 0;
  #failedStarts = 0;
  #readyAt = 0;
  #ended: (() => void) | null = null;

  constructor(parts: PoolWorkerParts) {
    this.#parts = parts;
    this.index = parts.index;
  }

  get ready(): boolean {
    return this.#phase === 'ready';
  }

  start(): void {
    const { spawn, index, options, clock } = this.#parts;
    this.#phase = 'starting';
    this.#failure = null;
    this.#timer = clock.after(START_TIMEOUT_MS, () => this.#process?.kill());
    // What a former process still says is not heard: each has its own.
    const process: WorkerProcess = spawn(index, {
      onMessage: (message) => {
        if (this.#process === process) this.#heard(message);
      },
      onExit: (how) => {
        if (this.#process === process) this.#exited(how);
      },
    });
    this.#process = process;
    // The port of its first life is known to clients' firewalls, and to whoever forwards it.
    process.send({ type: 'start', options: { ...options, port: this.port ?? options.port } });
  }

  /** Asks whether it lives, and ends it when it has not answered for a while. */
  beat(): void {
    if (this.#phase !== 'ready') return;
    if (this.#unanswered >= MAX_UNANSWERED) {
      this.#lose('does not answer');
      return;
    }
    this.#unanswered++;
    this.#process?.send({ type: 'ping' });
  }

  open(link: string, room: string, offer: string): Promise<OpenResult> {
    const request = ++this.#requests;
    this.links.add(link);
    return new Promise((resolve) => {
      this.#opening.set(request, { link, resolve });
      this.#process?.send({ type: 'open', request, link, room, offer });
    });
  }

  /** Says something about a link of its own. */
  tell(message: Extract<ToWorker, { type: 'seat' | 'close' | 'adopt' }>): void {
    if (message.type === 'close') this.links.delete(message.link);
    this.#process?.send(message);
  }

  /** Ends it for good; resolves when its process is gone. */
  async stop(): Promise<void> {
    const running = this.#process;
    this.#phase = 'stopped';
    this.#timer?.cancel();
    this.#abandon();
    if (!running) return;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    running.send({ type: 'stop' });
    // Not by the clock of the pool: where a test holds that still, processes end all the same.
    const impatience = setTimeout(() => running.kill(), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  #heard(message: FromWorker): void {
    this.#unanswered = 0;
    switch (message.type) {
      case 'ready':
        if (this.#phase !== 'starting') return;
        this.#timer?.cancel();
        this.#phase = 'ready';
        this.#readyAt = this.#parts.clock.now();
        this.port = message.port;
        this.#parts.onReady(this);
        return;
      case 'failed':
        this.#failure = message;
        return;
      case 'opened': {
        const opening = this.#opening.get(message.request);
        this.#opening.delete(message.request);
        if (!message.result.ok && opening) this.links.delete(opening.link);
        opening?.resolve(message.result);
        return;
      }
      case 'closed':
        if (this.links.delete(message.link)) this.#parts.onClosed(message.link, message.reason);
        return;
      case 'seats':
        this.#parts.onSeats(message);
        return;
      case 'pong':
        this.figures = message.figures;
        return;
    }
  }

  #exited(how: string): void {
    if (this.#phase === 'stopped') {
      this.#process = null;
      this.#ended?.();
      return;
    }
    this.#lose(how);
  }

  /** Lets go of a process that is of no use any more, tells whom it concerns, and starts another one. */
  #lose(how: string): void {
    const { log, index, clock, onDown } = this.#parts;
    const steady = this.#phase === 'ready' && clock.now() - this.#readyAt >= STEADY_MS;
    this.#failedStarts = steady ? 0 : this.#failedStarts + 1;
    this.#timer?.cancel();
    this.#process?.kill();
    this.#process = null;
    this.#phase = 'down';
    this.#unanswered = 0;
    this.figures = null;
    const links = this.links.size;
    const pause = pauseBefore(this.#failedStarts);
    log.warn({ worker: index, how: this.#failure?.problem ?? how, links, pause }, 'sfu worker lost');
    this.#timer = clock.after(pause, () => {
      this.restarts++;
      this.start();
    });
    onDown(this, this.#failure);
    this.#abandon();
  }

  /** All links are gone with their process. */
  #abandon(): void {
    const opening = [...this.#opening.values()];
    const lost = [...this.links];
    this.#opening.clear();
    this.links.clear();
    const unanswered = new Set(opening.map(({ link }) => link));
    for (const { resolve } of opening) resolve(LOST);
    if (this.#phase === 'stopped') return;
    for (const link of lost) {
      if (!unanswered.has(link)) this.#parts.onClosed(link, 'the worker has ended');
    }
  }
}

/** How long to wait before the next start after so many that did not last; one that ended by itself once is followed at once. */
function pauseBefore(failedStarts: number): number {
  if (failedStarts <= 1) return 0;
  return Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failedStarts - 2));
}
