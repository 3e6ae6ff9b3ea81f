// The doctor's page in Chromium against a real coturn: what works, what does not, in both languages, on a phone too.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startChromium, type TestChromium } from './support/chromium.js';
import { type Coturn, startCoturn } from './support/coturn.js';
import { startFirefox } from './support/firefox.js';
import { freePort } from './support/free-port.js';
import { startServer, type TestServer } from './support/server.js';
import { PATIENCE_MS, until } from './support/until.js';

// Two browsers and coturn start here, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let chromium: TestChromium;
let coturn: Coturn;

beforeAll(async () => {
  // Nobody has been asked for a camera here: then Chromium takes its default route, as on a visitor's machine.
  [chromium, coturn] = await Promise.all([startChromium({ permission: 'deny' }), startCoturn()]);
});
afterAll(async () => {
  await chromium?.close();
  await coturn?.close();
});

interface Setting {
  readonly stun?: readonly string[];
  readonly turn?: readonly string[];
  readonly secret?: string;
}

/** A server with these ICE servers, which ends with the test. */
async function serverWith({ stun = [], turn = [], secret = coturn.secret }: Setting): Promise<TestServer> {
  const server = await startServer([
    ...stun.flatMap((url) => ['--stun', url]),
    ...turn.flatMap((url) => ['--turn', url]),
    ...(turn.length > 0 ? ['--turn-secret', secret] : []),
  ]);
  onTestFinished(() => server.close());
  return server;
}

/** The page of such a server, opened by the address that the command prints. */
async function openDoctor(setting: Setting, context: BrowserContextOptions = {}): Promise<Page> {
  const { url } = await serverWith(setting);
  const person = await chromium.person(context);
  onTestFinished(() => person.close());
  person.setDefaultTimeout(PATIENCE_MS);
  const page = await person.newPage();
  await page.goto(`${url}/doctor#start`);
  return page;
}

const finding = (page: Page, words: string) => page.getByRole('listitem').filter({ hasText: words });

/** Waits for the finding with these words and gives its verdict, as it is said to those who cannot see it. */
async function verdictOf(page: Page, words: string): Promise<string> {
  return (await finding(page, words).locator('strong').textContent()) ?? '';
}

const all = (): string[] => [`turn:127.0.0.1:${coturn.port}`, `turn:127.0.0.1:${coturn.port}?transport=tcp`];

test('STUN sees an address, and bytes go through each relay and come back', async () => {
  const page = await openDoctor({ stun: [`stun:127.0.0.1:${coturn.port}`], turn: all() });
  await page.getByText('Nothing is wrong.').waitFor();
  expect(await verdictOf(page, 'The page is secure')).toBe('Good: ');
  expect(await verdictOf(page, 'The server answers')).toBe('Good: ');
  expect(await verdictOf(page, `stun:127.0.0.1:${coturn.port} answers`)).toBe('Good: ');
  for (const url of all()) expect(await verdictOf(page, `${url} relays: 64 kB`)).toBe('Good: ');
  // What the relay itself counts when the allocations end: 64 kB to the peer and back, for each of the two.
  await until('coturn has counted the bytes', async () => {
    const counted = [...(await coturn.log()).matchAll(/ peer usage: .*rb=(\d+).*sb=(\d+)/g)];
    const [received, sent] = [1, 2].map((group) =>
      counted.reduce((sum, match) => sum + Number(match[group]), 0),
    );
    return Math.min(received ?? 0, sent ?? 0) >= 2 * 65_536;
  });
});

test('a wrong secret, a server that is not there and a certificate that no browser accepts are told apart', async () => {
  const nobody = await freePort();
  const urls = {
    secret: `turn:127.0.0.1:${coturn.port}`,
    nobody: `turn:127.0.0.1:${nobody}?transport=tcp`,
    certificate: `turns:localhost:${coturn.tlsPort}?transport=tcp`,
    name: 'turn:relay.invalid',
  };
  const page = await openDoctor({ turn: Object.values(urls), secret: 'another secret than that of coturn' });
  await page.getByText('5 things are wrong.').waitFor();
  for (const [url, words] of [
    [urls.secret, 'refuses the credentials.'],
    [urls.nobody, 'no connection comes about.'],
    [urls.certificate, 'no secure connection comes about.'],
    [urls.name, 'its name cannot be found from here.'],
  ] as const) {
    expect(await finding(page, url).first().textContent()).toContain(words);
    expect(await verdictOf(page, `${url}`)).toBe('Wrong: ');
  }
  expect(await verdictOf(page, 'No relay works from here')).toBe('Wrong: ');
});

test('without the fragment nothing is sent before it is asked for', async () => {
  const page = await openDoctor({ turn: all() });
  const address = page.url().replace('#start', '');
  await page.goto('about:blank');
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(address);
  await page.getByRole('button', { name: 'Start the check' }).waitFor();
  expect(sockets).toEqual([]);
  await page.getByRole('button', { name: 'Start the check' }).click();
  await page.getByText('Nothing is wrong.').waitFor();
  expect(sockets).toHaveLength(1);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Checking…').waitFor();
  await page.getByText('Nothing is wrong.').waitFor();
  expect(sockets).toHaveLength(2);
});

test('Firefox finds the same: bytes through the relay, and credentials that are refused', async () => {
  // Firefox leaves the loopback interface out unless it is told otherwise; a relay elsewhere needs nothing of this.
  const firefox = await startFirefox({ preferences: { 'media.peerconnection.ice.loopback': true } });
  onTestFinished(() => firefox.close());
  const outcomes: string[] = [];
  for (const secret of [coturn.secret, 'another secret than that of coturn']) {
    const { url } = await serverWith({ turn: all(), secret });
    const page = await firefox.newPage();
    await page.goto(`${url}/doctor#start`);
    await page.waitForSelector('.doctor-finding[data-verdict]:nth-child(5)', { timeout: PATIENCE_MS });
    outcomes.push(
      ...(await page.$$eval('.doctor-finding:nth-child(n + 4):nth-child(-n + 5)', (items) =>
        items.map((item) =>
          (item.textContent ?? '').replace(/^(\w+: )turn:\S+ (relays|refuses the).*/, '$1$2'),
        ),
      )),
    );
  }
  expect(outcomes).toEqual(['Good: relays', 'Good: relays', 'Wrong: refuses the', 'Wrong: refuses the']);
});

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource);
  const results = await page.evaluate(async () => {
    const axe: { run(context: Document, options: RunOptions): Promise<AxeResults> } = Reflect.get(
      window,
      'axe',
    );
    return axe.run(document, { resultTypes: ['violations'] });
  });
  return results.violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target).join(' ')}`);
}

for (const [locale, colorScheme, done, wrong] of [
  ['en-US', 'light', '2 things are wrong.', 'Wrong: '],
  ['ko-KR', 'dark', '문제가 2가지 있어요.', '문제: '],
] as const) {
  test(`it can be read by everyone, on 360 pixels too (${locale}, ${colorScheme})`, async () => {
    const context = {
      locale,
      colorScheme,
      viewport: { width: 360, height: 640 },
      reducedMotion: 'reduce',
    } as const;
    const nobody = `turn:127.0.0.1:${await freePort()}?transport=tcp`;
    const page = await openDoctor({ stun: [`stun:127.0.0.1:${coturn.port}`], turn: [nobody] }, context);
    await page.getByText(done).waitFor();
    expect(await verdictOf(page, nobody)).toBe(wrong);
    expect(await page.title()).not.toBe('');
    expect(await axeFindings(page)).toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    for (const button of await page.getByRole('button').all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(43.5);
    }
  });
}
