// Which platform this is, in the words of package.json's `os`, `cpu` and `libc`, and whether a package is for it.
// @ts-check

/**
 * @typedef {{ os: string, cpu: string, libc: string | null }} Platform `libc` is null where there is no choice of one
 * @typedef {{ os?: string[], cpu?: string[], libc?: string[] }} MadeFor
 */

/** @returns {Platform} of the Node that runs this */
export function thisPlatform() {
  return { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? libc() : null };
}

/**
 * Whether npm would install a package here.
 * @param {MadeFor} made @param {Platform} platform
 */
export function isFor(made, platform) {
  return (
    isListed(made.os, platform.os) && isListed(made.cpu, platform.cpu) && isListed(made.libc, platform.libc)
  );
}

/** Each list names what is meant, or with `!` what is not. @param {string[] | undefined} list @param {string | null} value */
function isListed(list, value) {
  if (!list || list.length === 0 || list.includes('any')) return true;
  if (list.includes(`!${value}`)) return false;
  const meant = list.filter((entry) => !entry.startsWith('!'));
  return meant.length === 0 || (value !== null && meant.includes(value));
}

/** As npm finds it: glibc names its version in Node's report, and musl does not. */
function libc() {
  // The types of Node 20 do not know `excludeNetwork`, which came with 20.13.
  const report = /** @type {NodeJS.ProcessReport & { excludeNetwork?: boolean }} */ (process.report);
  const before = report.excludeNetwork ?? false;
  // The addresses of this machine are looked up by name for the report, which takes seconds on some networks.
  report.excludeNetwork = true;
  const made = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (report.getReport());
  report.excludeNetwork = before;
  return made.header?.glibcVersionRuntime ? 'glibc' : 'musl';
}
