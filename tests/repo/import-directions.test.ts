// Imports point one way: apps/web -> client -> protocol <- server -> sfu; each package declares what it imports.

import { isBuiltin } from 'node:module';
import { expect, test } from 'vitest';
import { readProjectFile, sourceFiles } from './support/project.js';

/** Which of our own packages each may import. */
const ALLOWED = {
  'packages/protocol': [],
  'packages/client': ['@maru/protocol'],
  'packages/sfu': [],
  'packages/server': ['@maru/protocol', '@maru/sfu'],
  'apps/web': ['@maru/protocol', '@maru/client'],
} as const satisfies Record<string, readonly string[]>;

const PACKAGES = Object.keys(ALLOWED) as (keyof typeof ALLOWED)[];
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g;

function imports(path: string): readonly string[] {
  return [...readProjectFile(path).matchAll(IMPORT)].map((match) => match[2] ?? '');
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function importsOf(folder: string): readonly { file: string; specifier: string }[] {
  return sourceFiles()
    .filter((path) => path.startsWith(`${folder}/src/`))
    .flatMap((file) => imports(file).map((specifier) => ({ file, specifier })));
}

test.each(PACKAGES)('%s imports only what points its way', (folder) => {
  const allowed: readonly string[] = ALLOWED[folder];
  const wrong = importsOf(folder).filter(
    ({ specifier }) => specifier.startsWith('@maru/') && !allowed.includes(packageName(specifier)),
  );
  expect(wrong).toEqual([]);
});

test.each(PACKAGES)('%s never reaches into another folder', (folder) => {
  const wrong = importsOf(folder).filter(({ file, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    return !new URL(specifier, `file:///${file}`).pathname.startsWith(`/${folder}/`);
  });
  expect(wrong).toEqual([]);
});

test.each(PACKAGES)(
  '%s declares what it imports, and imports nothing of Node unless it runs there',
  (folder) => {
    const manifest: { dependencies?: Record<string, string> } = JSON.parse(
      readProjectFile(`${folder}/package.json`),
    );
    const declared = new Set(Object.keys(manifest.dependencies ?? {}));
    const wrong = importsOf(folder).filter(({ specifier }) => {
      if (/^[./]/.test(specifier)) return false;
      if (isBuiltin(specifier)) return folder !== 'packages/server' && folder !== 'packages/sfu';
      return !declared.has(packageName(specifier));
    });
    expect(wrong).toEqual([]);
  },
);

test('every dependency is pinned to one version', () => {
  const loose = ['.', ...PACKAGES].flatMap((folder) => {
    const manifest = JSON.parse(readProjectFile(`${folder === '.' ? '' : `${folder}/`}package.json`));
    const all: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies };
    return Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  });
  expect(loose).toEqual([]);
});
