// Builds what is stale. A target is stale when the content of its inputs is not what it was last built from.
// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { requireWritable } from './install.mjs';
import { filesBelow, inRoot } from './root.mjs';
import { nodeProgram, runQuietly, StepFailure } from './run.mjs';

/**
 * @typedef {object} Target
 * @property {string} name for the stamp and for people
 * @property {readonly string[]} inputs files and folders
 * @property {readonly string[]} outputs files that must exist
 * @property {() => [string, string[]]} command
 */

// Stamps go with the dependencies: whatever replaces those makes everything stale.
const STAMPS = 'node_modules/.cache/maru';
const NOT_INPUTS = new Set(['dist', 'node_modules', 'test', '.tsbuildinfo']);
const COMMON = ['package-lock.json', 'tsconfig.base.json'];
const tsc = () => nodeProgram('typescript/bin/tsc');

/** @type {Target} */
export const SERVER = {
  name: 'server',
  inputs: [...COMMON, 'packages/protocol', 'packages/server'],
  outputs: ['packages/protocol/dist/index.js', 'packages/server/dist/main.js'],
  command: () => extend(tsc(), ['-b', 'packages/server']),
};

/** @type {Target} */
export const WEB = {
  name: 'web app',
  inputs: [...COMMON, 'packages/protocol', 'packages/client', 'apps/web'],
  outputs: ['apps/web/dist/index.html'],
  command: () => extend(nodeProgram('vite/bin/vite.js'), ['build', 'apps/web', '--logLevel', 'warn']),
};

/** The headless client as a package of its own: for those who build on it, for types and for benches. @type {Target} */
export const CLIENT = {
  name: 'client',
  inputs: [...COMMON, 'packages/protocol', 'packages/client'],
  outputs: ['packages/client/dist/index.js', 'packages/client/dist/index.d.ts'],
  command: () => extend(tsc(), ['-b', 'packages/client']),
};

/** The type check of the web app: it has no output but its record. @type {Target} */
export const WEB_TYPES = {
  name: 'types of the web app',
  inputs: [...COMMON, 'packages/protocol', 'packages/client', 'apps/web'],
  outputs: [],
  command: () => extend(tsc(), ['-b', 'apps/web']),
};

/**
 * Builds those targets that are stale, one after the other.
 * @param {readonly Target[]} targets
 * @throws {StepFailure} when one cannot be built
 */
export async function build(targets) {
  const stale = targets.filter(isStale);
  if (stale.length === 0) return;
  requireWritable();
  console.error(`Building ${stale.map((target) => target.name).join(', ')}…`);
  for (const target of stale) await buildOne(target);
}

/** @param {Target} target */
async function buildOne(target) {
  const stamp = stampOf(target);
  // What is half built must not look built, whatever ends us in between.
  rmSync(stamp, { force: true });
  const hash = hashOf(target);
  const [command, args] = target.command();
  const { status, output } = await runQuietly(command, args);
  if (status !== 0) throw new StepFailure(buildSentence(target, output), output);
  mkdirSync(inRoot(STAMPS), { recursive: true });
  writeFileSync(stamp, hash);
}

/** @param {Target} target @param {string} output */
function buildSentence(target, output) {
  return /E(ACCES|PERM|ROFS)\b/.test(output)
    ? `The ${target.name} cannot be built because a folder of the project cannot be written to, as said above.`
    : `The ${target.name} could not be built, for the reason above.`;
}

/** @param {Target} target */
export function isStale(target) {
  const stamp = stampOf(target);
  if (!existsSync(stamp) || target.outputs.some((path) => !existsSync(inRoot(path)))) return true;
  return readFileSync(stamp, 'utf8') !== hashOf(target);
}

/** @param {Target} target */
function stampOf(target) {
  return inRoot(`${STAMPS}/${target.name.replaceAll(' ', '-')}`);
}

/** @param {Target} target */
function hashOf(target) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of target.inputs.flatMap((path) => filesBelow(path, NOT_INPUTS))) {
    hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
}

/** @param {[string, string[]]} program @param {string[]} more @returns {[string, string[]]} */
function extend([command, args], more) {
  return [command, [...args, ...more]];
}
