// Debian's coturn, run by a test on free ports of this machine, with a configuration and a certificate of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptCertificate } from '../../../packages/server/src/http/certificate.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

export interface Coturn {
  /** UDP and TCP. */
  readonly port: number;
  readonly tlsPort: number;
  readonly secret: string;
  /** The certificate of the TLS port, in PEM: self-signed, for `localhost` and 127.0.0.1. */
  readonly certFile: string;
  readonly keyFile: string;
  log(): Promise<string>;
  close(): Promise<void>;
}

export interface CoturnOptions {
  /** Further lines of turnserver.conf. */
  readonly more?: readonly string[];
}

export function turnserverPath(): string {
  return process.env['MARU_TURNSERVER'] ?? 'turnserver';
}

/** Starts it on 127.0.0.1 and resolves once it listens. */
export async function startCoturn({ more = [] }: CoturnOptions = {}): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-coturn-'));
  await keptCertificate(folder, [], Date.now());
  const [certFile, keyFile] = [join(folder, 'self-signed-cert.pem'), join(folder, 'self-signed-key.pem')];
  const [port, tlsPort, firstRelayPort] = [await freePort(), await freePort(), await freePort()];
  const secret = 'shared by Maru and coturn';
  const logFile = join(folder, 'turn.log');
  const lines = [
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    `listening-port=${port}`,
    `tls-listening-port=${tlsPort}`,
    `min-port=${firstRelayPort}`,
    `max-port=${Math.min(65_535, firstRelayPort + 200)}`,
    'fingerprint',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'realm=test.example',
    `cert=${certFile}`,
    `pkey=${keyFile}`,
    // Only here: a real one must never relay to its own machine.
    'allow-loopback-peers',
    'no-cli',
    'verbose',
    `log-file=${logFile}`,
    'simple-log',
    `pidfile=${join(folder, 'turn.pid')}`,
    `userdb=${join(folder, 'turn.db')}`,
    ...more,
  ];
  await writeFile(join(folder, 'turnserver.conf'), `${lines.join('\n')}\n`);
  const child = spawn(turnserverPath(), ['-c', join(folder, 'turnserver.conf')], { stdio: 'ignore' });
  const failure = startFailure(child);
  const log = () => readFile(logFile, 'utf8');
  try {
    await Promise.race([
      failure,
      until('coturn listens', async () => {
        await answers(port);
        await answers(tlsPort);
        return true;
      }),
    ]);
  } catch (error) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    tlsPort,
    secret,
    certFile,
    keyFile,
    log,
    async close() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when something listens there; rejects when nothing does. */
function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** Rejects when it cannot be started, or ends before it was asked to. */
function startFailure(child: ChildProcess): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${turnserverPath()} cannot be started: install the package coturn.`, { cause }));
    });
    child.once('exit', (code) => reject(new Error(`coturn ended with ${code}`)));
  });
  // Nobody waits for it any more once coturn listens: its later end is the test's own doing.
  failed.catch(() => child.removeAllListeners('error'));
  return failed;
}
