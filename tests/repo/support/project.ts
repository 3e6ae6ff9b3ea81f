// The project's own files, as tests of the repository read them.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

// Read from the folders rather than asked of git: the tests also run where only the files were copied to.
const IGNORED = new Set([
  '.git',
  ...readProjectFile('.gitignore')
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#')),
]);

/** Every file of the project that is not ignored, relative to the project's folder, in stable order. */
export function projectFiles(folder = ''): readonly string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder + entry.name;
      if (IGNORED.has(entry.name) || IGNORED.has(path) || entry.name.endsWith('.tsbuildinfo')) return [];
      return entry.isDirectory() ? projectFiles(`${path}/`) : [path];
    });
}

/** The text of one file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

/** TypeScript and JavaScript that people wrote. */
export function sourceFiles(): readonly string[] {
  return projectFiles().filter((path) => /\.(ts|tsx|mjs|cjs|js)$/.test(path));
}

/** The files of every test. */
export function testFiles(): readonly string[] {
  return projectFiles().filter((path) => /\.test\.tsx?$/.test(path));
}
