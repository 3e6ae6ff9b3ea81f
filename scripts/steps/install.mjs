// Installs the dependencies when those in node_modules are not the ones that package-lock.json names.
// @ts-check
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { inRoot, ROOT } from './root.mjs';
import { npmCommand, runQuietly, StepFailure } from './run.mjs';

/**
 * What an installation is for: `runtime` is what starting and building need, `full` has the test tools besides.
 * @typedef {'runtime' | 'full'} InstallMode
 * @typedef {{ version?: string, integrity?: string, link?: boolean, dev?: boolean, devOptional?: boolean,
 *   optional?: boolean, extraneous?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * True when everything that a mode needs lies in node_modules as locked. npm writes its own record of what it has
 * installed last of all, so an interrupted installation is never taken for a whole one.
 * @param {InstallMode} mode
 */
export function isInstalled(mode) {
  const installed = readPackages('node_modules/.package-lock.json');
  const locked = readPackages('package-lock.json');
  if (!installed || !locked) return false;
  return Object.entries(locked).every(
    ([path, wanted]) =>
      !isNeeded(path, wanted, mode) ||
      (existsSync(inRoot(path)) && (wanted.link || isSame(installed[path], wanted))),
  );
}

/**
 * Installs, unless nothing is missing.
 * @param {InstallMode} mode
 * @throws {StepFailure} when that is not possible
 */
export async function install(mode) {
  if (isInstalled(mode)) return;
  requireWritable();
  console.error('Installing (about a minute, only when dependencies have changed)…');
  const [npm, args] = npmCommand();
  const omit = mode === 'runtime' ? ['--omit=dev'] : ['--include=dev'];
  const { status, output } = await runQuietly(npm, [
    ...args,
    'ci',
    ...omit,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (status !== 0) throw new StepFailure(installSentence(output), output);
}

/** @throws {StepFailure} when the project's folder cannot be written to */
export function requireWritable() {
  try {
    accessSync(ROOT, constants.W_OK);
  } catch {
    // Whatever the system's word for it is (EACCES, EROFS), this is what to do.
    throw new StepFailure(
      `Maru must write its dependencies and its build into ${ROOT}, and may not: give yourself the right to, or clone it into a folder of your own.`,
    );
  }
}

/** @param {string} output of a failed `npm ci` */
export function installSentence(output) {
  if (/E(ACCES|PERM|ROFS)\b/.test(output)) {
    return `The dependencies cannot be written below ${ROOT}: give yourself the right to, or clone Maru into a folder of your own.`;
  }
  if (/ENOSPC\b/.test(output)) return 'The disk is full: make about 300 MB free and try again.';
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN(REFUSED|RESET)|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    return 'The dependencies cannot be fetched because the package registry cannot be reached: check the network (or the proxy that npm is told to use) and try again.';
  }
  return 'The dependencies could not be installed: npm says above why.';
}

/** @param {string} path @returns {LockedPackages | null} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(inRoot(path), 'utf8')).packages ?? null;
  } catch (error) {
    // Missing, or cut short by an interruption: both mean that nothing is known to be installed.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null;
    throw error;
  }
}

/** @param {string} path @param {LockedPackage} wanted @param {InstallMode} mode */
function isNeeded(path, wanted, mode) {
  // Optional packages are for other platforms, or npm could do without them; workspaces are the project itself.
  if (!/(^|\/)node_modules\//.test(path) || wanted.optional) return false;
  return mode === 'full' || !(wanted.dev || wanted.devOptional);
}

/** @param {LockedPackage | undefined} installed @param {LockedPackage} wanted */
function isSame(installed, wanted) {
  return installed?.version === wanted.version && installed?.integrity === wanted.integrity;
}
