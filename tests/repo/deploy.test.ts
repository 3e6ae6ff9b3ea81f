// What is there for operators: every setting is one of ours, every file exists, and the ports agree with each other.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../packages/server/src/config/read-config.js';
import { environmentName, SETTINGS } from '../../packages/server/src/config/settings.js';
import { Secret, startServer } from '../../packages/server/src/index.js';
import { codeBlocks } from './support/markdown.js';
import { projectFiles, readProjectFile } from './support/project.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHELL_SCRIPTS = projectFiles().filter((path) => /^deploy\/.*\.sh$/.test(path));

const text = v.string();
const service = v.object({
  build: v.optional(text),
  image: v.optional(text),
  restart: v.literal('unless-stopped'),
  environment: v.record(text, text),
  ports: v.optional(v.array(text), []),
  volumes: v.array(text),
  entrypoint: v.optional(v.array(text), []),
  depends_on: v.optional(v.record(text, v.object({ condition: text })), {}),
  extra_hosts: v.optional(v.array(text), []),
  network_mode: v.optional(text),
});
const compose = v.parse(
  v.object({ services: v.record(text, service), volumes: v.record(text, v.null()) }),
  parse(readProjectFile('compose.yaml')),
);

function serviceNamed(name: string): v.InferOutput<typeof service> {
  const found = compose.services[name];
  if (!found) throw new Error(`compose.yaml has no service ${name}`);
  return found;
}

/** `NAME=value` lines, as .env files and systemd's EnvironmentFile have them. */
function variables(content: string): Record<string, string> {
  const lines = content.split('\n').filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

const dotEnv = variables(readProjectFile('deploy/.env.example'));
const FILLED_IN = { ...dotEnv, DOMAIN: 'meet.example.org', SECRET: 'a'.repeat(64) };

/** What Docker Compose makes of `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function interpolate(value: string, known: Record<string, string>): string {
  return value.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_whole, name: string, kind?: string, word = '') => {
      const given = known[name] ?? '';
      if (given === '' && kind === '?') throw new Error(word);
      if (given === '' && kind === undefined) throw new Error(`${name} is not set, and nothing says so`);
      return given || (kind === '-' ? word : '');
    },
  );
}

function maruEnvironment(known: Record<string, string>): Record<string, string> {
  const entries = Object.entries(serviceNamed('maru').environment);
  return Object.fromEntries(entries.map(([name, value]) => [name, interpolate(value, known)]));
}

/** `name value` or `name=value` lines of turnserver.conf. */
const turnserver = new Map(
  readProjectFile('deploy/coturn/turnserver.conf')
    .split('\n')
    .filter((line) => /^[a-z]/.test(line))
    .map((line): [string, string] => [line.split('=')[0] ?? '', line.split('=')[1] ?? '']),
);

/** As many ports does compose.yaml open for workers of the SFU. */
const MOST_WORKERS = 4;

const settingNames = SETTINGS.map(environmentName);

test('compose.yaml gives Maru settings that it has, and that it accepts', () => {
  const environment = maruEnvironment(FILLED_IN);
  expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual([]);
  const request = readConfig([], environment);
  if (request.kind !== 'start') throw new Error('settings ask for a start');
  expect(request.config).toMatchObject({
    https: true,
    publicUrl: 'https://meet.example.org',
    sfuWorkers: 1,
    sfuAnnounce: ['meet.example.org'],
    turn: [
      'turn:meet.example.org:3478',
      'turn:meet.example.org:3478?transport=tcp',
      'turns:meet.example.org:443?transport=tcp',
    ],
  });
  expect(request.config.turnSecret?.reveal()).toBe(FILLED_IN.SECRET);
});

test('a domain or a secret that is missing is said, and not taken for an empty one', () => {
  expect(() => maruEnvironment({ ...FILLED_IN, DOMAIN: '' })).toThrow(/DOMAIN in \.env/);
  expect(() => maruEnvironment({ ...FILLED_IN, SECRET: '' })).toThrow(/SECRET in \.env/);
});

test('.env.example has every variable that compose.yaml asks for, and no other', () => {
  const asked = [...readProjectFile('compose.yaml').matchAll(/\$\{(\w+)/g)].map((match) => match[1] ?? '');
  expect([...new Set(asked)].sort()).toEqual(Object.keys(dotEnv).sort());
  expect(dotEnv['SECRET']).toBe('');
});

test('the ports of compose.yaml, of Maru and of coturn agree', () => {
  const { MARU_PORT, MARU_TURNS_UPSTREAM = '', MARU_STUN = '' } = maruEnvironment(FILLED_IN);
  const [page, udp, ...others] = serviceNamed('maru').ports;
  expect([page, others]).toEqual([`443:${MARU_PORT}`, []]);
  const { MARU_SFU_PORT = '', MARU_SFU_ANNOUNCE } = maruEnvironment(FILLED_IN);
  const last = Number(MARU_SFU_PORT) + MOST_WORKERS - 1;
  expect(udp).toBe(`${MARU_SFU_PORT}-${last}:${MARU_SFU_PORT}-${last}/udp`);
  expect(MARU_SFU_ANNOUNCE).toBe('meet.example.org,');
  expect(readProjectFile('deploy/.env.example')).toContain(`1 to ${MOST_WORKERS}`);
  expect(serviceNamed('certificate').ports).toEqual(['80:80']);
  expect(serviceNamed('turn').network_mode).toBe('host');
  const port = turnserver.get('listening-port');
  expect(MARU_TURNS_UPSTREAM).toBe(`host.docker.internal:${port}`);
  expect(serviceNamed('maru').extra_hosts).toContain('host.docker.internal:host-gateway');
  expect(MARU_STUN.endsWith(`:${port}`)).toBe(true);
  const range = [turnserver.get('min-port'), turnserver.get('max-port')];
  for (const path of ['compose.yaml', 'docs/RUNNING.md', 'docs/RUNNING.ko.md']) {
    expect(readProjectFile(path), path).toMatch(new RegExp(`${range[0]}\\D{1,5}${range[1]}`));
  }
});

test('every file and volume that compose.yaml and the Dockerfile name is there', () => {
  const files = new Set(projectFiles());
  const folders = new Set(projectFiles().flatMap((path) => [dirname(path), path.split('/')[0] ?? '']));
  const mounts = Object.values(compose.services).flatMap(({ volumes }) =>
    volumes.map((mount) => mount.split(':')),
  );
  for (const [from = '', to = ''] of mounts) {
    if (from.startsWith('./')) expect(files.has(from.slice(2)), from).toBe(true);
    else expect(Object.keys(compose.volumes), `${from}:${to}`).toContain(from);
  }
  for (const { entrypoint, volumes, depends_on } of Object.values(compose.services)) {
    const [, script] = entrypoint;
    if (script)
      expect(
        volumes.some((mount) => mount.includes(`:${script}:`)),
        script,
      ).toBe(true);
    for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
  }
  const copied = [...readProjectFile('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  );
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((path) => !files.has(path) && !folders.has(path))).toEqual([]);
  // Each workspace's manifest, or npm would not know it.
  const manifests = projectFiles().filter((path) => /^(packages|apps)\/[^/]+\/package\.json$/.test(path));
  expect(manifests.filter((path) => !copied.includes(path))).toEqual([]);
});

test('the service of systemd has settings that Maru has, and files that the guide puts there', () => {
  const unit = readProjectFile('deploy/systemd/maru.service');
  const [folder = '', program = ''] = [/^WorkingDirectory=(.+)$/m, /^ExecStart=\S+ \S+ (\S+)$/m].map(
    (form) => form.exec(unit)?.[1] ?? '',
  );
  expect(readProjectFile('docs/RUNNING.md')).toContain(folder);
  const manifest: { bin: { maru: string } } = JSON.parse(readProjectFile('packages/server/package.json'));
  expect(join('packages/server', manifest.bin.maru)).toBe(program);
  const environment: Record<string, string> = {
    ...variables(readProjectFile('deploy/systemd/maru.env.example')),
    MARU_TURN_SECRET: 'x',
  };
  expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual([]);
  const request = readConfig([], environment);
  expect(request).toMatchObject({ kind: 'start', config: { port: 443, turnsUpstream: '127.0.0.1:3478' } });
  const hook = readProjectFile('deploy/systemd/certificate-hook.sh');
  for (const name of ['MARU_CERT', 'MARU_KEY'] as const) {
    const [, tls, file] = /^(.*)\/([^/]+)\.pem$/.exec(environment[name] ?? '') ?? [];
    expect(hook).toContain(tls);
    expect(hook).toContain(`:${file}`);
  }
});

test('the guides in both languages show the same commands', () => {
  const [english, korean] = [readProjectFile('docs/RUNNING.md'), readProjectFile('docs/RUNNING.ko.md')];
  expect(codeBlocks(english).length).toBeGreaterThan(5);
  expect(codeBlocks(korean)).toEqual(codeBlocks(english));
});

test.each(SHELL_SCRIPTS)('%s is a sound script that can be run', async (path) => {
  expect(statSync(ROOT + path).mode & 0o111, 'executable').not.toBe(0);
  const child = spawn('sh', ['-n', ROOT + path], { stdio: ['ignore', 'ignore', 'inherit'] });
  expect((await once(child, 'close'))[0]).toBe(0);
});

test('the health check of the container says whether its server is ready', async () => {
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    logLevel: 'silent',
    sfuWorkers: 0,
    secret: new Secret('a key for tests only, of 32 chars or more'),
  });
  onTestFinished(() => server.close());
  const check = async (port: number): Promise<number> => {
    const env = { PATH: process.env['PATH'] ?? '', MARU_PORT: String(port) };
    const child = spawn(process.execPath, [`${ROOT}deploy/docker/ready.mjs`], { env, stdio: 'ignore' });
    return (await once(child, 'close'))[0];
  };
  expect(await check(server.port)).toBe(0);
  await server.close();
  expect(await check(server.port)).toBe(1);
  expect(readFileSync(`${ROOT}Dockerfile`, 'utf8')).toContain('CMD ["node", "deploy/docker/ready.mjs"]');
});
