// The SFU of a worker as the server talks to it: commands in, results and what happens to links out.

import { randomBytes } from 'node:crypto';
import { MAX_UNPACKED_SDP_BYTES } from '@maru/protocol';
import type { Sfu, SfuOptions } from '@maru/sfu';
import { ControlChannels } from './control-channels.js';
import type {
  FromWorker,
  OpenResult,
  WorkerCommand,
  WorkerFigures,
  WorkerOptions,
} from './worker-message.js';

/** What a worker needs besides its SFU. */
export interface ServedSfuParts {
  readonly options: WorkerOptions;
  makeSfu(options: SfuOptions): Sfu;
  /** Unpacks an offer of at most so many bytes; null when it is none. */
  unpack(packed: string, maxBytes: number): Promise<string | null>;
  pack(sdp: string): Promise<string>;
  /** What the process costs. */
  measure(): Pick<WorkerFigures, 'cpuSeconds' | 'memoryBytes' | 'eventLoopDelayS'>;
  tell(message: FromWorker): void;
}

export class ServedSfu {
  readonly #parts: ServedSfuParts;
  readonly #sfu: Sfu;
  readonly #channels: ControlChannels;
  /** Links that are being opened and have not been closed in the meantime. */
  readonly #opening = new Set<string>();

  constructor(parts: ServedSfuParts) {
    const { port, sharedPort, bindAddress, announce, videoCodecs, limits } = parts.options;
    this.#parts = parts;
    this.#sfu = parts.makeSfu({
      port,
      announcePort: sharedPort ?? port,
      announce,
      videoCodecs,
      limits,
      ...(bindAddress === null ? {} : { bindAddress }),
      randomSsrc: () => randomBytes(4).readUInt32BE(),
      onClosed: (link, reason) => {
        this.#channels.forget(link);
        parts.tell({ type: 'closed', link, reason });
      },
      onControl: (link, text) => this.#channels.heard(link, text),
      onSeats: (link, seats) => this.#channels.tellSeats(link, seats),
      onEncode: (link, encodings) => this.#channels.tellEncodings(link, encodings),
      onSpeaker: (link, peer) => this.#channels.tellSpeaker(link, peer),
      onReachable: (link, peers) => this.#channels.tellReachable(link, peers),
    });
    this.#channels = new ControlChannels(this.#sfu, (link, { rev, seats }) =>
      parts.tell({ type: 'seats', link, rev, seats }),
    );
  }

  /** Carries out a command. */
  perform(command: WorkerCommand): void {
    switch (command.type) {
      case 'open':
        this.#open(command).then(
          (result) => this.#parts.tell({ type: 'opened', request: command.request, result }),
          (error: unknown) => {
            const result = { ok: false, code: 'sfu-unavailable', reason: String(error) } as const;
            this.#parts.tell({ type: 'opened', request: command.request, result });
          },
        );
        return;
      case 'seat':
        this.#sfu.seat(command.link, command.peer);
        return;
      case 'close':
        this.#opening.delete(command.link);
        this.#close(command.link);
        return;
      case 'ping':
        this.#parts.tell({ type: 'pong', figures: this.#figures() });
        return;
    }
  }

  shutdown(): void {
    this.#sfu.shutdown();
  }

  async #open({ link, room, offer }: Extract<WorkerCommand, { type: 'open' }>): Promise<OpenResult> {
    const { unpack, pack } = this.#parts;
    this.#opening.add(link);
    try {
      const sdp = await unpack(offer, MAX_UNPACKED_SDP_BYTES);
      if (sdp === null) return { ok: false, code: 'bad-offer', reason: 'it cannot be unpacked' };
      if (!this.#opening.has(link)) return CLOSED;
      const opened = await this.#sfu.open(link, room, sdp);
      if (!opened.ok) return opened;
      const answer = await pack(opened.answer);
      const { usernameFragment } = opened;
      if (this.#opening.has(link)) return { ok: true, answer, usernameFragment };
      this.#close(link);
      return CLOSED;
    } finally {
      this.#opening.delete(link);
    }
  }

  #close(link: string): void {
    this.#sfu.close(link);
    this.#channels.forget(link);
  }

  #figures(): WorkerFigures {
    const { rooms, links, packetsIn, bytesIn, packetsOut, bytesOut, packetsDropped } = this.#sfu.stats();
    const traffic = { rooms, links, packetsIn, bytesIn, packetsOut, bytesOut, packetsDropped };
    return { ...traffic, messagesDropped: this.#channels.dropped, ...this.#parts.measure() };
  }
}

const CLOSED: OpenResult = { ok: false, code: 'sfu-unavailable', reason: 'closed while it was opened' };
