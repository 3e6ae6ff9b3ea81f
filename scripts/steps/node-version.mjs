// Whether this Node can run Maru. Written for Node 12: no import, no newer syntax.
// @ts-check

/** The oldest Node that Vite 8 and the server's own code run on; package.json says the same in `engines`. */
const OLDEST = { major: 20, minor: 19 };

/** @param {string} version as in `process.versions.node` */
export function isNodeTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}

/** @param {string} command what the person typed */
export function nodeTooOldSentence(command, version = process.versions.node) {
  return `Maru needs Node ${OLDEST.major}.${OLDEST.minor} or newer and this is ${version}: install a newer one from https://nodejs.org and run \`${command}\` again.`;
}
