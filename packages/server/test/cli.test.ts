// The command as a person runs it: a child process, its words and its exit status.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_UNPACKED_SDP_BYTES } from '@maru/protocol';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { pack, unpack } from '../../sfu/src/sdp/packed-sdp.js';
import { OFFERS, RECORDED, type Recorded } from '../../sfu/test/recorded-offers.js';
import { TestClient } from './support/client.js';
import { tempDir } from './support/temp-dir.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(PACKAGE, 'dist', 'main.js');
const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

// Each test starts one process or two, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

beforeAll(() => {
  // What is tested is what is run: the compiled command, of the sources as they are now.
  execFileSync(process.execPath, [TSC, '-b', PACKAGE]);
}, 60_000);

interface Command {
  readonly child: ChildProcess;
  output(): string;
  errors(): string;
  readonly exit: Promise<number | null>;
}

function maru(args: readonly string[], env: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: tempDir(),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const exit = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, output: () => out, errors: () => err, exit };
}

async function running(args: readonly string[], env: Record<string, string> = {}) {
  const command = maru(['--port', '0', ...args], env);
  const url = await expect
    .poll(() => command.output() + command.errors(), { timeout: 50_000 })
    .toContain('Stop with Ctrl+C')
    .then(() => /On this machine: +(\S+)/.exec(command.output())?.[1] ?? '');
  return { ...command, url };
}

test('it says where it is, with a QR code and what was set, secrets hidden', async () => {
  const { output, errors, url } = await running(['--turn', 'turn:relay.example'], {
    MARU_TURN_SECRET: 'hunter2',
    MARU_ROOM_LIMIT: '4',
  });
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const text = output();
  expect(text).toContain('--room-limit 4');
  expect(text).toContain('--turn-secret [secret]');
  expect(text + errors()).not.toContain('hunter2');
  const lan = /In your network: +(\S+)/.exec(text)?.[1];
  if (lan !== undefined) {
    expect(text).toContain('█ ▄▄▄▄▄ █');
    expect(text).toContain('npm start -- --https');
  }
  // What is logged is JSON, and not among the words for people.
  for (const line of errors().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
});

test('with --public-url it says where everyone finds it, and nothing of the local network', async () => {
  const { output } = await running(['--public-url', 'https://meet.example.org/']);
  expect(output()).toContain('For everyone:     https://meet.example.org\n');
  expect(output()).toContain('█ ▄▄▄▄▄ █');
  expect(output()).not.toContain('In your network');
});

test('with --https it says what browsers will say of the certificate', async () => {
  const { output, url } = await running(['--https']);
  expect(url).toMatch(/^https:/);
  expect(output()).toContain('self-signed');
  const client = await TestClient.greet(url);
  await client.close();
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops it in good order: clients are told, status 0',
  async (signal) => {
    const { child, exit, url, errors } = await running([]);
    const client = await TestClient.greet(url);
    await client.join('room', 'A');
    child.kill(signal);
    expect(await client.nextOf('closing')).toEqual({ type: 'closing', reason: 'restart' });
    expect(await client.closed).toBe(1012);
    expect(await exit).toBe(0);
    expect(errors()).toContain('server stopped');
  },
);

test('a second signal ends it at once, whatever it was waiting for', async () => {
  const { child, exit, url } = await running(['--drain', '60']);
  child.kill('SIGTERM');
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
  child.kill('SIGTERM');
  expect(await exit).toBe(1);
});

test('a call survives the process: the key is kept in the data folder', async () => {
  const dataDir = tempDir();
  const first = await running(['--data-dir', dataDir]);
  const client = await TestClient.greet(first.url);
  const { token, self } = await client.join('room', 'A');
  first.child.kill('SIGKILL');
  await first.exit;
  const second = await running(['--data-dir', dataDir]);
  const back = await TestClient.greet(second.url);
  expect(await back.resume(token)).toMatchObject({ type: 'resumed', rebuilt: true, self: { id: self.id } });
});

test('a port that is taken is said in one sentence, status 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { exit, output, errors } = maru(['--port', String(port)]);
  expect(await exit).toBe(1);
  expect(errors()).toBe(
    `Port ${port} is taken: stop what uses it, or choose another with --port, such as --port ${port + 1}.\n`,
  );
  expect(output()).toBe('');
});

test.each([
  [['--prot', '1'], 2, 'There is no flag --prot; did you mean --port?; see --help.\n'],
  [['--port', 'x'], 2, '--port must be a number from 0 to 65535.\n'],
  [
    ['--host', '203.0.113.1', '--port', '0'],
    1,
    '203.0.113.1 is not an address of this machine: check --host, or leave it out to listen on every interface.\n',
  ],
  [['--cert', 'none.pem', '--key', 'none.pem'], 1, 'none.pem cannot be read (ENOENT): check --cert.\n'],
])('%j ends with status %i and one sentence', async (args, status, sentence) => {
  const { exit, errors } = maru(args);
  expect(await exit).toBe(status);
  expect(errors()).toBe(sentence);
});

test('a UDP port that is taken is said in one sentence, status 1, and leaves no process', async () => {
  const taken = createSocket('udp4').bind(0, '0.0.0.0');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address();
  const { exit, errors } = maru(['--port', '0', '--sfu-workers', '1', '--sfu-port', `${port}`]);
  expect(await exit).toBe(1);
  const lines = errors().trim().split('\n');
  expect(lines.at(-1)).toBe(
    `UDP port ${port} is taken: stop what uses it, or choose another for the SFU with --sfu-port.`,
  );
});

test('[SFU-8, SFU-14] real workers answer real offers, and one that is killed is replaced', async () => {
  const { url, child, output } = await running(['--sfu-workers', '1', '--sfu-announce', '203.0.113.5']);
  const port = /UDP port (\d+), announced at 203\.0\.113\.5\./.exec(output())?.[1];
  const client = await TestClient.greet(url);
  await client.join('room', 'A', [], undefined, 'sfu');
  const offer = async (browser: Recorded, link: string): Promise<string | null> => {
    const answer = await client.ask({ type: 'sfu', link, offer: pack(OFFERS[browser]) });
    if (answer.type === 'sfu-answer') return unpack(answer.answer, MAX_UNPACKED_SDP_BYTES);
    return JSON.stringify(answer);
  };
  const links = RECORDED.map((_, index) => `${index}`.padEnd(12, '-'));
  for (const [index, browser] of RECORDED.entries()) {
    expect(await offer(browser, links[index] ?? '')).toContain(` 203.0.113.5 ${port} typ host`);
  }
  const [worker = ''] = execFileSync('pgrep', ['-P', `${child.pid}`], { encoding: 'utf8' }).split('\n');
  process.kill(Number(worker), 'SIGKILL');
  const lost = await client.nextOf('sfu-lost');
  expect(links).toContain(lost.link);
  // On a busy machine a process may take longer to start than an offer waits.
  await expect
    .poll(() => offer('chromium', 'another-link'), { timeout: 30_000 })
    .toContain(` 203.0.113.5 ${port} typ host`);
});

test('a data folder that cannot be written is said in one sentence, status 1', async () => {
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  const { exit, errors } = maru(['--data-dir', join(file, 'data')]);
  expect(await exit).toBe(1);
  expect(errors()).toMatch(
    /^The data folder .* cannot be used \(ENOTDIR\): make it writable, or choose another with --data-dir\.\n$/,
  );
});

test('--help and --version answer and end with status 0', async () => {
  const help = maru(['--help']);
  expect(await help.exit).toBe(0);
  expect(help.output()).toContain('--room-limit');
  const version = maru(['--version']);
  expect(await version.exit).toBe(0);
  expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
});
