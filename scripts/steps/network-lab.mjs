// What the network lab (tests/network) needs of the machine: root, network namespaces, and a few Debian packages.
// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { runQuietly } from './run.mjs';

/** Programs and the Debian packages that have them. */
const PROGRAMS = Object.entries({
  ip: 'iproute2',
  nft: 'nftables',
  socat: 'socat',
  turnserver: 'coturn',
  setpriv: 'util-linux',
  sysctl: 'procps',
});

/**
 * Finds what the lab needs, or installs it.
 * @returns {Promise<string[]>} what is missing, for people; empty where the lab can be run
 */
export async function findOrInstallNetworkLab() {
  if (process.platform !== 'linux') return ['Linux'];
  if (process.getuid?.() !== 0) return ['root'];
  // Root's own folders are not on every root's path; the tests inherit it.
  process.env['PATH'] = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  const packages = PROGRAMS.filter(([program]) => !isThere(program)).map(([, name]) => name);
  if (packages.length > 0) await aptInstall('what the network lab needs', packages);
  const missing = PROGRAMS.filter(([program]) => !isThere(program)).map(
    ([program, name]) => `${program} (Debian package ${name})`,
  );
  if (missing.length > 0) return missing;
  if (!existsSync('/dev/net/tun')) missing.push('/dev/net/tun');
  if (!(await hasNamespaces()))
    missing.push('network namespaces and nftables (CAP_SYS_ADMIN, CAP_NET_ADMIN)');
  return missing;
}

/** @param {string} program */
function isThere(program) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Root in a container may lack the rights: whether a namespace with rules in it can be made is tried. */
async function hasNamespaces() {
  const name = `maru-${process.pid}-0-try`;
  const made = await runQuietly('ip', ['netns', 'add', name]);
  if (made.status !== 0) return false;
  const ruled = await runQuietly('ip', ['netns', 'exec', name, 'nft', 'add', 'table', 'inet', 'try']);
  await runQuietly('ip', ['netns', 'del', name]);
  return ruled.status === 0;
}
