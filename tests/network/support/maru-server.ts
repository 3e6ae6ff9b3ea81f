// The real, built server on the lab's internet, over HTTPS on 443 like a public one, with a certificate of its own making.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../../e2e/support/until.js';
import type { Namespace } from './namespace.js';
import type { PublicAddress } from './topology.js';

const MAIN = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../apps/web/dist/index.html', import.meta.url));

export interface MaruServer {
  /** By its IPv4 and its IPv6 address. */
  readonly url: string;
  readonly url6: string;
  log(): string;
  close(): Promise<void>;
}

/** Starts it with these further flags and resolves once it listens. */
export async function startMaru(
  namespace: Namespace,
  address: PublicAddress,
  dataDir: string,
  flags: readonly string[],
  port = 443,
): Promise<MaruServer> {
  for (const file of [MAIN, PAGE]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first.`);
  }
  const always = ['--https', '--port', String(port), '--data-dir', dataDir];
  const server = namespace.start(process.execPath, [MAIN, ...always, ...flags]);
  await until('Maru listens', async () => {
    if (server.process.exitCode !== null) throw new Error(`The server ended: ${server.log()}`);
    await namespace.run('socat', ['-u', '/dev/null', `TCP:${address.v4}:${port},connect-timeout=2`]);
    return true;
  });
  const suffix = port === 443 ? '' : `:${port}`;
  return {
    url: `https://${address.v4}${suffix}`,
    url6: `https://[${address.v6}]${suffix}`,
    log: server.log,
    close: server.stop,
  };
}
