// The real, built server in a process of its own, as `npm start` runs it: killed and started again like the real thing.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../apps/web/dist/index.html', import.meta.url));

export interface TestServer {
  readonly port: number;
  /** `http://localhost:<port>`. */
  readonly url: string;
  /** Of its process; null while it does not run. */
  readonly pid: () => number | null;
  /** Everything that it has written so far, of all its lives. */
  readonly log: () => string;
  /** Ends it with this signal and resolves with its exit status, null after SIGKILL. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Starts it again unless it runs: same port, same data folder. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Starts the server with these further flags and resolves once it answers `/readyz`. */
export async function startServer(flags: readonly string[] = []): Promise<TestServer> {
  for (const file of [MAIN, PAGE]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first.`);
  }
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), 'maru-e2e-'));
  const url = `http://localhost:${port}`;
  let log = '';
  let child: ChildProcess | null = null;

  const running = (): ChildProcess | null =>
    child !== null && child.exitCode === null && child.signalCode === null ? child : null;
  const start = async (): Promise<void> => {
    if (running()) return;
    const args = [MAIN, '--host', '127.0.0.1', '--port', String(port), '--data-dir', dataDir, ...flags];
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    const note = (bytes: Buffer): void => {
      log += bytes.toString();
    };
    started.stdout?.on('data', note);
    started.stderr?.on('data', note);
    await until(`the server is ready on ${url}`, async () => {
      if (started.exitCode !== null) return { failed: started.exitCode };
      const answer = await fetch(`${url}/readyz`);
      return answer.ok ? { failed: null } : null;
    }).then(({ failed }) => {
      if (failed !== null) throw new Error(`The server ended with ${failed}:\n${log}`);
    });
  };
  const stop = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const ending = running();
    if (ending === null) return null;
    const ended = new Promise<number | null>((resolve) => ending.once('exit', (code) => resolve(code)));
    ending.kill(signal);
    return ended;
  };

  await start();
  return {
    port,
    url,
    pid: () => running()?.pid ?? null,
    log: () => log,
    stop,
    start,
    async close() {
      await stop('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
