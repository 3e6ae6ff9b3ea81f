// Installs the dependencies when those in node_modules are not the ones that package-lock.json names.
// @ts-check
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { isFor, thisPlatform } from './platform.mjs';
import { inRoot, ROOT } from './root.mjs';
import { npmCommand, runQuietly } from './run.mjs';
import { diskFullSentence, StepFailure, takeBack } from './step-failure.mjs';

/**
 * What an installation is for: `runtime` is what starting and building need, `full` has the test tools besides.
 * @typedef {'runtime' | 'full'} InstallMode
 * @typedef {{ version?: string, integrity?: string, link?: boolean, dev?: boolean, devOptional?: boolean,
 *   optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * True when everything that a mode needs lies in node_modules as locked. npm writes its own record of what it has
 * installed last of all, so an interrupted installation is never taken for a whole one.
 * @param {InstallMode} mode @param {string} [root] @param {import('./platform.mjs').Platform} [platform]
 */
export function isInstalled(mode, root = ROOT, platform = thisPlatform()) {
  const installed = readPackages(inRoot('node_modules/.package-lock.json', root));
  const locked = readPackages(inRoot('package-lock.json', root));
  if (!installed || !locked) return false;
  return Object.entries(locked).every(
    ([path, wanted]) =>
      !isNeeded(path, wanted, mode, platform) ||
      (existsSync(inRoot(path, root)) && (wanted.link || isSame(installed[path], wanted))),
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
    return `The dependencies cannot be written below ${ROOT}: ${takeBack()}.`;
  }
  if (/ENOSPC\b/.test(output)) return diskFullSentence();
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN(REFUSED|RESET)|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    return 'The dependencies cannot be fetched because the package registry cannot be reached: check the network (or the proxy that npm is told to use) and try again.';
  }
  return 'The dependencies could not be installed: npm says above why.';
}

/** @param {string} path @returns {LockedPackages | null} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch (error) {
    // Missing, or cut short by an interruption: both mean that nothing is known to be installed.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return null;
    throw error;
  }
}

/**
 * @param {string} path @param {LockedPackage} wanted @param {InstallMode} mode
 * @param {import('./platform.mjs').Platform} platform
 */
function isNeeded(path, wanted, mode, platform) {
  // Workspaces are the project itself.
  if (!/(^|\/)node_modules\//.test(path)) return false;
  // The native parts of compilers come as optional packages, one for each platform: that of this one must be there.
  // Other optional packages npm may do without.
  if (wanted.optional && !(isForSome(wanted) && isFor(wanted, platform))) return false;
  return mode === 'full' || !(wanted.dev || wanted.devOptional);
}

/** @param {LockedPackage} wanted */
function isForSome({ os, cpu, libc }) {
  return os !== undefined || cpu !== undefined || libc !== undefined;
}

/** @param {LockedPackage | undefined} installed @param {LockedPackage} wanted */
function isSame(installed, wanted) {
  return installed?.version === wanted.version && installed?.integrity === wanted.integrity;
}
