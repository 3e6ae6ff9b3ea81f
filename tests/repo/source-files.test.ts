// What every file of the code keeps to: its size, its first line, nothing left undone, nothing of one machine.

import { expect, test } from 'vitest';
import { projectFiles, readProjectFile, sourceFiles } from './support/project.js';

/** No file is longer than this; the aim is a fifth of it (CONTRIBUTING.md). */
const LONGEST_FILE = 600;
/** Of all files at most one in ten is longer than this. */
const LONG_FILE = 350;
const MEDIAN_FILE = 120;

const lengths = () =>
  sourceFiles()
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .map((path) => ({ path, lines: readProjectFile(path).split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);

const textFiles = () =>
  projectFiles().filter((path) => /\.(ts|tsx|mjs|js|json|css|html|svg|md|yml|sh)$|^\.ci\//.test(path));

test('no file is long, and most are short', () => {
  const all = lengths();
  expect(all.filter(({ lines }) => lines > LONGEST_FILE)).toEqual([]);
  expect(all[Math.floor(all.length / 2)]?.lines).toBeLessThanOrEqual(MEDIAN_FILE);
  expect(all.filter(({ lines }) => lines > LONG_FILE).length).toBeLessThanOrEqual(all.length / 10);
});

test('the first line of each file says what it is', () => {
  const silent = sourceFiles().filter((path) => !/^(#!.*\n)?(\/\/|\/\*) ?\S/.test(readProjectFile(path)));
  expect(silent).toEqual([]);
});

test('nothing is left undone', () => {
  // Put together, so that this file does not find itself.
  const undone = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
  expect(textFiles().filter((path) => undone.test(readProjectFile(path)))).toEqual([]);
});

test('no test is skipped, focused or expected to fail', () => {
  const marks = /\b(test|it|describe)\.(skip|only|todo|fails|skipIf|runIf)\b/;
  const here = 'tests/repo/source-files.test.ts';
  const marked = sourceFiles().filter((path) => path !== here && marks.test(readProjectFile(path)));
  expect(marked).toEqual([]);
});

test('no path of somebody’s machine is in a file', () => {
  const machine = /(^|[^\w./-])\/(home|root|Users|work|mnt)\/[\w.-]/m;
  const here = 'tests/repo/source-files.test.ts';
  const marked = textFiles().filter((path) => path !== here && machine.test(readProjectFile(path)));
  expect(marked).toEqual([]);
});
