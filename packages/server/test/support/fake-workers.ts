// Workers of the SFU without processes: they do what a test says, at once, and remember what they were told.

import type {
  FromWorker,
  OpenResult,
  ToWorker,
  WorkerOptions,
  WorkerProblem,
} from '../../src/sfu/worker-message.js';
import type { SpawnWorker, WorkerEvents, WorkerProcess } from '../../src/sfu/worker-process.js';

type Open = Extract<ToWorker, { type: 'open' }>;

const FIGURES = {
  rooms: 0,
  links: 0,
  packetsIn: 1,
  bytesIn: 2,
  packetsOut: 3,
  bytesOut: 4,
  packetsDropped: 5,
  messagesDropped: 6,
  cpuSeconds: 7,
  memoryBytes: 8,
  eventLoopDelayS: 0.5,
};

export class FakeWorker implements WorkerProcess {
  /** All that it was told, questions whether it lives aside. */
  readonly told: ToWorker[] = [];
  options: WorkerOptions | null = null;
  alive = true;

  constructor(
    readonly index: number,
    private readonly events: WorkerEvents,
    private readonly workers: FakeWorkers,
  ) {}

  send(message: ToWorker): void {
    if (!this.alive) return;
    if (message.type === 'ping') {
      if (!this.workers.hanging)
        this.say({ type: 'pong', figures: { ...FIGURES, links: this.links.length } });
      return;
    }
    this.told.push(message);
    if (message.type === 'start') {
      this.options = message.options;
      const { problem } = this.workers;
      if (problem !== null) {
        this.say({ type: 'failed', problem, reason: 'why' });
        this.end();
      } else if (!this.workers.slow)
        this.say({ type: 'ready', port: message.options.port || 40_000 + this.index });
    } else if (message.type === 'stop') this.end();
    else if (message.type === 'open' && this.workers.result) this.answer(message, this.workers.result);
  }

  kill(): void {
    this.end();
  }

  /** The links that it holds: opened and not closed. */
  get links(): readonly string[] {
    const closed = this.told.flatMap((message) => (message.type === 'close' ? [message.link] : []));
    return this.opens.map(({ link }) => link).filter((link) => !closed.includes(link));
  }

  get opens(): readonly Open[] {
    return this.told.filter((message) => message.type === 'open');
  }

  /** Clients that it was given. */
  get adopted(): readonly ToWorker[] {
    return this.told.filter(({ type }) => type === 'adopt');
  }

  /** Who was seated on which link. */
  get seats(): readonly string[] {
    return this.told.flatMap((message) =>
      message.type === 'seat' ? [`${message.link} ${message.peer}`] : [],
    );
  }

  answer({ request, link }: Open, result: OpenResult): void {
    const own = result.ok ? { ...result, usernameFragment: `here-${link}` } : result;
    this.say({ type: 'opened', request, result: own });
  }

  say(message: FromWorker): void {
    this.events.onMessage(message);
  }

  end(): void {
    if (!this.alive) return;
    this.alive = false;
    // As a process: whoever has ended it goes on first.
    queueMicrotask(() => this.events.onExit('SIGKILL'));
  }
}

export class FakeWorkers {
  readonly all: FakeWorker[] = [];
  /** What every offer is answered with at once; null: the test answers. */
  result: OpenResult | null = { ok: true, answer: 'AAAA', usernameFragment: 'here' };
  /** They do not say whether they live. */
  hanging = false;
  /** They do not become ready by themselves. */
  slow = false;
  /** Why they cannot serve. */
  problem: WorkerProblem | null = null;

  readonly spawn: SpawnWorker = (index, events) => {
    const worker = new FakeWorker(index, events, this);
    this.all.push(worker);
    return worker;
  };

  /** The one of this index that was started last. */
  worker(index = 0): FakeWorker {
    const found = this.all.findLast((worker) => worker.index === index);
    if (!found) throw new Error(`no worker ${index}`);
    return found;
  }
}
