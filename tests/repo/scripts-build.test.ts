// When a build is stale, and what is said when the system refuses a file.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf, isStale, stamp } from '../../scripts/steps/build.mjs';
import { refusedFile, StepFailure } from '../../scripts/steps/step-failure.mjs';
import { type TemporaryProject, temporaryProject } from './support/temporary-project.js';

const TARGET = {
  name: 'small thing',
  inputs: ['lock.json', 'src'],
  outputs: ['dist/index.js'],
  command: (): [string, string[]] => ['node', []],
};

let project: TemporaryProject;
const stale = () => isStale(TARGET, project.root);

beforeEach(() => {
  project = temporaryProject();
  project.write('lock.json', '{}');
  project.write('src/index.ts', 'export {};');
  project.write('src/deep/part.ts', 'export const part = 1;');
  project.write('dist/index.js', 'export {};');
  stamp(TARGET, hashOf(TARGET, project.root), project.root);
});
afterEach(() => project.remove());

test('what was built from the same files is not stale, whatever their dates', () => {
  expect(stale()).toBe(false);
  project.write('src/index.ts', 'export {};');
  expect(stale()).toBe(false);
});

test('what was never built is stale', () => {
  rmSync(join(project.root, 'node_modules'), { recursive: true });
  expect(stale()).toBe(true);
});

test.each([
  ['changed', () => project.write('src/deep/part.ts', 'export const part = 2;')],
  ['new', () => project.write('src/deep/other.ts', '')],
  ['deleted', () => rmSync(join(project.root, 'src/deep/part.ts'))],
  [
    'renamed',
    () => {
      rmSync(join(project.root, 'src/deep/part.ts'));
      project.write('src/deep/parts.ts', 'export const part = 1;');
    },
  ],
  ['beside a folder and changed', () => project.write('lock.json', '{"lockfileVersion":3}')],
])('an input that is %s makes it stale', (_, change) => {
  change();
  expect(stale()).toBe(true);
});

test('tests, builds and dependencies of an input do not make it stale', () => {
  for (const folder of ['test', 'dist', 'node_modules']) project.write(`src/${folder}/other.ts`, 'other');
  expect(stale()).toBe(false);
});

test('an output that is gone makes it stale', () => {
  rmSync(join(project.root, 'dist'), { recursive: true });
  expect(stale()).toBe(true);
});

const failure = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: refused`), { code, syscall: 'open', ...more });

test.each(['EACCES', 'EPERM', 'EROFS'])('%s of a file of the project says how to take it back', (code) => {
  const path = join(project.root, 'node_modules/.cache/maru/server');
  const told = refusedFile(failure(code, { path }), project.root);
  expect(told).toBeInstanceOf(StepFailure);
  expect(told?.message).toContain(path);
  expect(told?.message).toMatch(/sudo chown|give yourself the right/);
});

test('a file elsewhere is not taken for one of the project', () => {
  const told = refusedFile(failure('EACCES', { path: `${project.root}-other/file` }), project.root);
  expect(told?.message).toContain('-other/file');
  expect(told?.message).not.toContain('chown');
});

test('a full disk is said to be full', () => {
  expect(refusedFile(failure('ENOSPC'))?.message).toContain('The disk is full');
});

test.each([
  ['a bug', new TypeError('undefined is not a function')],
  ['a file that is missing', failure('ENOENT')],
  ['a program that cannot be started', failure('EACCES', { syscall: 'spawn node', path: 'node' })],
  ['what is no error', 'EACCES'],
])('%s is no refusal of a file', (_, error) => {
  expect(refusedFile(error)).toBeNull();
});

test('a file where a folder is wanted is no refusal: that is ours to mend', () => {
  let thrown: unknown;
  try {
    writeFileSync(join(project.root, 'lock.json', 'inside'), '');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'ENOTDIR' });
  expect(refusedFile(thrown, project.root)).toBeNull();
});
