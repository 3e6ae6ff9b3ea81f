// SIGTERM and SIGINT stop the server in good order; a second one, or five seconds, ends it at once.

import type { RunningServer } from '../server.js';
import { EXIT_FAILURE } from '../start-error.js';

/** A stop takes two seconds at most by itself; whatever hangs longer is not worth waiting for. */
const STOP_BOUND_MS = 5_000;

/** Ends the process with status 0 when the server has stopped. `drainMs` is the part of the stop that is intended. */
export function stopOnSignals(server: RunningServer, drainMs: number): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(EXIT_FAILURE);
    stopping = true;
    setTimeout(() => process.exit(EXIT_FAILURE), STOP_BOUND_MS + drainMs).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The server did not stop in good order: ${String(error)}\n`);
        process.exit(EXIT_FAILURE);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
