// Requests that wait for their response, by transaction id (RFC 8489, section 6.3).

import { NetworkFailure } from '../network-failure.js';
import type { ReceivedMessage } from './message.js';

interface Waiting {
  resolve(message: ReceivedMessage): void;
  reject(error: NetworkFailure): void;
  readonly timer: NodeJS.Timeout;
}

const ID_OFFSET = 8;
const ID_END = 20;

export class Transactions {
  readonly #waiting = new Map<string, Waiting>();
  #failure: NetworkFailure | null = null;

  constructor(
    private readonly timeoutMs: number,
    private readonly onOther: (message: ReceivedMessage) => void = () => undefined,
  ) {}

  /** Resolves with the response to this request, which the caller sends. */
  wait(request: Buffer): Promise<ReceivedMessage> {
    const id = idOf(request);
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new NetworkFailure('timeout', `no answer within ${this.timeoutMs} ms`));
      }, this.timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  isWaiting(request: Buffer): boolean {
    return this.#waiting.has(idOf(request));
  }

  /** Hands a message to the request that it answers. */
  settle(message: ReceivedMessage): void {
    const id = message.transactionId.toString('hex');
    const waiting = this.#waiting.get(id);
    const isResponse = message.class === 'success' || message.class === 'error';
    if (!waiting || !isResponse) {
      this.onOther(message);
      return;
    }
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(message);
  }

  /** Nothing will be answered any more. */
  fail(failure: NetworkFailure): void {
    this.#failure ??= failure;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(failure);
    }
    this.#waiting.clear();
  }
}

const idOf = (request: Buffer): string => request.toString('hex', ID_OFFSET, ID_END);
