// A real server on a free port for one test, with the clock and the log at hand; stopped when the test ends.

import { onTestFinished, vi } from 'vitest';
import type { ServerConfig } from '../../src/config/server-config.js';
import { Secret } from '../../src/secret.js';
import { type RunningServer, type ServerWorld, startServer } from '../../src/server.js';
import { TestClient } from './client.js';
import { FakeClock } from './fake-clock.js';

export const TEST_SECRET = new Secret('a key for tests only, of 32 chars or more');

// Tests over sockets wait for what they expect, never for a time; a busy machine only needs more patience.
vi.setConfig({ testTimeout: 60_000 });

export interface TestServer extends RunningServer {
  readonly clock: FakeClock;
  readonly log: string[];
  /** A client that has said hello; closed with the server. */
  client(): Promise<TestClient>;
  /** Lets time pass while the clients that are connected go on answering the server's pings. */
  pass(ms: number): Promise<void>;
}

/** Less than the interval of the server's pings. */
const STEP_MS = 2_500;

/** Starts a server whose time is held still. */
export async function testServer(
  config: Partial<ServerConfig> = {},
  world: Partial<ServerWorld> & { readonly clock?: FakeClock } = {},
): Promise<TestServer> {
  const clock = world.clock ?? new FakeClock();
  const log: string[] = [];
  const server = await startServer(
    { host: '127.0.0.1', port: 0, secret: TEST_SECRET, logLevel: 'debug', sfuWorkers: 0, ...config },
    { ...world, clock, logTo: { write: (line) => log.push(line) } },
  );
  onTestFinished(() => server.close());
  const clients = new Set<TestClient>();
  return {
    ...server,
    clock,
    log,
    async client() {
      const client = await TestClient.greet(server.url);
      clients.add(client);
      return client;
    },
    async pass(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        clock.advance(Math.min(left, STEP_MS));
        const open = [...clients].filter((client) => !client.isClosed);
        await Promise.all(open.map((client) => client.expect('ok', { type: 'ping' })));
      }
    },
  };
}
