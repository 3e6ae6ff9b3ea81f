// The documents: both READMEs say the same, every link leads somewhere, the configuration table is the server's own.

import { expect, test } from 'vitest';
import { markdownTable } from '../../packages/server/src/config/describe.js';
import { codeBlocks, codes, headingLevels, linkTargets, section, tables } from './support/markdown.js';
import { projectFiles, readProjectFile } from './support/project.js';

const english = readProjectFile('README.md');
const korean = readProjectFile('README.ko.md');

const DOCUMENTS = projectFiles().filter((path) => /\.md$/.test(path));

test('both READMEs have the same sections, in the same order', () => {
  expect(headingLevels(korean)).toEqual(headingLevels(english));
});

test('both READMEs show the same commands and code', () => {
  expect(codeBlocks(english).length).toBeGreaterThan(3);
  expect(codeBlocks(korean)).toEqual(codeBlocks(english));
});

test('both READMEs have the same tables with the same keys', () => {
  const keys = (page: string) => tables(page).map((rows) => rows.map((row) => codes(row[0] ?? '')));
  expect(keys(english).flat().length).toBeGreaterThan(5);
  expect(keys(korean)).toEqual(keys(english));
});

test('the configuration table is the one of the server', () => {
  expect(english).toContain(markdownTable());
});

test('both READMEs lead to the same places, but for each other', () => {
  const others = (page: string) =>
    linkTargets(page)
      .filter((target) => !/^README(\.ko)?\.md$/.test(target))
      // A page that there is in Korean too is linked to in the reader's language.
      .map((target) => target.replace(/\.ko\.md$/, '.md'));
  expect(others(korean)).toEqual(others(english));
});

test.each(DOCUMENTS)('the links of %s that stay in the project lead to a file', (path) => {
  const files = new Set(projectFiles());
  const dead = linkTargets(readProjectFile(path)).filter((target) => {
    if (/^[a-z]+:|^#/.test(target)) return false;
    const resolved = new URL(target, `file:///${path}`).pathname.slice(1);
    return (
      !files.has(resolved) && ![...files].some((file) => file.startsWith(`${resolved.replace(/\/$/, '')}/`))
    );
  });
  expect(dead).toEqual([]);
});

test('ARCHITECTURE.md gives the reason of each dependency', () => {
  const manifests = projectFiles().filter((path) =>
    /(^|^packages\/[^/]+\/|^apps\/[^/]+\/)package\.json$/.test(path),
  );
  const names = manifests.flatMap((path) => {
    const { dependencies, devDependencies } = JSON.parse(readProjectFile(path));
    return Object.keys({ ...dependencies, ...devDependencies });
  });
  const rows = tables(section(readProjectFile('ARCHITECTURE.md'), 'Dependencies') ?? '').flat();
  const explained = new Set(rows.flatMap(([packages = '']) => packages.split(', ')));
  expect(manifests.length).toBeGreaterThan(4);
  expect(names.filter((name) => !name.startsWith('@maru/') && !explained.has(name))).toEqual([]);
});
