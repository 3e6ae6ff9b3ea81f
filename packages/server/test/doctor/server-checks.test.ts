// What the doctor says of Node, port, certificate and public address.

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/server-config.js';
import { addressKind } from '../../src/doctor/address-kind.js';
import { checkAddress } from '../../src/doctor/checks/address.js';
import { checkCertificate } from '../../src/doctor/checks/certificate.js';
import { checkNode } from '../../src/doctor/checks/node.js';
import { checkPage } from '../../src/doctor/checks/page.js';
import { checkPort } from '../../src/doctor/checks/port.js';
import type { Finding } from '../../src/doctor/finding.js';
import { exitStatus, reportText } from '../../src/doctor/report.js';
import { keptCertificate } from '../../src/http/certificate.js';
import { FakeClock } from '../support/fake-clock.js';
import { testServer } from '../support/server.js';
import { tempDir } from '../support/temp-dir.js';
import { tcpServer, WORLD } from './support.js';

const DAY_MS = 86_400_000;
const PATIENT = { ...WORLD, timeoutMs: 20_000 };

test.each([
  ['20.19.0', 'good'],
  ['22.12.0', 'good'],
  ['24.0.0', 'good'],
  ['20.18.9', 'wrong'],
  ['21.7.0', 'wrong'],
  ['22.11.0', 'wrong'],
  ['18.20.0', 'wrong'],
])('Node %s is %s', (version, verdict) => {
  expect(checkNode(version).verdict).toBe(verdict);
});

test('a port that is free, ours, of another program, and not to be had', async () => {
  const check = async (host: string, port: number) => {
    const { findings, running } = await checkPort({ ...DEFAULT_CONFIG, host, port }, PATIENT);
    return { ...findings[0], running };
  };
  const server = await testServer({ turn: ['turn:a.example'], turnUsername: 'u' });
  expect(await check('127.0.0.1', server.port)).toMatchObject({
    verdict: 'good',
    says: expect.stringContaining(`runs on port ${server.port}`),
    running: { iceServers: [{ urls: ['turn:a.example'] }] },
  });
  await server.close();
  expect(await check('127.0.0.1', server.port)).toMatchObject({ verdict: 'good', running: null });
  const other = await tcpServer((socket) => socket.end('220 mail\r\n'));
  expect(await check('127.0.0.1', other)).toMatchObject({
    verdict: 'wrong',
    says: expect.stringContaining('another program'),
  });
  expect(await check('203.0.113.1', other)).toMatchObject({
    verdict: 'wrong',
    says: expect.stringContaining('not an address'),
  });
});

const config = (certFile: string, keyFile: string) => ({ ...DEFAULT_CONFIG, https: true, certFile, keyFile });

/** A certificate for localhost and its chain, from an authority of the test's own. */
async function issued() {
  const authority = await generate([{ name: 'commonName', value: 'Authority' }], {
    extensions: [{ name: 'basicConstraints', cA: true }],
  });
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ca: { key: authority.private, cert: authority.cert },
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + 90 * DAY_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const folder = tempDir();
  const files = config(join(folder, 'cert.pem'), join(folder, 'key.pem'));
  writeFileSync(files.keyFile, leaf.private);
  writeFileSync(files.certFile, `${leaf.cert}\n${authority.cert}`);
  return { files, leaf: leaf.cert };
}

test('a certificate that is good, about to end, ended, for another name, cut short, and not there', async () => {
  const { files, leaf } = await issued();
  const at = (days: number, host: string | null = 'localhost') =>
    checkCertificate(files, host, Date.now() + days * DAY_MS);
  const says = (text: string) => ({ says: expect.stringContaining(text) });
  expect(at(0)).toMatchObject({ verdict: 'good', ...says('good for 89 more days') });
  expect(at(0, '127.0.0.1').verdict).toBe('good');
  expect(at(80)).toMatchObject({ verdict: 'note', ...says('runs out in 9 days') });
  expect(at(91)).toMatchObject({ verdict: 'wrong', ...says('expired on') });
  expect(at(-2)).toMatchObject({ verdict: 'wrong', ...says('not valid before') });
  expect(at(0, 'meet.example.org')).toMatchObject({ verdict: 'wrong', ...says('not made for') });
  writeFileSync(files.certFile, leaf);
  expect(at(0)).toMatchObject({ verdict: 'wrong', change: expect.stringContaining('fullchain.pem') });
  const missing = checkCertificate(config('none.pem', 'none.pem'), null, 0);
  expect(missing).toMatchObject({ verdict: 'wrong', ...says('none.pem cannot be read') });
});

test('a server without a certificate of an authority', async () => {
  const folder = tempDir();
  await keptCertificate(folder, [], Date.now());
  const own = config(join(folder, 'self-signed-cert.pem'), join(folder, 'self-signed-key.pem'));
  const selfSigned = { verdict: 'note', says: expect.stringContaining('self-signed') };
  expect(checkCertificate(own, 'localhost', Date.now())).toMatchObject(selfSigned);
  expect(checkCertificate({ ...DEFAULT_CONFIG, https: true }, null, 0)).toMatchObject(selfSigned);
  expect(checkCertificate(DEFAULT_CONFIG, null, 0).says).toContain('plain HTTP');
  expect(checkCertificate({ ...DEFAULT_CONFIG, trustProxy: ['loopback'] }, null, 0).verdict).toBe('good');
});

async function page(url: string, ca?: string): Promise<readonly Finding[]> {
  return (await checkPage(new URL(url), { ...PATIENT, ca })).findings;
}

/** A web server that is no Maru, or a Maru behind something that spoils it. */
async function webServer(listener: RequestListener, upgradeStatus?: number): Promise<string> {
  const server = createServer(listener);
  if (upgradeStatus !== undefined) {
    server.on('upgrade', (_request, socket) =>
      socket.end(`HTTP/1.1 ${upgradeStatus} No\r\nConnection: close\r\n\r\n`),
    );
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a public address that is well, over HTTPS with a certificate that is trusted', async () => {
  const dataDir = tempDir();
  const server = await testServer({ https: true, dataDir }, { clock: new FakeClock(Date.now()) });
  const ca = readFileSync(join(dataDir, 'self-signed-cert.pem'), 'utf8');
  const findings = await page(server.url, ca);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['good', 'good']);
  expect(findings[1]?.says).toContain('more days');
  expect((await page(server.url))[0]).toMatchObject({
    check: 'certificate',
    says: expect.stringContaining('self-signed'),
  });
  const otherName = server.url.replace('127.0.0.1', '127.0.0.2');
  expect((await page(otherName, ca))[0]?.verdict).toBe('wrong');
});

test('a public address without HTTPS gives no camera', async () => {
  const server = await testServer();
  const findings = await page(server.url);
  expect(findings[1]).toMatchObject({
    verdict: 'wrong',
    says: expect.stringContaining('neither camera nor microphone'),
  });
  expect((await page(server.url.replace('127.0.0.1', 'localhost'))).map(({ verdict }) => verdict)).toEqual([
    'good',
  ]);
});

test('what stands in the way of a public address is told apart', async () => {
  const notMaru = await webServer((_request, response) => response.writeHead(404).end());
  expect((await page(notMaru))[0]?.says).toContain('HTTP status 404');
  const healthy: RequestListener = (_request, response) => response.end('{}');
  const foreign = await webServer(healthy, 403);
  expect((await page(foreign))[0]?.change).toContain('--trust-proxy');
  const noUpgrade = await webServer(healthy, 502);
  expect((await page(noUpgrade))[0]?.says).toContain('HTTP status 502');
  const closing = await tcpServer((socket) => socket.destroy());
  expect((await page(`http://127.0.0.1:${closing}`))[0]?.says).toContain('ended before an answer');
  expect((await page(`https://127.0.0.1:${notMaru.split(':').at(-1)}`))[0]?.says).toContain(
    'No TLS is spoken',
  );
  expect((await page('https://meet.invalid'))[0]?.says).toContain('is not in the DNS');
  const silent = await tcpServer(() => undefined);
  const impatient = await checkPage(new URL(`http://127.0.0.1:${silent}`), WORLD);
  expect(impatient.findings[0]?.says).toContain('does not answer');
});

test('an address is of this machine, of its network, or of everybody', () => {
  expect(['127.0.0.1', '::1'].map(addressKind)).toEqual(['loopback', 'loopback']);
  const own = ['10.1.2.3', '172.31.0.1', '192.168.0.1', '100.64.0.1', '169.254.1.1', 'fd00::1', 'fe80::1'];
  expect(new Set(own.map(addressKind))).toEqual(new Set(['private']));
  expect(['192.0.2.1', '172.32.0.1', '2001:db8::1'].map(addressKind)).toEqual(['public', 'public', 'public']);
});

test('a name that leads here, elsewhere, or nowhere outside', async () => {
  expect(await checkAddress('192.0.2.7', ['192.0.2.7'])).toMatchObject({ verdict: 'good' });
  expect((await checkAddress('192.0.2.7', ['192.0.2.8']))?.change).toContain('correct the A record');
  expect(await checkAddress('localhost', [])).toMatchObject({ verdict: 'note' });
  expect(await checkAddress('meet.invalid', [])).toBeNull();
});

test('the exit status says the worst that was found', () => {
  const finding = (verdict: Finding['verdict']): Finding => ({
    check: 'stun',
    verdict,
    says: 'It is so.',
    change: 'Do it.',
  });
  expect(exitStatus([finding('good'), finding('note')])).toBe(0);
  expect(exitStatus([finding('good'), finding('unknown')])).toBe(2);
  expect(exitStatus([finding('unknown'), finding('wrong')])).toBe(1);
  const text = reportText(
    { findings: [finding('wrong'), finding('unknown')], page: 'https://a/doctor#start' },
    false,
  );
  expect(text).toContain('1 thing is wrong. 1 could not be checked.');
  expect(text).toContain('-> Do it.');
  expect(text).not.toContain('\u001b');
  expect(reportText({ findings: [finding('wrong')], page: '' }, true)).toContain('\u001b[31m');
});
