// A worker of the SFU in a process of its own, as the server's pool starts one, with a witness inside.

import { type ChildProcess, fork } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { pack, unpack } from '@maru/sfu';
import type {
  FromWorker,
  OpenResult,
  ToWorker,
  WorkerFigures,
} from '../../packages/server/src/sfu/worker-message.js';
import { hostAddress } from '../network/udp-relay.js';
import { PROJECT } from '../peers.js';
import type { Held } from './witness.js';

const WORKER = `${PROJECT}packages/server/dist/sfu/worker.js`;
const WITNESS = new URL('./witness.js', import.meta.url).href;
const MAX_ANSWER_BYTES = 1_000_000;

/** What a worker holds, of JavaScript and of the system. */
export interface Holding extends Held {
  readonly files: number;
  readonly threads: number;
}

export class SoakedWorker {
  /** Links that have ended by themselves so far, by what they ended of. */
  readonly ended = new Map<string, number>();
  readonly pid: number;
  /** Links that it still holds, as far as it has told. */
  readonly links = new Set<string>();
  readonly #child: ChildProcess;
  readonly #opening = new Map<number, (result: OpenResult) => void>();
  #figures: ((figures: WorkerFigures) => void)[] = [];
  #held: ((held: Held) => void)[] = [];
  #requests = 0;
  #port = 0;

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
  }

  static async start(): Promise<SoakedWorker> {
    const child = fork(WORKER, [], {
      execArgv: ['--expose-gc', '--import', WITNESS],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    if (child.pid === undefined) throw new Error('The worker did not start.');
    const worker = new SoakedWorker(child, child.pid);
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromWorker | Held) => worker.#hear(message, resolve));
      child.once('exit', (status, signal) => reject(new Error(`The worker ended with ${signal ?? status}.`)));
      worker.tell({
        type: 'start',
        options: {
          port: 0,
          sharedPort: null,
          bindAddress: null,
          announce: [hostAddress()],
          videoCodecs: ['VP8', 'VP9', 'H264', 'AV1'],
          limits: { rooms: 1_000, links: 1_000, linkBitrate: 10_000_000 },
        },
      });
    });
    return worker;
  }

  /** Where its links are reached. */
  get address(): { readonly address: string; readonly port: number } {
    return { address: hostAddress(), port: this.#port };
  }

  tell(message: ToWorker): void {
    if (message.type === 'close') this.links.delete(message.link);
    this.#child.send(message);
  }

  /** The answer; null where the worker did not take the offer, or was told in the meantime that it need not. */
  async open(link: string, room: string, offer: string): Promise<string | null> {
    const request = ++this.#requests;
    const opened = new Promise<OpenResult>((resolve) => this.#opening.set(request, resolve));
    this.tell({ type: 'open', request, link, room, offer: pack(offer) });
    this.links.add(link);
    const result = await opened;
    if (!result.ok) this.links.delete(link);
    return result.ok ? unpack(result.answer, MAX_ANSWER_BYTES) : null;
  }

  figures(): Promise<WorkerFigures> {
    return new Promise((resolve) => {
      this.#figures.push(resolve);
      this.tell({ type: 'ping' });
    });
  }

  /** What it holds now, after everything that can be collected was. */
  async holding(): Promise<Holding> {
    const held = await new Promise<Held>((resolve) => {
      this.#held.push(resolve);
      process.kill(this.pid, 'SIGUSR2');
    });
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return {
      ...held,
      files: (await readdir(`/proc/${this.pid}/fd`)).length,
      threads: Number(/^Threads:\s*(\d+)/m.exec(status)?.[1]),
    };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.tell({ type: 'stop' });
    await gone;
  }

  #hear(message: FromWorker | Held, ready: () => void): void {
    switch (message.type) {
      case 'ready':
        this.#port = message.port;
        ready();
        return;
      case 'failed':
        throw new Error(`The worker failed: ${message.reason}`);
      case 'opened':
        this.#opening.get(message.request)?.(message.result);
        this.#opening.delete(message.request);
        return;
      case 'closed':
        this.links.delete(message.link);
        this.ended.set(message.reason, (this.ended.get(message.reason) ?? 0) + 1);
        return;
      // Its clients have no use for it before their channels are open.
      case 'seats':
        return;
      case 'pong':
        this.#figures.shift()?.(message.figures);
        return;
      case 'held':
        this.#held.shift()?.(message);
        return;
    }
  }
}
