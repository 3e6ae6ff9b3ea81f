// A child process of the bench: forked, asked one thing at a time, and ended.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AskUsage, FromChild, Job } from './orders.js';

/** No question of this bench takes longer; a child that is silent for so long has lost its way. */
const LONGEST_ANSWER_MS = 60_000;

/** A child that answers each question with one message. */
export interface Child {
  /** The next message, which must be of this kind. Rejects when it is another or the child ends. */
  next<K extends FromChild['kind']>(kind: K): Promise<Extract<FromChild, { kind: K }>>;
  ask<K extends FromChild['kind']>(
    question: Job | AskUsage,
    kind: K,
  ): Promise<Extract<FromChild, { kind: K }>>;
  end(): Promise<void>;
}

/**
 * For every process of this bench alike: the collector in reach, so that memory can be read after a collection, and the
 * young generation that `npm start` gives to our server, so that all are compared under the same heap.
 */
const NODE_FLAGS = ['--expose-gc', '--max-semi-space-size=4'] as const;

/** Forks a compiled file of this bench. */
export function forkChild(file: string, args: readonly string[] = []): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [...args], {
    execArgv: [...NODE_FLAGS],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    next: (kind) => nextMessage(child, kind),
    ask(question, kind) {
      const answer = nextMessage(child, kind);
      child.send(question);
      return answer;
    },
    end: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

function nextMessage<K extends FromChild['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<FromChild, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      clearTimeout(timer);
      act();
    };
    const onMessage = (message: FromChild) =>
      settle(() => {
        if (isOfKind(message, kind)) resolve(message);
        else reject(new Error(`A child said ${JSON.stringify(message)} where "${kind}" was due.`));
      });
    const onExit = (status: number | null) =>
      settle(() => reject(new Error(`A child ended with status ${status}.`)));
    const timer = setTimeout(
      () =>
        settle(() => reject(new Error(`A child did not answer "${kind}" within ${LONGEST_ANSWER_MS} ms.`))),
      LONGEST_ANSWER_MS,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

function isOfKind<K extends FromChild['kind']>(
  message: FromChild,
  kind: K,
): message is Extract<FromChild, { kind: K }> {
  return message.kind === kind;
}
