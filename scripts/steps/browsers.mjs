// The browsers that tests drive: those that are there, else Debian's by apt, else what Playwright and Puppeteer fetch.
// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { nodeProgram, runQuietly } from './run.mjs';

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {string} variable of the environment that tests read its path from
 * @property {readonly string[]} programs that may be on the path, best first
 * @property {string} aptPackage
 */

/** @type {Browser} */
const CHROMIUM = {
  name: 'Chromium',
  variable: 'MARU_CHROMIUM',
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  aptPackage: 'chromium',
};

/** @type {Browser} */
const FIREFOX = {
  name: 'Firefox',
  variable: 'MARU_FIREFOX',
  programs: ['firefox-esr', 'firefox'],
  aptPackage: 'firefox-esr',
};

// Outside the project, so that a fresh clone does not fetch it again; in a folder of its own that can be deleted.
const FETCHED = join(homedir(), '.cache', 'maru-browsers');

/**
 * Finds both browsers or installs them.
 * @returns {Promise<Record<string, string>>} the variables to add to the environment of the tests; one that could not
 *   be had is missing, and the tests that need it fail saying so
 */
export async function findOrInstallBrowsers() {
  /** @type {Record<string, string>} */
  const found = {};
  for (const browser of [CHROMIUM, FIREFOX]) {
    const path =
      (await findWorking(browser)) ?? (await installByApt(browser)) ?? (await fetchBrowser(browser));
    if (path) found[browser.variable] = path;
    else
      console.error(
        `${browser.name} is not there and could not be installed: install it, or set ${browser.variable} to its path.`,
      );
  }
  return found;
}

/** @param {Browser} browser */
async function findWorking(browser) {
  const given = process.env[browser.variable];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = given
    ? [given]
    : browser.programs.flatMap((name) => folders.map((dir) => join(dir, name)));
  for (const path of candidates.filter((candidate) => existsSync(candidate))) {
    if (await works(path)) return path;
  }
  return fetchedPath(browser);
}

/** Ubuntu's packages are stubs that ask for a snap: there is a program, and it does not run. @param {string} path */
async function works(path) {
  const { status, output } = await runQuietly(path, ['--version']);
  return status === 0 && /\d+\.\d+/.test(output);
}

/** @param {Browser} browser */
async function installByApt(browser) {
  // Korean names and rooms must be drawn, not boxed.
  return (await aptInstall(browser.name, [browser.aptPackage, 'fonts-noto-cjk']))
    ? findWorking(browser)
    : null;
}

/** @param {Browser} browser */
async function fetchBrowser(browser) {
  console.error(`Fetching ${browser.name}…`);
  const { status, output } = browser === CHROMIUM ? await fetchChromium() : await fetchFirefox();
  if (status !== 0) {
    console.error(output.trimEnd());
    return null;
  }
  return fetchedPath(browser);
}

async function fetchChromium() {
  const [node, args] = nodeProgram('playwright-core/cli.js');
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: FETCHED };
  // System libraries can only be added by root; without, what is there has to do.
  const withDeps = process.getuid?.() === 0 ? ['--with-deps'] : [];
  return runQuietly(node, [...args, 'install', ...withDeps, 'chromium'], { env });
}

/** Playwright's Firefox speaks Playwright's own protocol; the tests speak WebDriver BiDi, so it has to be a stock one. */
async function fetchFirefox() {
  const [node, args] = nodeProgram('@puppeteer/browsers/lib/cjs/main-cli.js');
  return runQuietly(node, [...args, 'install', 'firefox@stable', '--path', FETCHED]);
}

/** The program that was fetched in this or an earlier run. @param {Browser} browser @returns {string | null} */
function fetchedPath(browser) {
  if (!existsSync(FETCHED)) return null;
  const names = browser === CHROMIUM ? ['chrome', 'Chromium', 'chrome.exe'] : ['firefox', 'firefox.exe'];
  const paths = readdirSync(FETCHED, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.includes(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !/headless_shell/.test(path) && isProgram(path));
  return paths[0] ?? null;
}

/** @param {string} path */
function isProgram(path) {
  // ELF, Mach-O (thin and universal) and Windows programs begin with one of these.
  const magic = readFileSync(path).subarray(0, 4).toString('hex');
  return /^(7f454c46|cffaedfe|cafebabe|4d5a)/.test(magic);
}
