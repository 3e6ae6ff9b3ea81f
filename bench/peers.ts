// What we compare with: installed into a folder of its own, from a lock file of its own.

import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder, with a slash at its end. Compiled, this file lies in `bench/dist`. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const LOCKED = `${PROJECT}bench/peers/`;
const INSTALLED = `${PROJECT}bench/.peers/`;

/** Installs the peers unless they are there as locked; gives the folder whose `node_modules` has them. */
export async function installPeers(): Promise<string> {
  if (await isInstalled()) return INSTALLED;
  await mkdir(INSTALLED, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) await copyFile(LOCKED + file, INSTALLED + file);
  const run = promisify(execFile);
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: INSTALLED });
  await copyFile(`${LOCKED}package-lock.json`, `${INSTALLED}node_modules/installed.json`);
  return INSTALLED;
}

/** Loads a CommonJS package of the installed peers. The caller says what it is. */
export function requirePeer(name: string): unknown {
  return createRequire(`${INSTALLED}package.json`)(name);
}

/** Copied last of all, so an interrupted installation is never taken for a whole one. */
async function isInstalled(): Promise<boolean> {
  const [wanted, found] = await Promise.allSettled([
    readFile(`${LOCKED}package-lock.json`, 'utf8'),
    readFile(`${INSTALLED}node_modules/installed.json`, 'utf8'),
  ]);
  return wanted.status === 'fulfilled' && found.status === 'fulfilled' && wanted.value === found.value;
}
