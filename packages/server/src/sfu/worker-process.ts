// A worker's process as the pool sees it, and how a real one is forked: with few rights, and nothing that is secret.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { FromWorker, ToWorker } from './worker-message.js';

export interface WorkerProcess {
  send(message: ToWorker): void;
  /** Ends it at once. `onExit` follows. */
  kill(): void;
}

export interface WorkerEvents {
  onMessage(message: FromWorker): void;
  /** The process is gone; called once. `how` is its status or signal. */
  onExit(how: string): void;
}

export type SpawnWorker = (index: number, events: WorkerEvents) => WorkerProcess;

// The environment holds secrets of the server (MARU_SECRET, MARU_TURN_SECRET), which a worker has no use for.
const PASSED_ON = ['PATH', 'LANG', 'TZ', 'SystemRoot'];

/** Forks workers from the file at `entry`. What one prints is for the log at level `debug`: it may name addresses. */
export function forkWorkers(entry: URL, log: Pick<Logger, 'debug'>): SpawnWorker {
  return (index, events) => {
    const env = Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
    const child = fork(fileURLToPath(entry), [], {
      env,
      // Not those of the server: its heap is tuned for sockets, not for packets.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let gone = false;
    const exited = (how: string): void => {
      if (gone) return;
      gone = true;
      events.onExit(how);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.debug({ worker: index, text: text.slice(0, 2_000) }, 'sfu worker printed');
      });
    }
    child.on('message', (message) => {
      if (!gone) events.onMessage(message as FromWorker);
    });
    child.on('exit', (code, signal) => exited(signal ?? `status ${code}`));
    // It could not be started, or its channel is closed while it goes on: of no use either way.
    child.on('error', (error) => {
      child.kill('SIGKILL');
      if (child.pid === undefined) exited(error.message);
    });
    return {
      send(message) {
        // One that has just ended is not told; its exit is on the way.
        if (child.connected) child.send(message, () => undefined);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
