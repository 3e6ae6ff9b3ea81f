// Debian packages that tests need, where this is Debian and we may install them.
// @ts-check
import { existsSync } from 'node:fs';
import { runQuietly } from './run.mjs';

/**
 * Installs packages by apt; false where that is not possible or failed, which is then said.
 * @param {string} what what they are, for people @param {readonly string[]} packages
 */
export async function aptInstall(what, packages) {
  const sudo = await privilege();
  if (!sudo || !existsSync('/usr/bin/apt-get')) return false;
  console.error(`Installing ${what} by apt…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...args) =>
    runQuietly(sudo[0] ?? 'apt-get', [...sudo.slice(1), ...(sudo.length ? ['apt-get'] : []), ...args], {
      env,
    });
  await apt('update');
  const { status, output } = await apt('install', '-y', '--no-install-recommends', ...packages);
  if (status !== 0) console.error(`apt could not: ${output.trim().split('\n').at(-1)}`);
  return status === 0;
}

/** How to run a command as root: nothing in front, sudo in front, or not at all. @returns {Promise<string[] | null>} */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  const { status } = await runQuietly('sudo', ['-n', 'true']);
  return status === 0 ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : null;
}
