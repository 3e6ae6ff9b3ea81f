// The relay that compose.yaml and the guide set up, started by its own script on a real coturn: what it gives, and to whom.

import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { NetworkFailure } from '../../packages/server/src/doctor/network-failure.js';
import { encodeXorAddress } from '../../packages/server/src/doctor/stun/attributes.js';
import { parseIceUrl } from '../../packages/server/src/doctor/stun/ice-url.js';
import { ATTRIBUTE, METHOD } from '../../packages/server/src/doctor/stun/message.js';
import { openStunSocket } from '../../packages/server/src/doctor/stun/stun-socket.js';
import { type Allocation, allocate } from '../../packages/server/src/doctor/stun/turn-allocation.js';
import { turnCredentials } from '../../packages/server/src/ice/turn-credentials.js';
import { Secret } from '../../packages/server/src/secret.js';
import { freePort } from './support/free-port.js';
import { until } from './support/until.js';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const SECRET = 'a secret of .env';

let folder: string;
let port: number;
let coturn: ChildProcess;
let log = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maru-deploy-'));
  port = await freePort();
  // Only what a test must change: a free port, this machine's own address, and where its files go.
  const given = await readFile(join(DEPLOY, 'coturn/turnserver.conf'), 'utf8');
  const config = join(folder, 'turnserver.conf');
  await writeFile(config, given.replace(/^listening-port=.*$/m, `listening-port=${port}`));
  await appendFile(config, `listening-ip=127.0.0.1\nuserdb=${folder}/turn.db\npidfile=${folder}/turn.pid\n`);
  coturn = spawn('sh', [join(DEPLOY, 'docker/turn.sh')], {
    env: {
      PATH: `${process.env['PATH'] ?? ''}:/usr/bin`,
      TMPDIR: folder,
      DOMAIN: 'meet.example.org',
      SECRET,
      PUBLIC_ADDRESS: '127.0.0.1',
      OWN_ADDRESS: '127.0.0.1',
      TURNSERVER_CONF: config,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [coturn.stdout, coturn.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  await until('coturn allocates', async () => {
    if (coturn.exitCode !== null) throw new Error(`coturn ended: install the package coturn.\n${log}`);
    const { allocation, close } = await allocateOver('udp');
    await allocation.release();
    close();
    return true;
  });
});
afterAll(async () => {
  const ended = new Promise((resolve) => coturn.once('close', resolve));
  if (coturn.exitCode === null && coturn.kill('SIGKILL')) await ended;
  await rm(folder, { recursive: true, force: true });
});

async function allocateOver(transport: 'udp' | 'tcp', secret = SECRET) {
  const url = parseIceUrl(`turn:127.0.0.1:${port}?transport=${transport}`);
  if (!url) throw new Error('this is a TURN address');
  const socket = await openStunSocket(url, { timeoutMs: 10_000 });
  const login = turnCredentials(new Secret(secret), 'someone', Math.floor(Date.now() / 1_000) + 600);
  try {
    return { allocation: await allocate(socket, login), close: () => socket.close() };
  } catch (error) {
    socket.close();
    throw error;
  }
}

async function refusal(attempt: Promise<unknown>): Promise<number | null> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof NetworkFailure) return error.status;
    throw error;
  }
  return null;
}

/** Asks the relay to let packets of that address through; no packet is sent to it. */
function permit(allocation: Allocation, address: string): Promise<unknown> {
  return allocation.ask(METHOD.createPermission, (transactionId) => [
    { type: ATTRIBUTE.xorPeerAddress, value: encodeXorAddress({ address, port: 9 }, transactionId) },
  ]);
}

test('coturn understands every line of turnserver.conf', () => {
  expect(log).not.toMatch(/Bad configuration format|Unknown argument|CONFIG ERROR/i);
});

test('a domain without an address of its own is said, and nothing is started', async () => {
  const script = spawn('sh', [join(DEPLOY, 'docker/turn.sh')], {
    env: { PATH: process.env['PATH'] ?? '', DOMAIN: 'localhost', SECRET, TURNSERVER_CONF: '/dev/null' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  script.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  expect(await new Promise((resolve) => script.once('close', resolve))).toBe(1);
  expect(said).toContain('set PUBLIC_ADDRESS in .env');
});

test.each(['udp', 'tcp'] as const)(
  'it relays over %s for whoever has credentials of Maru',
  async (transport) => {
    const { allocation, close } = await allocateOver(transport);
    onTestFinished(close);
    expect(allocation.open).toBe(false);
    const [first, last] = [49_160, 49_999];
    expect(allocation.relayed.port).toBeGreaterThanOrEqual(first);
    expect(allocation.relayed.port).toBeLessThanOrEqual(last);
    await allocation.release();
  },
);

test('and for nobody else', async () => {
  expect(await refusal(allocateOver('udp', 'another secret'))).toBe(401);
});

test('it relays to the internet, and not into the networks that its machine stands in', async () => {
  const { allocation, close } = await allocateOver('udp');
  onTestFinished(close);
  for (const address of ['127.0.0.1', '10.0.0.1', '172.17.0.1', '192.168.1.1', '169.254.169.254']) {
    expect(await refusal(permit(allocation, address)), address).toBe(403);
  }
  expect(await refusal(permit(allocation, '192.0.2.1'))).toBeNull();
  await allocation.release();
});
