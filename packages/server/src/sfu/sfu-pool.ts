// The workers of the SFU: each room is placed on the least loaded of them and stays there while it has a link.

import type { Logger } from 'pino';
import type { Clock, Timer } from '../env/clock.js';
import type { LinkServer } from './link-desk.js';
import { HEARTBEAT_MS, PoolWorker } from './pool-worker.js';
import { openSharedPort, type SharedPort } from './shared-port/shared-port.js';
import { portProblem } from './udp-port.js';
import type {
  Adoption,
  EarlySeats,
  FromWorker,
  OpenResult,
  WorkerOptions,
  WorkerProblem,
} from './worker-message.js';
import type { SpawnWorker } from './worker-process.js';

/** How long a link waits for a worker to be ready, in milliseconds: longer than one takes to be replaced. */
const WAIT_MS = 5_000;
/** First packets of one link that are passed on to its worker between two heartbeats: a browser sends a check every 50 ms. */
const MOST_ADOPTIONS = 50;

export interface SfuPoolParts {
  /** How many workers, at least one. Worker n listens on the port of `options` plus n, unless they share one. */
  readonly size: number;
  readonly options: WorkerOptions;
  readonly spawn: SpawnWorker;
  readonly clock: Clock;
  readonly log: Logger;
  /** A link has ended that was not closed. */
  onClosed(link: string, reason: string): void;
  /** Who is in the slots of a link whose control channel is not open. */
  onSeats(seats: EarlySeats): void;
}

/** Why the pool could not be started. */
export interface PoolFailure {
  readonly problem: WorkerProblem | 'ended';
  readonly port: number;
  readonly reason: string;
}

/** A room on a worker, as long as it has links there. */
interface Placement {
  readonly room: string;
  readonly worker: PoolWorker;
  readonly links: Set<string>;
}

export class SfuPool implements LinkServer {
  readonly workers: readonly PoolWorker[];
  readonly #parts: SfuPoolParts;
  /** Where the rooms are that have links, and through which placement each link came. */
  readonly #placed = new Map<string, Placement>();
  readonly #placementOf = new Map<string, Placement>();
  /** Links by the ICE username fragments of their ends here, and the other way round. */
  readonly #linkOf = new Map<string, string>();
  readonly #fragmentOf = new Map<string, string>();
  /** How often clients of each link were given to a worker in this second. */
  readonly #adoptions = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #heartbeat: Timer | null = null;
  #sharedPort: SharedPort | null = null;
  #starting: ((worker: PoolWorker, failure: PoolFailure | null) => void) | null = null;
  #stopped = false;

  constructor(parts: SfuPoolParts) {
    this.#parts = parts;
    this.workers = Array.from({ length: parts.size }, (_, index) => this.#makeWorker(index));
  }

  /** Starts all workers; resolves when all are ready (null), or with what kept the first from it. */
  start(): Promise<PoolFailure | null> {
    const { sharedPort } = this.#parts.options;
    if (sharedPort === null) return this.#startWorkers();
    return this.#openSharedPort(sharedPort).then((failure) => failure ?? this.#startWorkers());
  }

  async #openSharedPort(port: number): Promise<PoolFailure | null> {
    const { options, log } = this.#parts;
    const { bindAddress } = options;
    try {
      const adopt = (fragment: string, adoption: Adoption): void => this.adopt(fragment, adoption);
      this.#sharedPort = await openSharedPort({ port, bindAddress, log, adopt });
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { problem: portProblem(error), port, reason };
    }
  }

  #startWorkers(): Promise<PoolFailure | null> {
    this.#heartbeat = this.#parts.clock.every(HEARTBEAT_MS, () => {
      this.#adoptions.clear();
      for (const worker of this.workers) worker.beat();
    });
    return new Promise((resolve) => {
      const missing = new Set(this.workers);
      this.#starting = (worker, failure) => {
        missing.delete(worker);
        if (!failure && missing.size > 0) return;
        this.#starting = null;
        resolve(failure);
      };
      for (const worker of this.workers) worker.start();
    });
  }

  async open(link: string, room: string, offer: string): Promise<OpenResult> {
    const worker = this.#workerFor(room) ?? (await this.#readyWorkerFor(room));
    if (!worker) return { ok: false, code: 'sfu-unavailable', reason: 'no worker is ready' };
    const known = this.#placed.get(room);
    const placement = known?.worker === worker ? known : { room, worker, links: new Set<string>() };
    placement.links.add(link);
    this.#placed.set(room, placement);
    this.#placementOf.set(link, placement);
    const result = await worker.open(link, room, offer);
    if (!result.ok) this.#forget(link);
    else if (this.#placementOf.get(link) === placement) {
      this.#linkOf.set(result.usernameFragment, link);
      this.#fragmentOf.set(link, result.usernameFragment);
    }
    return result;
  }

  /** Gives a client that has sent a packet to the port of all workers to the one that has its link. */
  adopt(usernameFragment: string, adoption: Adoption): void {
    const link = this.#linkOf.get(usernameFragment);
    if (link === undefined) return;
    const adoptions = (this.#adoptions.get(link) ?? 0) + 1;
    // Whoever knows the fragment, which every check shows, must not keep the workers busy.
    if (adoptions > MOST_ADOPTIONS) return;
    this.#adoptions.set(link, adoptions);
    this.#placementOf.get(link)?.worker.tell({ type: 'adopt', link, adoption });
  }

  seat(link: string, peer: string): void {
    this.#placementOf.get(link)?.worker.tell({ type: 'seat', link, peer });
  }

  close(link: string): void {
    this.#placementOf.get(link)?.worker.tell({ type: 'close', link });
    this.#forget(link);
  }

  /** Ends all workers; resolves when their processes are gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#heartbeat?.cancel();
    this.#sharedPort?.close();
    this.#sharedPort = null;
    for (const wake of [...this.#waiting]) wake();
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }

  #makeWorker(index: number): PoolWorker {
    const { options, spawn, clock, log } = this.#parts;
    const own = options.port === 0 || options.sharedPort !== null ? 0 : options.port + index;
    return new PoolWorker({
      index,
      options: { ...options, port: own },
      spawn,
      clock,
      log,
      onReady: (worker) => {
        log[worker.restarts > 0 ? 'info' : 'debug']({ worker: index, port: worker.port }, 'sfu worker ready');
        this.#starting?.(worker, null);
        for (const wake of [...this.#waiting]) wake();
      },
      onDown: (worker, failure) => this.#down(worker, failure),
      onClosed: (link, reason) => {
        this.#forget(link);
        this.#parts.onClosed(link, reason);
      },
      onSeats: (seats) => this.#parts.onSeats(seats),
    });
  }

  #down(worker: PoolWorker, failure: Extract<FromWorker, { type: 'failed' }> | null): void {
    // Its rooms begin anew on another one, and not where they were.
    for (const [room, placement] of this.#placed) {
      if (placement.worker === worker) this.#placed.delete(room);
    }
    const { problem = 'ended', reason = 'a worker ended as soon as it was started' } = failure ?? {};
    const { port, sharedPort } = this.#parts.options;
    const own = port === 0 ? 0 : port + worker.index;
    this.#starting?.(worker, { problem, reason, port: sharedPort ?? own });
  }

  /** The worker that a room is on, or is to be placed on; null while none is ready. */
  #workerFor(room: string): PoolWorker | null {
    const placed = this.#placed.get(room);
    if (placed) return placed.worker;
    const ready = this.workers.filter((worker) => worker.ready);
    const { rooms } = this.#parts.options.limits;
    const roomy = ready.filter((worker) => this.#roomsOn(worker) < rooms);
    const [first, ...others] = roomy.length > 0 ? roomy : ready;
    if (!first) return null;
    return others.reduce((least, worker) => (worker.links.size < least.links.size ? worker : least), first);
  }

  #roomsOn(worker: PoolWorker): number {
    let rooms = 0;
    for (const placement of this.#placed.values()) if (placement.worker === worker) rooms += 1;
    return rooms;
  }

  /** The same as soon as a worker is ready; null when that takes too long. */
  async #readyWorkerFor(room: string): Promise<PoolWorker | null> {
    if (this.#stopped) return null;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        timeout.cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const timeout = this.#parts.clock.after(WAIT_MS, wake);
      this.#waiting.add(wake);
    });
    return this.#stopped ? null : this.#workerFor(room);
  }

  #forget(link: string): void {
    const placement = this.#placementOf.get(link);
    if (!placement) return;
    this.#placementOf.delete(link);
    const fragment = this.#fragmentOf.get(link) ?? '';
    this.#fragmentOf.delete(link);
    // Fragments are random and short: a later link may have the same.
    if (this.#linkOf.get(fragment) === link) this.#linkOf.delete(fragment);
    placement.links.delete(link);
    const { room, links } = placement;
    if (links.size === 0 && this.#placed.get(room) === placement) this.#placed.delete(room);
  }
}
