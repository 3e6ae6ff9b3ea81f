// Is the port free, or is it our own server that uses it?

import { createServer } from 'node:net';
import type { ServerConfig } from '../../config/server-config.js';
import { lanAddresses } from '../../http/lan-addresses.js';
import { systemCode } from '../../start-error.js';
import { VERSION } from '../../version.js';
import { type Finding, good, note, unknown, wrong } from '../finding.js';
import { type MaruProbe, probeMaru } from '../maru-probe.js';
import { NetworkFailure } from '../network-failure.js';
import type { DoctorWorld } from '../world.js';

export interface PortCheck {
  readonly findings: readonly Finding[];
  /** The server that runs on the port, when it is a Maru. */
  readonly running: MaruProbe | null;
}

export async function checkPort(config: ServerConfig, world: DoctorWorld): Promise<PortCheck> {
  const { host, port } = config;
  if (port === 0) return { findings: [good('port', 'Any free port is taken (--port 0).')], running: null };
  const code = await tryListen(host, port);
  if (code === null) {
    return { findings: [good('port', `Port ${port} is free. No server runs on it now.`)], running: null };
  }
  if (code !== 'EADDRINUSE') return { findings: [cannotListen(code, host, port)], running: null };
  const running = await ours(config, world);
  return { findings: [running ? ownServer(running, port) : taken(port)], running };
}

function ownServer({ server }: MaruProbe, port: number): Finding {
  if (server === `maru/${VERSION}`) return good('port', `Maru ${VERSION} runs on port ${port}.`);
  return note(
    'port',
    `${server} runs on port ${port}, and this is version ${VERSION}.`,
    'Restart the server, so that the version that you have is the one that runs: calls go on meanwhile.',
  );
}

const taken = (port: number): Finding =>
  wrong(
    'port',
    `Port ${port} is taken by another program.`,
    `Stop that program (\`ss -ltnp 'sport = :${port}'\` names it), or choose another port with --port.`,
  );

function cannotListen(code: string, host: string, port: number): Finding {
  if (code === 'EACCES') {
    return wrong(
      'port',
      `Port ${port} is not permitted to this user.`,
      'Choose a port above 1023, or give the service CAP_NET_BIND_SERVICE as deploy/systemd/maru.service does.',
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return wrong(
      'port',
      `${host} is not an address of this machine.`,
      'Correct --host, or leave it out to listen on every interface.',
    );
  }
  return unknown('port', `Port ${port} could not be tried (${code}).`, 'Check --host and --port.');
}

/** Tries to listen; null when that works, else the system's code. */
function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = systemCode(error) ?? 'unknown error';
      // A machine without IPv6 has no wildcard address of it.
      if (host === '::' && code === 'EAFNOSUPPORT') resolve(tryListen('0.0.0.0', port));
      else resolve(code);
    });
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });
}

async function ours(config: ServerConfig, world: DoctorWorld): Promise<MaruProbe | null> {
  try {
    return await probeMaru(localOrigin(config), { ...world, verify: false });
  } catch (error) {
    if (error instanceof NetworkFailure) return null;
    throw error;
  }
}

/** Where this machine itself finds the server. */
export function localOrigin({ host, port, https }: ServerConfig): string {
  const name = host === '::' || host === '0.0.0.0' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${https ? 'https' : 'http'}://${name}:${port}`;
}

/** Where other machines of the network find it, if it listens to them, else as `localOrigin`. */
export function nearbyOrigin(config: ServerConfig): string {
  const [address] = config.host === '::' || config.host === '0.0.0.0' ? lanAddresses() : [];
  return localOrigin(address === undefined ? config : { ...config, host: address });
}
