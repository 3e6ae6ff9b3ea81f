// The self-signed certificate: made once, kept, remade only when it no longer serves.

import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { systemClock } from '../src/env/system-clock.js';
import { keptCertificate, readCertificate } from '../src/http/certificate.js';
import { TestClient } from './support/client.js';
import { FakeClock } from './support/fake-clock.js';
import { testServer } from './support/server.js';
import { tempDir } from './support/temp-dir.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

test('it names localhost and every address, is kept, and its key is for its owner only', async () => {
  const folder = tempDir();
  const { cert, key, selfSigned } = await keptCertificate(folder, ['192.0.2.7', '10.1.2.3'], NOW);
  const certificate = new X509Certificate(cert);
  expect(selfSigned).toBe(true);
  for (const ip of ['127.0.0.1', '::1', '192.0.2.7', '10.1.2.3']) {
    expect(certificate.checkIP(ip), ip).toBeDefined();
  }
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('example.org')).toBeUndefined();
  expect(statSync(join(folder, 'self-signed-key.pem')).mode & 0o777).toBe(0o600);
  expect(await keptCertificate(folder, ['10.1.2.3'], NOW + 100 * DAY_MS)).toEqual({ cert, key, selfSigned });
});

test('it is made anew for an address that it does not name, when it runs out, and when it is damaged', async () => {
  const folder = tempDir();
  const first = await keptCertificate(folder, ['192.0.2.7'], NOW);
  const second = await keptCertificate(folder, ['192.0.2.8'], NOW);
  expect(second.cert).not.toBe(first.cert);
  const third = await keptCertificate(folder, ['192.0.2.8'], NOW + 815 * DAY_MS);
  expect(third.cert).not.toBe(second.cert);
  writeFileSync(join(folder, 'self-signed-cert.pem'), 'damaged');
  const fourth = await keptCertificate(folder, ['192.0.2.8'], NOW + 815 * DAY_MS);
  expect(readFileSync(join(folder, 'self-signed-cert.pem'), 'utf8')).toBe(fourth.cert);
});

test('no certificate is valid for longer than phones accept', async () => {
  const { cert } = await keptCertificate(tempDir(), [], NOW);
  const { validFrom, validTo } = new X509Certificate(cert);
  expect(Date.parse(validTo) - Date.parse(validFrom)).toBeLessThanOrEqual(825 * DAY_MS);
  expect(Date.parse(validFrom)).toBeLessThan(NOW);
});

test('a server with it speaks HTTPS and secure WebSocket, and does not insist on HTTPS for ever', async () => {
  const dataDir = tempDir();
  const server = await testServer({ https: true, dataDir }, { clock: new FakeClock(Date.now()) });
  expect(server.url).toMatch(/^https:/);
  expect(server.selfSigned).toBe(true);
  const client = await TestClient.greet(server.url, { origin: server.url });
  await client.join('room', 'A');
  const hsts = await new Promise((resolve, reject) => {
    request(`${server.url}/healthz`, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.headers['strict-transport-security']);
    })
      .on('error', reject)
      .end();
  });
  expect(hsts).toBeUndefined();
  const ca = readFileSync(join(dataDir, 'self-signed-cert.pem'));
  const socket = connect({ port: server.port, host: '127.0.0.1', ca });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  expect(socket.authorized).toBe(true);
  socket.destroy();
});

test("the operator's own files are used, and what is wrong with them is said", async () => {
  const folder = tempDir();
  await keptCertificate(folder, [], systemClock.unixTime());
  const [cert, key] = [join(folder, 'self-signed-cert.pem'), join(folder, 'self-signed-key.pem')];
  expect(readCertificate(cert, key).selfSigned).toBe(false);
  expect(() => readCertificate(join(folder, 'none.pem'), key)).toThrow(/none\.pem cannot be read.*--cert/);
  expect(() => readCertificate(cert, cert)).toThrow(/not a certificate and its private key/);
  const server = await testServer({ certFile: cert, keyFile: key });
  expect([server.url.startsWith('https:'), server.selfSigned]).toEqual([true, false]);
});
