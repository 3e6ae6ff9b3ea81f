// What `npm start` and `npm test` look at before they install: the version of Node, and what is in node_modules.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { installSentence, isInstalled } from '../../scripts/steps/install.mjs';
import { isNodeTooOld, nodeTooOldSentence } from '../../scripts/steps/node-version.mjs';
import { isFor } from '../../scripts/steps/platform.mjs';
import { readProjectFile } from './support/project.js';
import { type TemporaryProject, temporaryProject } from './support/temporary-project.js';

const HERE = { os: 'linux', cpu: 'x64', libc: 'glibc' } as const;

let project: TemporaryProject;
beforeEach(() => {
  project = temporaryProject();
});
afterEach(() => project.remove());

test.each(['12.22.12', '18.20.0', '20.0.0', '20.18.3', '21.0.0', '21.7.3', '22.0.0', '22.11.0'])(
  'Node %s is refused',
  (version) => expect(isNodeTooOld(version)).toBe(true),
);

test.each(['20.19.0', '20.20.2', '22.12.0', '22.20.1', '23.0.0', '24.3.0', '100.0.0'])(
  'Node %s is good',
  (version) => expect(isNodeTooOld(version)).toBe(false),
);

test('the refusal names this Node, those that do, and what to type afterwards', () => {
  const sentence = nodeTooOldSentence('npm start', '21.7.3');
  for (const said of ['20.19', '22.12', '21.7.3', '`npm start`', 'https://nodejs.org']) {
    expect(sentence).toContain(said);
  }
});

test('the manifests name the same Nodes, and they are among those that Vite runs on', () => {
  const engines = (path: string): unknown => JSON.parse(readProjectFile(path)).engines.node;
  const locked = JSON.parse(readProjectFile('package-lock.json')).packages;
  expect(engines('package.json')).toBe('^20.19.0 || >=22.12.0');
  expect(engines('packages/server/package.json')).toBe(engines('package.json'));
  expect(locked[''].engines.node).toBe(engines('package.json'));
  expect(locked['node_modules/vite'].engines.node).toBe(engines('package.json'));
});

type Packages = Record<string, Record<string, unknown>>;

const RUNTIME = { version: '1.0.0', integrity: 'sha512-a' };
const NATIVE = { version: '1.0.0', integrity: 'sha512-b', optional: true, os: ['linux'], libc: ['glibc'] };
const LOCKED: Packages = {
  '': { version: '0.1.0' },
  'packages/server': { version: '0.1.0' },
  'node_modules/runtime': RUNTIME,
  'node_modules/tool': { version: '2.0.0', integrity: 'sha512-c', dev: true },
  'node_modules/native-x64': { ...NATIVE, cpu: ['x64'] },
  'node_modules/native-arm64': { ...NATIVE, cpu: ['arm64'] },
  'node_modules/native-x64-musl': { ...NATIVE, cpu: ['x64'], libc: ['musl'] },
  'node_modules/of-native': { version: '1.0.0', optional: true },
};

function lock(packages: Packages): void {
  project.write('package-lock.json', JSON.stringify({ packages }));
}

/** Puts the packages there as npm does, its record last. */
function put(...names: readonly string[]): void {
  const paths = names.map((name) => `node_modules/${name}`);
  for (const path of paths) project.write(`${path}/package.json`, '{}');
  const packages = Object.fromEntries(paths.map((path) => [path, LOCKED[path]]));
  project.write('node_modules/.package-lock.json', JSON.stringify({ packages }));
}

const installed = (mode: 'runtime' | 'full', platform: Parameters<typeof isFor>[1] = HERE) =>
  isInstalled(mode, project.root, platform);

test('nothing is installed in a fresh clone', () => {
  lock(LOCKED);
  expect(installed('runtime')).toBe(false);
});

test('an installation without test tools is enough to start, not to test', () => {
  lock(LOCKED);
  put('runtime', 'native-x64');
  expect(installed('runtime')).toBe(true);
  expect(installed('full')).toBe(false);
  put('runtime', 'native-x64', 'tool');
  expect(installed('full')).toBe(true);
});

test('an interrupted installation is none', () => {
  lock(LOCKED);
  put('runtime', 'native-x64');
  project.write('node_modules/.package-lock.json', '{"packages": {"node_modules/run');
  expect(installed('runtime')).toBe(false);
});

test('a package that was deleted by hand is missed', () => {
  lock({ ...LOCKED, 'node_modules/other': RUNTIME });
  put('runtime', 'native-x64');
  const packages = { ...LOCKED, 'node_modules/other': RUNTIME };
  project.write('node_modules/.package-lock.json', JSON.stringify({ packages }));
  expect(installed('runtime')).toBe(false);
});

test.each([{ version: '1.0.1' }, { integrity: 'sha512-z' }])(
  'a lock file that changed to %o is seen',
  (change) => {
    put('runtime', 'native-x64');
    lock({ ...LOCKED, 'node_modules/runtime': { ...RUNTIME, ...change } });
    expect(installed('runtime')).toBe(false);
  },
);

test.each([
  { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { os: 'linux', cpu: 'x64', libc: 'musl' },
])('the native parts of another platform are not those of %o', (other) => {
  lock(LOCKED);
  put('runtime', 'native-x64');
  expect(installed('runtime', HERE)).toBe(true);
  expect(installed('runtime', other)).toBe(false);
});

test('what is made for no platform in use is not missed', () => {
  lock(LOCKED);
  put('runtime');
  expect(installed('runtime', { os: 'darwin', cpu: 'arm64', libc: null })).toBe(true);
});

test.each([
  [{ os: ['!win32'] }, true],
  [{ os: ['!linux'] }, false],
  [{ os: ['linux', 'darwin'], cpu: ['x64'] }, true],
  [{ os: ['darwin'] }, false],
  [{ cpu: ['any'] }, true],
  [{ libc: ['musl'] }, false],
  [{}, true],
])('a package for %o is for Linux on x64 with glibc: %s', (made, expected) => {
  expect(isFor(made, HERE)).toBe(expected);
});

test.each([
  ['npm error code EACCES\nnpm error syscall mkdir', 'cannot be written'],
  ['npm error code EROFS', 'cannot be written'],
  ['npm error code ENOSPC', 'disk is full'],
  ['npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org', 'check the network'],
  ['npm error code EAI_AGAIN', 'check the network'],
  ['npm error code EINTEGRITY', 'npm says above why'],
])('an installation that fails with %j ends in a sentence: %s', (output, said) => {
  expect(installSentence(output)).toContain(said);
  expect(installSentence(output)).not.toContain('\n');
});
