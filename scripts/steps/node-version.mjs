// Whether this Node can run Maru. Written for Node 12: no import, no newer syntax.
// @ts-check

// What Vite 8 runs on, and what the server's own code needs; package.json says the same in `engines`. Node 21 has not
// all that a late 20 has.
const LAST_OF_20 = { major: 20, minor: 19 };
const FROM = { major: 22, minor: 12 };

/**
 * True for what is older than 20.19, for 21, and for what is older than 22.12.
 * @param {string} version as in `process.versions.node`
 */
export function isNodeTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === LAST_OF_20.major) return minor < LAST_OF_20.minor;
  return major < FROM.major || (major === FROM.major && minor < FROM.minor);
}

/** @param {string} command what the person typed */
export function nodeTooOldSentence(command, version = process.versions.node) {
  return `Maru needs Node ${LAST_OF_20.major}.${LAST_OF_20.minor} or a later ${LAST_OF_20.major}, or ${FROM.major}.${FROM.minor} or newer, and this is ${version}: install a newer one from https://nodejs.org and run \`${command}\` again.`;
}
