// Maru's SFU as its server runs it: a worker's process, spoken to as the pool speaks to it.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { pack, unpack } from '@maru/sfu';
import type { FromWorker, ToWorker } from '../../../packages/server/src/sfu/worker-message.js';
import { hostAddress } from '../../network/udp-relay.js';
import { PROJECT } from '../../peers.js';
import { composeOffer, reduceAnswer } from '../client/maru-offer.js';
import type { Member } from '../client/member.js';
import { peerName } from '../client/peer-name.js';
import type { Target } from './target.js';

const WORKER = `${PROJECT}packages/server/dist/sfu/worker.js`;
const ROOM = 'bench';
/** As Maru's web client has. */
const AUDIO_SLOTS = 10;
const MAX_ANSWER_BYTES = 1_000_000;
/** Above what any member of the bench is sent: 2,000 packets a second are 18 Mbit/s. */
const LINK_BITRATE = 50_000_000;
const LINKS = 5_000;

export interface MaruOptions {
  /** Flags of Node for the worker's process, for instance to profile it. */
  readonly nodeFlags?: readonly string[];
  /** Binds the process to the first processor, as far as the system can (taskset(1)). */
  readonly oneCore?: boolean;
}

export async function startMaru({ nodeFlags = [], oneCore = false }: MaruOptions = {}): Promise<Target> {
  const child = fork(WORKER, [], {
    execArgv: [...nodeFlags],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The worker did not start.');
  const worker = new WorkerTalk(child);
  if (oneCore) await bindTo(pid, 0);
  await worker.start();
  return {
    pid,
    control: true,
    estimates: true,
    async admit(member: Member, slots: number): Promise<void> {
      const { client, number, rids } = member;
      const native = await client.offer();
      const audioSlots = slots > 0 ? AUDIO_SLOTS : 0;
      const answer = await worker.open(
        `link-${number}`,
        composeOffer(native, { rids, audioSlots, videoSlots: slots }),
      );
      client.accept(reduceAnswer(native, answer));
      worker.tell({ type: 'seat', link: `link-${number}`, peer: peerName(number) });
      await client.connected();
    },
    async close() {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.exitCode === null && child.signalCode === null) {
        worker.tell({ type: 'stop' });
        await gone;
      }
    },
  };
}

class WorkerTalk {
  readonly #child: ChildProcess;
  readonly #opening = new Map<number, (answer: Extract<FromWorker, { type: 'opened' }>['result']) => void>();
  #request = 0;
  #ready: (() => void) | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromWorker) => this.#hear(message));
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ready = resolve;
      this.#child.once('exit', (status) => reject(new Error(`The worker ended with status ${status}.`)));
      this.tell({
        type: 'start',
        options: {
          port: 0,
          sharedPort: null,
          bindAddress: null,
          announce: [hostAddress()],
          videoCodecs: ['VP8', 'VP9', 'H264', 'AV1'],
          limits: { rooms: 10, links: LINKS, linkBitrate: LINK_BITRATE },
        },
      });
    });
  }

  tell(message: ToWorker): void {
    this.#child.send(message);
  }

  async open(link: string, offer: string): Promise<string> {
    const request = ++this.#request;
    const opened = new Promise<Extract<FromWorker, { type: 'opened' }>['result']>((resolve) => {
      this.#opening.set(request, resolve);
    });
    this.tell({ type: 'open', request, link, room: ROOM, offer: pack(offer) });
    const result = await opened;
    if (!result.ok) throw new Error(`The worker refused a link: ${result.reason}`);
    const answer = unpack(result.answer, MAX_ANSWER_BYTES);
    if (answer === null) throw new Error("The worker's answer cannot be unpacked.");
    return answer;
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#ready?.();
        return;
      case 'failed':
        throw new Error(`The worker failed: ${message.reason}`);
      case 'opened':
        this.#opening.get(message.request)?.(message.result);
        this.#opening.delete(message.request);
        return;
      // Whoever measures misses the packets.
      case 'closed':
      case 'seats':
      case 'pong':
        return;
    }
  }
}

/** Binds a process with all its threads; false where that cannot be done. */
export function bindTo(pid: number, processor: number): Promise<boolean> {
  return new Promise((resolve) => {
    const tool = spawn('taskset', ['-a', '-c', '-p', String(processor), String(pid)], { stdio: 'ignore' });
    tool.once('error', () => resolve(false));
    tool.once('exit', (status) => resolve(status === 0));
  });
}
