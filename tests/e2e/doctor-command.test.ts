// `maru doctor` as an operator runs it, against a real coturn: what is right, and each thing that is wrong by itself.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config/read-config.js';
import { diagnose } from '../../packages/server/src/doctor/doctor.js';
import type { Finding } from '../../packages/server/src/doctor/finding.js';
import { Secret, startServer as startMaru } from '../../packages/server/src/index.js';
import { type Coturn, startCoturn } from './support/coturn.js';
import { freePort } from './support/free-port.js';
import { startServer } from './support/server.js';

const MAIN = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));
const DAY_MS = 86_400_000;

let coturn: Coturn;
let folder: string;

beforeAll(async () => {
  coturn = await startCoturn();
  folder = await mkdtemp(join(tmpdir(), 'maru-doctor-'));
});
afterAll(async () => {
  await coturn?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Report {
  readonly status: number;
  readonly findings: readonly Finding[];
  readonly page: string;
}

interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'doctor', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output, errors }));
  });
}

async function report(args: readonly string[], env: Record<string, string> = {}): Promise<Report> {
  const { status, output, errors } = await run(['--json', '--timeout', '3', ...args], env);
  expect(errors).toBe('');
  const parsed: Report = JSON.parse(output);
  expect(parsed.status).toBe(status);
  return parsed;
}

const about = ({ findings }: Report, text: string): Finding | undefined =>
  findings.find(({ says }) => says.includes(text));

test('all is well: STUN, and TURN over UDP, TCP and TLS with real credentials', async () => {
  const turn = [
    `turn:127.0.0.1:${coturn.port}`,
    `turn:127.0.0.1:${coturn.port}?transport=tcp`,
    `turns:localhost:${coturn.tlsPort}?transport=tcp`,
  ];
  const env = {
    MARU_PORT: String(await freePort()),
    MARU_STUN: `stun:127.0.0.1:${coturn.port}`,
    MARU_TURN: turn.join(','),
    MARU_TURN_SECRET: coturn.secret,
    // As an operator with an authority of their own has it.
    NODE_EXTRA_CA_CERTS: coturn.certFile,
  };
  const found = await report([], env);
  expect(found.findings.filter(({ verdict }) => verdict === 'wrong')).toEqual([]);
  expect(found.status).toBe(0);
  for (const url of [env.MARU_STUN, ...turn]) expect(about(found, url)?.verdict, url).toBe('good');
  const text = await run(['--timeout', '3'], env);
  expect(text.status).toBe(0);
  expect(text.output).toContain('Nothing is wrong.');
  expect(text.output).toMatch(/http:\/\/[\w.]+:\d+\/doctor#start/);
  expect(text.output).not.toContain(coturn.secret);
});

test('a wrong secret, a silent port, no server, an unknown name and a bad certificate are told apart', async () => {
  const silent = await freePort();
  const turn = {
    secret: `turn:127.0.0.1:${coturn.port}`,
    nobody: `turn:127.0.0.1:${silent}?transport=tcp`,
    nobodyUdp: `turn:127.0.0.1:${silent}`,
    name: 'turn:relay.invalid:3478',
    certificate: `turns:localhost:${coturn.tlsPort}`,
    noTls: `turns:localhost:${silent}`,
  };
  const found = await report(['--port', '0'], {
    MARU_TURN: Object.values(turn).join(','),
    MARU_TURN_SECRET: 'another secret than that of coturn',
  });
  expect(found.status).toBe(1);
  const says = (url: string): string => {
    const finding = about(found, `${url}:`);
    expect(finding?.verdict, url).toBe('wrong');
    expect(finding?.change, url).toMatch(/\w+ \w+/);
    return finding?.says ?? '';
  };
  expect(says(turn.secret)).toContain('the secret is not the one of the TURN server');
  expect(says(turn.nobody)).toContain('nothing listens on TCP port');
  expect(says(turn.nobodyUdp)).toContain('nothing listens on UDP port');
  expect(says(turn.name)).toContain('is not in the DNS');
  expect(says(turn.certificate)).toContain('is self-signed');
  expect(says(turn.noTls)).toContain('nothing listens on TCP port');
});

test('a clock that is slow by more than credentials last is not taken for a wrong secret', async () => {
  const request = readConfig(['--port', '0', '--turn', `turn:127.0.0.1:${coturn.port}`], {
    MARU_TURN_SECRET: coturn.secret,
  });
  if (request.kind !== 'start') throw new Error('these are the flags of a start');
  const order = { config: request.config, url: null, remote: false, ntp: null };
  const world = { nodeVersion: process.versions.node, timeoutMs: 3_000 };
  const slow = await diagnose(order, { ...world, unixTime: () => Date.now() - 2 * DAY_MS });
  const finding = slow.findings.find(({ says }) => says.startsWith('turn:'));
  expect(finding?.says).toContain(
    "the secret is right, and the credentials have run out by the relay's clock",
  );
  expect(finding?.change).toContain('Set the clocks');
  const right = await diagnose(order, { ...world, unixTime: Date.now });
  expect(right.findings.find(({ says }) => says.startsWith('turn:'))?.verdict).toBe('good');
});

test('fixed credentials that are wrong', async () => {
  const fixed = await report(
    ['--port', '0', '--turn', `turn:127.0.0.1:${coturn.port}`, '--turn-username', 'me'],
    {
      MARU_TURN_CREDENTIAL: 'guessed',
    },
  );
  expect(about(fixed, 'the user name or the password is wrong')?.verdict).toBe('wrong');
});

test('from elsewhere: the address alone is enough, and the running server names its relays', async () => {
  const server = await startServer([
    '--stun',
    `stun:127.0.0.1:${coturn.port}`,
    '--turn',
    `turn:127.0.0.1:${coturn.port}`,
    '--turn-secret',
    coturn.secret,
  ]);
  try {
    const found = await report([server.url]);
    expect(found.status).toBe(0);
    expect(about(found, `${server.url} answers: maru/`)?.verdict).toBe('good');
    expect(about(found, 'The clocks of this machine and of')?.verdict).toBe('good');
    expect(about(found, `turn:127.0.0.1:${coturn.port} relays`)?.verdict).toBe('good');
    expect(found.page).toBe(`${server.url}/doctor#start`);
    const own = await report(['--port', String(server.port), '--host', '127.0.0.1']);
    expect(about(own, 'runs on port')?.verdict).toBe('good');
    // The doctor was not given the flags of the server: it says so.
    expect(about(own, 'hands out other STUN and TURN servers')?.verdict).toBe('note');
  } finally {
    await server.close();
  }
  const gone = await report([server.url]);
  expect(gone.status).toBe(1);
  expect(about(gone, 'Nothing listens at')?.verdict).toBe('wrong');
});

test('TURN behind the HTTPS port of Maru: one port, one certificate', async () => {
  const port = await freePort();
  const url = `turns:localhost:${port}?transport=tcp`;
  const server = await startMaru({
    host: '127.0.0.1',
    port,
    certFile: coturn.certFile,
    keyFile: coturn.keyFile,
    dataDir: folder,
    logLevel: 'silent',
    turn: [url],
    turnSecret: new Secret(coturn.secret),
    turnsUpstream: `127.0.0.1:${coturn.port}`,
  });
  try {
    const found = await report([server.url], { NODE_EXTRA_CA_CERTS: coturn.certFile });
    expect(about(found, `${url} relays (over TLS`)?.verdict).toBe('good');
    expect(about(found, `${server.url} answers`)?.verdict).toBe('good');
    const distrustful = await report([server.url]);
    expect(distrustful.status).toBe(1);
    expect(about(distrustful, 'is self-signed, which browsers refuse')?.check).toBe('certificate');
  } finally {
    await server.close();
  }
});

test.each([
  [['nonsense'], '"nonsense" is no address of a server: write it as https://meet.example.org.\n'],
  [['--timeout', 'x'], '--timeout must be a number of seconds from 1 to 60.\n'],
  [['--ntp', 'a b'], '--ntp must be the name of an NTP server, such as pool.ntp.org.\n'],
  [['--prot', '1'], 'There is no flag --prot; did you mean --port?; see --help.\n'],
])('%j ends with status 2 and one sentence', async (args, sentence) => {
  const { status, errors, output } = await run(args);
  expect(errors).toBe(sentence);
  expect(output).toBe('');
  expect(status).toBe(2);
});

test('what could not be checked ends with status 2, and is not taken for wrong', async () => {
  const nobody = await freePort();
  const found = await report(['--port', '0', '--ntp', `127.0.0.1:${nobody}`]);
  expect(found.status).toBe(2);
  expect(about(found, 'The NTP server')).toMatchObject({ verdict: 'unknown', check: 'clock' });
});

test('help tells of the exit statuses', async () => {
  const { status, output } = await run(['--help']);
  expect(status).toBe(0);
  expect(output).toContain(
    'Exit status: 0 all is well, 1 something is wrong, 2 something could not be checked.',
  );
});
