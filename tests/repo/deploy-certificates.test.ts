// The scripts that hand a certificate to Maru: with a certbot that gives certificates at once, or refuses.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'maru-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a script until it ends or the test does. */
function run(script: string, env: Record<string, string>) {
  // A group of its own, as the script leaves a `sleep` behind when it is ended.
  const child = spawn('sh', [join(DEPLOY, script)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  return { output: () => output, ended };
}

/** A folder for the path whose `certbot` does this; it writes down what it was told. */
function certbot(folder: string, script: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'certbot'), `#!/bin/sh\necho "$@" > "${folder}/told"\n${script}\n`);
  chmodSync(join(bin, 'certbot'), 0o755);
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

const owner = String(process.getuid?.() ?? 0);

test('in the container: asked for by its domain, handed over whole, the key for its reader only', async () => {
  const folder = tempFolder();
  const [issued, handed] = [join(folder, 'issued'), join(folder, 'handed')];
  mkdirSync(handed);
  const give = `mkdir -p "${issued}"; echo chain > "${issued}/fullchain.pem"; echo key > "${issued}/privkey.pem"`;
  const env = { DOMAIN: 'meet.example.org', EMAIL: 'a@example.org', OWNER: owner };
  const folders = { ISSUED_FOLDER: issued, HANDED_FOLDER: handed };
  run('docker/certificate.sh', { ...env, ...folders, PATH: certbot(folder, give) });
  await expect.poll(() => existsSync(join(handed, 'key.pem')), { timeout: 20_000 }).toBe(true);
  expect(readFileSync(join(handed, 'fullchain.pem'), 'utf8')).toBe('chain\n');
  expect(readFileSync(join(handed, 'key.pem'), 'utf8')).toBe('key\n');
  expect(statSync(join(handed, 'key.pem')).mode & 0o777).toBe(0o400);
  const told = readFileSync(join(folder, 'told'), 'utf8');
  expect(told).toContain('--domain meet.example.org');
  expect(told).toContain('--email a@example.org');
});

test('in the container: a refusal is said with what to do, and tried again later', async () => {
  const folder = tempFolder();
  const path = certbot(folder, 'exit 1');
  const { output } = run('docker/certificate.sh', { DOMAIN: 'meet.example.org', PATH: path });
  await expect
    .poll(output, { timeout: 20_000 })
    .toContain('see that its A record leads here and that TCP port 80 is open');
  expect(readFileSync(join(folder, 'told'), 'utf8')).toContain('--register-unsafely-without-email');
});

test("on Debian: certbot's hook hands it to Maru's group", async () => {
  const folder = tempFolder();
  const [lineage, tls] = [join(folder, 'lineage'), join(folder, 'tls')];
  mkdirSync(lineage);
  writeFileSync(join(lineage, 'fullchain.pem'), 'chain');
  writeFileSync(join(lineage, 'privkey.pem'), 'key');
  const { ended, output } = run('systemd/certificate-hook.sh', {
    PATH: process.env['PATH'] ?? '',
    RENEWED_LINEAGE: lineage,
    MARU_TLS_FOLDER: tls,
    MARU_GROUP: String(process.getgid?.() ?? 0),
  });
  expect(await ended, output()).toBe(0);
  expect(readFileSync(join(tls, 'fullchain.pem'), 'utf8')).toBe('chain');
  expect(readFileSync(join(tls, 'key.pem'), 'utf8')).toBe('key');
  expect(statSync(join(tls, 'key.pem')).mode & 0o007).toBe(0);
});
