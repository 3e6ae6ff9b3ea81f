// A real coturn on the lab's internet, with a configuration of its own: UDP and TCP on 3478, TLS on 443.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { until } from '../../e2e/support/until.js';
import type { Namespace } from './namespace.js';
import type { PublicAddress } from './topology.js';

/** What Maru is to be given as `--turn-secret`. */
export const TURN_SECRET = 'the lab and its relay share this';

export interface Coturn {
  /** What Maru is to be given as `--stun` and `--turn`. */
  readonly urls: { readonly stun: string; readonly udp: string; readonly tcp: string; readonly tls: string };
  /** The same over IPv6. */
  readonly urls6: Coturn['urls'];
  log(): string;
  close(): Promise<void>;
}

/** Starts coturn in a namespace that has this address, and resolves once it answers on every port. */
export async function startCoturn(namespace: Namespace, address: PublicAddress): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-coturn-'));
  const { private: key, cert } = await generate([{ name: 'commonName', value: address.v4 }], {
    keyType: 'ec',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: address.v4 },
          { type: 7, ip: address.v6 },
        ],
      },
    ],
  });
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
  await writeFile(join(folder, 'cert.pem'), cert);
  await writeFile(join(folder, 'turnserver.conf'), configuration(folder, address));
  const coturn = namespace.start('turnserver', ['-c', join(folder, 'turnserver.conf')]);
  await until('coturn answers', async () => {
    if (coturn.process.exitCode !== null) throw new Error(`coturn ended: ${coturn.log()}`);
    for (const port of [3478, 443]) {
      await namespace.run('socat', ['-u', '/dev/null', `TCP:${address.v4}:${port},connect-timeout=2`]);
    }
    return true;
  });
  return {
    urls: urlsAt(address.v4),
    urls6: urlsAt(`[${address.v6}]`),
    log: coturn.log,
    async close() {
      await coturn.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function urlsAt(host: string): Coturn['urls'] {
  return {
    stun: `stun:${host}:3478`,
    udp: `turn:${host}:3478`,
    tcp: `turn:${host}:3478?transport=tcp`,
    tls: `turns:${host}:443?transport=tcp`,
  };
}

/** As README.md advises, but for addresses; whatever coturn writes by itself goes into the folder. */
function configuration(folder: string, { v4, v6 }: PublicAddress): string {
  return `
listening-ip=${v4}
listening-ip=${v6}
relay-ip=${v4}
relay-ip=${v6}
listening-port=3478
tls-listening-port=443
cert=${folder}/cert.pem
pkey=${folder}/key.pem
fingerprint
use-auth-secret
static-auth-secret=${TURN_SECRET}
realm=turn.example.org
min-port=49160
max-port=49400
no-multicast-peers
no-cli
no-rfc5780
userdb=${folder}/turndb
pidfile=${folder}/turnserver.pid
log-file=stdout
simple-log
`;
}
