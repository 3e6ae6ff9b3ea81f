// Builds what is stale. A target is stale when the content of its inputs is not what it was last built from.
// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { requireWritable } from './install.mjs';
import { filesBelow, inRoot, ROOT } from './root.mjs';
import { nodeProgram, runQuietly } from './run.mjs';
import { diskFullSentence, StepFailure, takeBack } from './step-failure.mjs';

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
  inputs: [...COMMON, 'packages/protocol', 'packages/sfu', 'packages/server'],
  outputs: [
    'packages/protocol/dist/index.js',
    'packages/sfu/dist/index.js',
    'packages/server/dist/main.js',
    'packages/server/dist/sfu/worker.js',
  ],
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

/**
 * Builds those targets that are stale, one after the other.
 * @param {readonly Target[]} targets
 * @throws {StepFailure} when one cannot be built
 */
export async function build(targets) {
  const stale = targets.filter((target) => isStale(target));
  if (stale.length === 0) return;
  requireWritable();
  console.error(`Building ${stale.map((target) => target.name).join(', ')}…`);
  for (const target of stale) await buildOne(target);
}

/** @param {Target} target */
async function buildOne(target) {
  // What is half built must not look built, whatever ends us in between.
  rmSync(stampOf(target), { force: true });
  const hash = hashOf(target);
  const [command, args] = target.command();
  const { status, output } = await runQuietly(command, args);
  if (status !== 0) throw new StepFailure(buildSentence(target, output), output);
  stamp(target, hash);
}

/** @param {Target} target @param {string} output */
function buildSentence(target, output) {
  if (/E(ACCES|PERM|ROFS)\b/.test(output)) {
    return `The ${target.name} cannot be built because a file of the project cannot be written, as said above: ${takeBack()}.`;
  }
  if (/ENOSPC\b/.test(output)) return diskFullSentence();
  return `The ${target.name} could not be built, for the reason above.`;
}

/** @param {Target} target @param {string} [root] */
export function isStale(target, root = ROOT) {
  const path = stampOf(target, root);
  if (!existsSync(path) || target.outputs.some((output) => !existsSync(inRoot(output, root)))) return true;
  return readFileSync(path, 'utf8') !== hashOf(target, root);
}

/**
 * Keeps what a target was built from, so that it is stale no longer.
 * @param {Target} target @param {string} hash of its inputs as they were before the build @param {string} [root]
 */
export function stamp(target, hash, root = ROOT) {
  mkdirSync(inRoot(STAMPS, root), { recursive: true });
  writeFileSync(stampOf(target, root), hash);
}

/** @param {Target} target @param {string} [root] */
function stampOf(target, root = ROOT) {
  return inRoot(`${STAMPS}/${target.name.replaceAll(' ', '-')}`, root);
}

/** The content of a target's inputs. @param {Target} target @param {string} [root] */
export function hashOf(target, root = ROOT) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of target.inputs.flatMap((path) => filesBelow(path, NOT_INPUTS, root))) {
    hash.update(`\0${file}\0`).update(readFileSync(inRoot(file, root)));
  }
  return hash.digest('hex');
}

/** @param {[string, string[]]} program @param {string[]} more @returns {[string, string[]]} */
function extend([command, args], more) {
  return [command, [...args, ...more]];
}
