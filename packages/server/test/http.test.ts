// The HTTP side: the page at its addresses, headers, health, figures.

import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../src/secret.js';
import { startServer } from '../src/server.js';
import { FakeClock } from './support/fake-clock.js';
import { testServer } from './support/server.js';
import { tempDir } from './support/temp-dir.js';

const HTML = { headers: { accept: 'text/html,application/xhtml+xml' } };

function builtPage(): string {
  const root = tempDir();
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Maru</title>');
  writeFileSync(join(root, 'assets', 'index-0a1b2c3d.js'), 'export {};');
  writeFileSync(join(root, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(root, '.hidden'), 'hidden');
  return root;
}

/** A GET that sends path and headers as they are, without `fetch` tidying them; resolves with the status. */
function rawGet(port: number, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, host: '127.0.0.1' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test.each(['/', '/lab', '/r/room', '/r/%EB%B0%A9', '/r/a?name=b&join'])('%s is the page', async (path) => {
  const server = await testServer({ webRoot: builtPage() });
  const response = await fetch(server.url + path, HTML);
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Maru')]);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('any other address is the page with status 404, or plain text for what does not want a page', async () => {
  const server = await testServer({ webRoot: builtPage() });
  for (const path of ['/nowhere', '/labs', '/r', '/assets/gone.js']) {
    const page = await fetch(server.url + path, HTML);
    expect([page.status, await page.text()], path).toEqual([404, expect.stringContaining('Maru')]);
    const text = await fetch(server.url + path);
    expect([text.status, await text.text()], path).toEqual([404, 'Not found.\n']);
  }
  expect((await fetch(server.url, { method: 'POST', body: 'x' })).status).toBe(404);
});

test('hashed files may be kept for ever, others are asked for again', async () => {
  const server = await testServer({ webRoot: builtPage() });
  const hashed = await fetch(`${server.url}/assets/index-0a1b2c3d.js`);
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers.get('content-type')).toMatch(/javascript/);
  const other = await fetch(`${server.url}/favicon.svg`);
  expect(other.headers.get('cache-control')).toBe('no-cache');
  const etag = other.headers.get('etag') ?? '';
  expect(await rawGet(server.port, '/favicon.svg', { 'if-none-match': etag })).toBe(304);
});

test('nothing outside the folder and nothing hidden is served', async () => {
  const root = builtPage();
  writeFileSync(join(root, '..', 'maru-outside.txt'), 'outside');
  const server = await testServer({ webRoot: root });
  for (const path of [
    '/../maru-outside.txt',
    '/%2e%2e/maru-outside.txt',
    '/..%2fmaru-outside.txt',
    '/.hidden',
  ]) {
    expect(await rawGet(server.port, path), path).toBeGreaterThanOrEqual(400);
  }
});

test('a page that has not been built is said so with 503, and appears once it is', async () => {
  const root = tempDir();
  const server = await testServer({ webRoot: root });
  const missing = await fetch(server.url, HTML);
  expect([missing.status, await missing.text()]).toEqual([503, expect.stringContaining('npm start')]);
  writeFileSync(join(root, 'index.html'), 'built');
  expect(await (await fetch(server.url, HTML)).text()).toBe('built');
});

test('every answer carries the headers that keep the page to itself', async () => {
  const server = await testServer({
    webRoot: builtPage(),
    frameAncestors: ["'self'", 'https://intranet.example'],
  });
  for (const path of ['/', '/nowhere', '/healthz', '/assets/index-0a1b2c3d.js']) {
    const { headers } = await fetch(server.url + path, HTML);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "media-src 'self' blob: mediastream:",
      `connect-src 'self' ws://127.0.0.1:${server.port}`,
      "worker-src 'self' blob:",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'self' https://intranet.example",
    ]);
    expect(policy).not.toContain('unsafe');
    expect(headers.get('permissions-policy')).toContain(
      'camera=(self), microphone=(self), display-capture=(self)',
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.has('strict-transport-security')).toBe(false);
  }
});

test('a Host header cannot add to the policy, and HTTPS of a trusted proxy is believed', async () => {
  const server = await testServer({ webRoot: builtPage(), trustProxy: ['loopback'] });
  const from = async (host: string, proto: string) =>
    (await fetch(server.url, { headers: { 'x-forwarded-host': host, 'x-forwarded-proto': proto } })).headers;
  const forged = await from('a; script-src *', 'http');
  expect(forged.get('content-security-policy')).toContain("connect-src 'self';");
  expect(forged.get('content-security-policy')).not.toContain('*');
  const secure = await from('maru.example', 'https');
  expect(secure.get('content-security-policy')).toContain("connect-src 'self' wss://maru.example;");
  expect(secure.get('strict-transport-security')).toBe('max-age=31536000');
});

test('health, readiness and, where wanted, figures', async () => {
  const server = await testServer({ metrics: true });
  const client = await server.client();
  await client.join('room', 'A');
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const line of [
    'maru_connections 1',
    'maru_rooms 1',
    'maru_peers_present 1',
    'maru_peers_away 0',
    'maru_messages_total{type="join"} 1',
  ]) {
    expect(metrics).toContain(line);
  }
  const quiet = await testServer();
  expect((await fetch(`${quiet.url}/metrics`)).status).toBe(404);
});

test.each(['/r/%E0%A4%A', '/r/50%', '/%zz', '/r/%FF?name=a'])(
  '%s cannot be decoded: the page with status 404, headers and all',
  async (path) => {
    const server = await testServer({ webRoot: builtPage() });
    // `fetch` sends a stray per cent sign as it is.
    const response = await fetch(server.url + path, HTML);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('Maru')]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await fetch(server.url + path)).text()).toBe('Not found.\n');
  },
);

test('the longest room name is an address too', async () => {
  const server = await testServer({ webRoot: builtPage() });
  const response = await fetch(`${server.url}/r/${encodeURIComponent('👋'.repeat(64))}`, HTML);
  expect(response.status).toBe(200);
});

test('a relative folder of the page is one below the working folder', async () => {
  const root = builtPage();
  const server = await testServer({ webRoot: relative(process.cwd(), root) });
  expect(await (await fetch(server.url, HTML)).text()).toContain('Maru');
  const hashed = await fetch(`${server.url}/assets/index-0a1b2c3d.js`);
  expect(hashed.headers.get('cache-control')).toContain('immutable');
});

test('a server that cannot be put together leaves nothing running', async () => {
  const clock = new FakeClock();
  const file = join(builtPage(), 'index.html');
  const secret = new Secret('a key for tests only, of 32 chars or more');
  await expect(
    startServer({ host: '127.0.0.1', port: 0, webRoot: `${file}\0`, secret, logLevel: 'silent' }, { clock }),
  ).rejects.toThrow();
  expect(clock.pending).toBe(0);
});
