// A person in a page of Maru, in whichever browser: what they see, hear and negotiate, and how they find each other.

import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { TestChromium } from './chromium.js';
import { type MeanColour, type WatchedConnection, type WatchedSound, watchPage } from './page-watch.js';
import { PATIENCE_MS, until } from './until.js';

/** The little of a page that both Playwright and Puppeteer have. */
export interface EvaluatingPage {
  evaluate<T>(run: (selector: string) => T | Promise<T>, selector: string): Promise<T>;
}

/** Someone whose eyes and ears can be asked, whatever browser they use. */
export interface Witness {
  readonly name: string;
  readonly page: EvaluatingPage;
}

/** Someone in Chromium. */
export interface Person extends Witness {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything the page complained about: uncaught errors and console errors. */
  readonly complaints: string[];
}

export interface PersonOptions {
  /** Appended to the link: `mic=off`, `camera=off`. */
  readonly query?: string;
  readonly context?: Parameters<TestChromium['person']>[0];
  /** Runs in the page before anything else. */
  readonly before?: (context: BrowserContext) => Promise<unknown>;
}

/** The link of a room. */
export function roomLink(url: string, room: string, query = ''): string {
  return `${url}/r/${encodeURIComponent(room)}${query === '' ? '' : `?${query}`}`;
}

/** A fresh profile with one watched page, nowhere yet. */
export async function newPerson(
  chromium: TestChromium,
  name: string,
  options: PersonOptions = {},
): Promise<Person> {
  const context = await chromium.person(options.context);
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(watchPage);
  await options.before?.(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { name, context, page, complaints };
}

/** Opens a room in its lobby. */
export async function openLobby(
  chromium: TestChromium,
  url: string,
  room: string,
  name: string,
  options: PersonOptions = {},
): Promise<Person> {
  const person = await newPerson(chromium, name, options);
  const query = [`name=${encodeURIComponent(name)}`, options.query ?? ''].filter(Boolean).join('&');
  await person.page.goto(roomLink(url, room, query));
  await person.page.getByRole('button', { name: 'Join', exact: true }).waitFor();
  return person;
}

/** Goes straight into a call, past the lobby, and waits until inside. */
export async function enterCall(
  chromium: TestChromium,
  url: string,
  room: string,
  name: string,
  options: PersonOptions = {},
): Promise<Person> {
  const person = await newPerson(chromium, name, options);
  const query = [`name=${encodeURIComponent(name)}`, options.query ?? '', 'join'].filter(Boolean).join('&');
  await person.page.goto(roomLink(url, room, query));
  await untilInCall(person);
  return person;
}

export async function untilInCall(person: Person): Promise<void> {
  await button(person, 'Leave').waitFor();
}

export function button(person: Person, name: string): Locator {
  return person.page.getByRole('button', { name, exact: true });
}

/** A control of the call's toolbar, where other places offer the same thing as well. */
export function control(person: Person, name: string): Locator {
  return person.page.getByRole('toolbar').getByRole('button', { name, exact: true });
}

/** The tile that shows a peer of this name. */
export function tile(person: Person, name: string): Locator {
  return person.page.locator(tileSelector(name));
}

export function tileSelector(name: string): string {
  return `[data-peer-id][aria-label=${JSON.stringify(name)}]`;
}

export function videoSelector(name: string): string {
  return `${tileSelector(name)} video`;
}

export function framesOf(witness: Witness, selector: string): Promise<number | null> {
  return witness.page.evaluate((css) => window.watch.frames(css), selector);
}

export function colourOf(witness: Witness, selector: string): Promise<MeanColour | null> {
  return witness.page.evaluate((css) => window.watch.colour(css), selector);
}

export function soundOf(witness: Witness, selector: string): Promise<WatchedSound | null> {
  return witness.page.evaluate((css) => window.watch.sound(css), selector);
}

export function connectionsOf(witness: Witness): Promise<WatchedConnection[]> {
  return witness.page.evaluate(() => window.watch.connections(), '');
}

/** Presses a control once it is there, and waits for the name it has afterwards where it has two. */
export async function press(person: Person, name: string, afterwards?: string): Promise<void> {
  await oneOf(person, name).click();
  if (afterwards !== undefined) await oneOf(person, afterwards).waitFor();
}

/** A button of this name; a notice may offer the same as the toolbar, which comes after it in the page. */
function oneOf(person: Person, name: string): Locator {
  return button(person, name).last();
}

/** The names on the tiles of the others, in the order of the page. */
export function namesSeenBy(person: Person): Promise<(string | null)[]> {
  return person.page
    .locator('[data-peer-id]')
    .evaluateAll((tiles) => tiles.map((element) => element.getAttribute('aria-label')));
}

/** Waits until exactly these others have a tile. */
export async function untilSeesExactly(person: Person, names: readonly string[]): Promise<void> {
  const wanted = [...names].sort().join(', ');
  await until(`${person.name} sees exactly: ${wanted}`, async () => {
    const seen = (await namesSeenBy(person)).map(String).sort().join(', ');
    return seen === wanted;
  });
}
